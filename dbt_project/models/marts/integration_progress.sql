{{
    config(
        post_hook="{{ create_table_macro('integration_progress_as_of', integration_progress_in_use()) }}"
    )
}}

-- depends_on: {{ ref('fct_observation') }}
{{
    progress_of(
        ref("int_change"),
        ref("int_current_vintage"),
        ref("dim_indicator"),
        ref("dim_area"),
        "(select max(as_of_date) from " ~ ref("build_info") ~ ")",
    )
}}
