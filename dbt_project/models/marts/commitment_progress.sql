{{ config(post_hook="{{ create_table_macro('commitment_progress_as_of', commitment_progress_in_use()) }}") }}

with
    progress as (
        {{
            commitment_progress_on(
                "(select max(as_of_date) from " ~ ref("build_info") ~ ")",
                {
                    "fct_commitment": ref("fct_commitment"),
                    "fct_observation": ref("fct_observation"),
                    "fct_event": ref("fct_event"),
                    "dim_indicator": ref("dim_indicator"),
                },
            )
        }}
    )

select *
from progress
