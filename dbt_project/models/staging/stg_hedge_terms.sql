with
    source as (select * from {{ source("raw", "hedge_terms") }}),

    renamed as (
        select
            -- ids
            hedge_id,

            -- texts
            term,
            position,
            value_qualifier,
            lower_basis,
            upper_basis,
            not_in,
            comment,
            seed_file,

            -- numbers
            step_multiple,
            pct_of_value,
            min_step,
            order_low,
            order_high,
            seed_line
        from source
    )

select *
from renamed
