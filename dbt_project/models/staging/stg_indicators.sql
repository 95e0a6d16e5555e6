with
    source as (select * from {{ source("raw", "indicators") }}),

    renamed as (
        select
            -- ids
            indicator_id,
            domain_id,
            unit_measure,

            -- texts
            name_zh,
            name_en,
            definition_zh,
            definition_en,
            direction,
            stock_flow,
            freq,
            price_basis,
            unit_zh,
            unit_en,
            aliases,
            owner,
            limitations,
            seed_file,

            -- numbers
            is_headline,
            min_value,
            max_value,
            preliminary_months,
            seed_line
        from source
    )

select *
from renamed
