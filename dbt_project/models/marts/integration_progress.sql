{{
    config(
        post_hook="{{ create_table_macro('integration_progress_as_of', integration_progress_in_use()) }}"
    )
}}

with
    progress as (
        {{
            progress_on(
                as_of_date(),
                {
                    "integration_progress_history": ref("integration_progress_history"),
                    "fct_observation": ref("fct_observation"),
                    "dim_indicator": ref("dim_indicator"),
                    "dim_area": ref("dim_area"),
                },
            )
        }}
    )

select *
from progress
order by ref_area, indicator_id, series_id
