with
    claims as (select * from {{ ref("stg_claims") }}),
    bounds as (select * from {{ ref("int_figure_bounds") }}),
    indicators as (select * from {{ ref("stg_indicators") }}),
    units as (select * from {{ ref("stg_units") }}),
    sources as (select * from {{ ref("stg_sources") }}),
    known_by as (select * from {{ ref("int_source_evidence") }}),

    joined as (
        select
            claims.claim_id,
            claims.source_id,
            claims.indicator_id,
            indicators.domain_id,
            claims.ref_area,
            claims.breakdown,
            claims.time_period_start,
            claims.time_period_end,
            sources.date_published,
            claims.observation_id,
            claims.claim_type,
            claims.value_text,
            bounds.stated_value as factor,
            bounds.form,
            bounds.sign,
            bounds.numerator,
            bounds.denominator,
            bounds.value_qualifier,
            bounds.lower_bound,
            bounds.lower_closed,
            bounds.upper_bound,
            bounds.upper_closed,
            bounds.lower_basis,
            bounds.upper_basis,
            bounds.bound_basis,
            bounds.stated_lower_bound,
            bounds.stated_lower_closed,
            bounds.stated_upper_bound,
            bounds.stated_upper_closed,
            bounds.bound_rule,
            claims.base_text,
            claims.base_period_start,
            claims.base_period_end,
            claims.comparison,
            claims.whole_indicator_id,
            claims.whole_ref_area,
            claims.whole_commitment_id,
            claims.price_basis,
            indicators.price_basis as level_price_basis,
            indicators.stock_flow,
            indicators.direction,
            indicators.unit_measure as indicator_unit,
            units.dimension,
            claims.locator,
            {{ line_of("claims.locator") }} as line,
            claims.initiative_id,
            claims.comment,
            known_by.evidence,
            known_by.host_quality
        from claims
        left join bounds on bounds.figure_type = 'CLAIM' and bounds.figure_id = claims.claim_id
        left join indicators on indicators.indicator_id = claims.indicator_id
        left join units on units.unit_measure = indicators.unit_measure
        left join sources on sources.source_id = claims.source_id
        left join known_by on known_by.source_id = claims.source_id
    ),

    -- The digits of a fraction end before nine places do: its two sides say it exactly.
    with_sides as (
        select
            *,
            case
                when factor is not null then case when form = 'FRACTION' then sign * numerator else factor end
            end as factor_numerator,
            case
                when factor is not null
                then case when form = 'FRACTION' then denominator else cast(1 as decimal(38, 9)) end
            end as factor_denominator
        from joined
    ),

    -- What it is held against. A share whose whole nobody names is tested only where the indicator is that
    -- share.
    with_test as (
        select
            *,
            case
                when claim_type = 'RANK'
                then 'RANKING'
                when claim_type <> 'SHARE'
                then 'BASE'
                when whole_commitment_id is not null
                then 'PLAN'
                when whole_indicator_id is not null or whole_ref_area is not null
                then 'WHOLE'
                when dimension = 'SHARE'
                then 'SHARE'
                when breakdown <> '_T'
                then 'WHOLE'
            end as claim_test
        from with_sides
    )

select *
from with_test
