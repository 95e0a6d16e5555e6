with indicators as (select * from {{ ref("stg_indicators") }})

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
    price_basis
from indicators
