with
    source as (select * from {{ source("raw", "token") }}),

    renamed as (
        select
            -- ids
            value_text,
            hedge_id,

            -- texts
            value_qualifier,
            form,
            noun,

            -- numbers
            v,
            u,
            d,
            v_to,
            u_to,
            d_to,
            numerator,
            denominator,
            sign
        from source
    )

select *
from renamed
