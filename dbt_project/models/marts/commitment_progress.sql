{{ config(post_hook="{{ create_table_macro('commitment_progress_as_of', commitment_progress_in_use()) }}") }}

with
    states as (select * from {{ ref("int_commitment_progress") }}),

    holding as (select *, {{ as_of_date() }} as as_of_date from states where {{ valid_on(as_of_date()) }})

select *
from holding
