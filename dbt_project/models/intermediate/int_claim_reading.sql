{#- Only a quotient is zero whatever it is divided by. -#}
{% set zero_low = "case when claim_type <> 'PP_CHANGE' then level_low end" %}
{% set zero_high = "case when claim_type <> 'PP_CHANGE' then level_high end" %}
{% set ends = ["low", "low_closed", "high", "high_closed"] %}
with
    claims as (select * from {{ ref("int_claim") }}),
    witnesses as (select * from {{ ref("int_claim_witness") }}),
    rankings as (select * from {{ ref("int_claim_ranking") }}),
    observations as (select * from {{ ref("fct_observation") }}),
    commitments as (select *, {{ commitment_version_id() }} as figure_id from {{ ref("stg_commitments") }}),
    bounds as (select * from {{ ref("int_figure_bounds") }}),
    units as (select * from {{ ref("stg_units") }}),

    wanted as (
        select level_observation_id as figure_id
        from witnesses
        union
        select compared_observation_id as figure_id
        from witnesses
        union
        select compared_commitment_id as figure_id
        from witnesses
    ),

    recorded as (
        select
            'OBSERVATION' as figure_type,
            observation_id as figure_id,
            unit_measure,
            obs_value as value,
            lower_bound,
            lower_closed,
            upper_bound,
            upper_closed,
            stated_lower_bound,
            stated_lower_closed,
            stated_upper_bound,
            stated_upper_closed
        from observations
        union all
        select
            'COMMITMENT' as figure_type,
            commitments.figure_id,
            commitments.unit_measure,
            commitments.target_value as value,
            bounds.lower_bound,
            bounds.lower_closed,
            bounds.upper_bound,
            bounds.upper_closed,
            bounds.stated_lower_bound,
            bounds.stated_lower_closed,
            bounds.stated_upper_bound,
            bounds.stated_upper_closed
        from commitments
        join bounds on bounds.figure_type = 'COMMITMENT' and bounds.figure_id = commitments.figure_id
    ),

    figures as (
        select recorded.*, units.base_unit, units.factor_num, units.factor_den
        from recorded
        join wanted on wanted.figure_id = recorded.figure_id
        left join units on units.unit_measure = recorded.unit_measure
    ),

    -- One row per reading: the ends as our policy closes them, and those that it presumes left open.
    readings as (
        {% for reading, prefix in [("POLICY", ""), ("STATED", "stated_")] -%}
            select
                '{{ reading }}' as reading,
                figure_type,
                figure_id,
                unit_measure,
                base_unit,
                value,
                {{ prefix }}lower_bound as low,
                {{ prefix }}lower_closed as low_closed,
                {{ prefix }}upper_bound as high,
                {{ prefix }}upper_closed as high_closed,
                {{ in_base_unit("value", "half_up") }} as base_value,
                {{ in_base_unit(prefix ~ "lower_bound", "down") }} as base_low,
                {{ in_base_unit(prefix ~ "upper_bound", "up") }} as base_high
            from figures {{ "union all" if not loop.last }}
        {% endfor %}
    ),

    claim_readings as (
        {% for reading, prefix in [("POLICY", ""), ("STATED", "stated_")] -%}
            select
                '{{ reading }}' as reading,
                claim_id,
                claim_type,
                factor,
                factor_numerator,
                factor_denominator,
                {{ prefix }}lower_bound as factor_low,
                {{ prefix }}lower_closed as factor_low_closed,
                {{ prefix }}upper_bound as factor_high,
                {{ prefix }}upper_closed as factor_high_closed
            from claims {{ "union all" if not loop.last }}
        {% endfor %}
    ),

    -- Two units of one dimension meet in their base unit.
    joined as (
        select
            claim_readings.*,
            witnesses.claim_test,
            witnesses.level_observation_id,
            witnesses.compared_observation_id,
            witnesses.compared_commitment_id,
            witnesses.is_other_price,
            witnesses.is_other_definition or witnesses.is_of_unknown_start as is_near,
            witnesses.is_own_witness or coalesce(rankings.is_all_in_own_line, false) as is_own_witness,
            {% for side in ["level", "compared"] -%}
                case
                    when level.unit_measure <> compared.unit_measure
                    then {{ side }}.base_unit
                    else {{ side }}.unit_measure
                end as {{ side }}_unit,
                case
                    when level.unit_measure <> compared.unit_measure
                    then {{ side }}.base_value
                    else {{ side }}.value
                end as {{ side }},
                {% for end in ["low", "high"] -%}
                    case
                        when level.unit_measure <> compared.unit_measure
                        then {{ side }}.base_{{ end }}
                        else {{ side }}.{{ end }}
                    end as {{ side }}_{{ end }},
                    {{ side }}.{{ end }}_closed as {{ side }}_{{ end }}_closed,
                {% endfor -%}
            {% endfor -%}
            rankings.rank_low,
            rankings.rank_high
        from claim_readings
        join witnesses on witnesses.claim_id = claim_readings.claim_id
        left join
            rankings
            on rankings.claim_id = claim_readings.claim_id
            and rankings.reading = claim_readings.reading
        left join
            readings as level
            on level.figure_id = witnesses.level_observation_id
            and level.figure_type = 'OBSERVATION'
            and level.reading = claim_readings.reading
        left join
            readings as compared
            on compared.figure_id
            = coalesce(witnesses.compared_observation_id, witnesses.compared_commitment_id)
            and compared.figure_type
            = case when witnesses.compared_observation_id is null then 'COMMITMENT' else 'OBSERVATION' end
            and compared.reading = claim_readings.reading
    ),

    -- A threshold (more than 10 000) is no value to divide: a point needs both ends of what it is made of.
    with_expected as (
        select
            *,
            factor_low is not null
            and factor_high is not null
            and level_low is not null
            and level_high is not null as is_base_bounded,
            level_low is not null
            and level_high is not null
            and compared_low is not null
            and compared_high is not null as is_found_bounded,
            coalesce(
                level_low >= 0
                and coalesce(
                    compared_low >= 0, compared_observation_id is null and compared_commitment_id is null
                ),
                false
            ) as is_ratio_scale,
            {{ expected_factor("factor", "half_up") }} as expected,
            {{ expected_factor("factor_low", "down") }} as expected_low,
            factor_low_closed as expected_low_closed,
            {{ expected_factor("factor_high", "up") }} as expected_high,
            factor_high_closed as expected_high_closed
        from joined
    ),

    -- A recorded share and a rank are found as they are; everything else is made of two figures. Growth at
    -- constant prices implies no amount at current ones.
    with_results as (
        select
            *,
            case when is_base_bounded and not is_other_price then {{ exact_base() }} end as implied_base,
            case
                when claim_test <> 'RANKING' and not is_other_price
                then {{ level_against("expected", "down") }}
            end as implied_base_low,
            case
                when claim_test <> 'RANKING' and not is_other_price then {{ level_against("expected", "up") }}
            end as implied_base_high,
            case
                when claim_test = 'RANKING'
                then case when rank_low = rank_high then rank_low end
                when claim_test = 'SHARE'
                then compared
                when is_found_bounded
                then {{ level_against("compared", "half_up") }}
            end as found,
            case
                claim_test
                when 'RANKING'
                then rank_low
                when 'SHARE'
                then compared_low
                else {{ level_against("compared", "down") }}
            end as found_low,
            case
                claim_test
                when 'RANKING'
                then rank_high
                when 'SHARE'
                then compared_high
                else {{ level_against("compared", "up") }}
            end as found_high
        from with_expected
    ),

    with_closed as (
        select
            *,
            {{ closed_end("implied_base_low", "level_low_closed", "expected_high_closed", zero_low) }}
            as implied_base_low_closed,
            {{ closed_end("implied_base_high", "level_high_closed", "expected_low_closed", zero_high) }}
            as implied_base_high_closed,
            case
                claim_test
                when 'RANKING'
                then case when rank_low is not null then true end
                when 'SHARE'
                then compared_low_closed
                else {{ closed_end("found_low", "level_low_closed", "compared_high_closed", zero_low) }}
            end as found_low_closed,
            case
                claim_test
                when 'RANKING'
                then case when rank_high is not null then true end
                when 'SHARE'
                then compared_high_closed
                else {{ closed_end("found_high", "level_high_closed", "compared_low_closed", zero_high) }}
            end as found_high_closed
        from with_results
    ),

    -- What the figures alone say; a figure of nearly the same thing settles nothing, and neither the line
    -- itself nor a share told once more is a second witness.
    with_verdict as (
        select
            *,
            case
                when is_other_price
                then 'UNTESTABLE'
                when
                    (found_low is null and found_high is null)
                    or (expected_low is null and expected_high is null)
                then 'UNTESTABLE'
                when coalesce({{ found_inside() }}, false)
                then
                    case
                        when is_near or is_own_witness or claim_test = 'SHARE'
                        then 'CONSISTENT'
                        else 'CONFIRMED'
                    end
                when coalesce({{ found_apart() }}, false)
                then case when is_near then 'UNTESTABLE' else 'REFUTED' end
                else 'CONSISTENT'
            end as verdict
        from with_closed
    )

select *
from with_verdict
