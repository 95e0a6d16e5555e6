with
    source as (select * from {{ source("raw", "hedge_terms") }}),

    renamed as (
        select
            -- ids
            hedge_id,

            -- texts
            term,
            role,
            position,
            value_qualifier,
            lower_basis,
            upper_basis,
            states_unit,
            not_in,
            comment,
            seed_file,

            -- numbers
            step_multiple,
            pct_of_value,
            min_step,
            order_low,
            order_high,
            states,
            states_place,
            seed_line
        from source
    )

select *
from renamed
