with
    indicators as (select * from {{ ref("stg_indicators") }}),

    units as (select * from {{ ref("dim_unit") }}),

    with_unit_names as (
        select
            indicators.*,
            coalesce(indicators.unit_zh, units.name_zh) as counted_zh,
            coalesce(indicators.unit_en, units.name_en) as counted_en
        from indicators
        join units using (unit_measure)
    )

select
    indicator_id,
    name_zh,
    name_en,
    definition_zh,
    definition_en,
    domain_id,
    unit_measure,
    direction,
    stock_flow,
    freq,
    is_headline,
    min_value,
    max_value,
    owner,
    limitations,
    price_basis,
    counted_zh as unit_zh,
    counted_en as unit_en,
    preliminary_months,
    aliases
from with_unit_names
