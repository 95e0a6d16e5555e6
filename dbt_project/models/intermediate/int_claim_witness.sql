{%- set witness = ["observation_id", "source_id", "line", "evidence", "is_estimate"] -%}
with
    levels as (select * from {{ ref("int_claim_level") }}),
    observations as (select * from {{ ref("fct_observation") }}),
    tellings as (select * from {{ ref("int_telling") }}),
    indicators as (select * from {{ ref("stg_indicators") }}),
    commitments as (select *, {{ commitment_version_id() }} as figure_id from {{ ref("stg_commitments") }}),
    sources as (select * from {{ ref("stg_sources") }}),
    units as (select * from {{ ref("stg_units") }}),

    replaced as (
        select distinct series_id, time_period_end from observations where vintage_status = 'REPLACED'
    ),

    -- Since when a figure holds in the place of another telling of its period.
    revised as (
        select observations.observation_id, observations.realtime_start as revised_on
        from observations
        join
            replaced
            on replaced.series_id = observations.series_id
            and replaced.time_period_end = observations.time_period_end
        where observations.is_current_vintage
    ),

    -- An estimate holds until something better is told, but bears witness to nothing.
    current_figures as (
        select *, {{ line_of("locator") }} as line, coalesce(obs_status = 'E', false) as is_estimate
        from observations
        where is_current_vintage
    ),

    -- The same series and the exact period, both ends.
    recorded_bases as (
        select
            levels.claim_id,
            {% for column in witness -%} current_figures.{{ column }}, {% endfor -%}
            current_figures.segment <> levels.segment as is_broken
        from levels
        join
            current_figures
            on current_figures.series_id = levels.series_id
            and current_figures.time_period_end = levels.base_end
        where
            current_figures.time_period_start is not distinct from levels.base_start
            and current_figures.observation_id <> levels.level_observation_id
            and levels.comparison <> 'OTHER'
    ),

    -- Between the two figures the definition became another one.
    steps as (select series_id, time_period_end, differs_until from tellings where differs_until is not null),

    bases_across_a_step as (
        select distinct levels.claim_id
        from levels
        join steps on steps.series_id = levels.series_id
        where
            steps.time_period_end <= levels.time_period_end
            and steps.time_period_end > levels.base_end
            and steps.differs_until >= levels.base_end
    ),

    -- The whole: the same thing in a larger place, else the total of another indicator or of the same place.
    wanted_wholes as (
        select
            *,
            coalesce(whole_indicator_id, indicator_id) as wanted_indicator_id,
            coalesce(whole_ref_area, ref_area) as wanted_ref_area,
            case
                when whole_ref_area is not null and whole_indicator_id is null then breakdown else '_T'
            end as wanted_breakdown
        from levels
        where claim_test = 'WHOLE'
    ),

    recorded_wholes as (
        select
            wanted_wholes.claim_id,
            {% for column in witness -%} current_figures.{{ column }}, {% endfor -%}
            false as is_broken,
            row_number() over (
                partition by wanted_wholes.claim_id
                order by
                    case when current_figures.unit_measure = wanted_wholes.level_unit then 0 else 1 end,
                    current_figures.unit_measure,
                    current_figures.series_id
            ) as place
        from wanted_wholes
        join
            current_figures
            on current_figures.indicator_id = wanted_wholes.wanted_indicator_id
            and current_figures.ref_area = wanted_wholes.wanted_ref_area
            and current_figures.breakdown = wanted_wholes.wanted_breakdown
            and current_figures.time_period_end = wanted_wholes.time_period_end
        where
            current_figures.time_period_start is not distinct from wanted_wholes.time_period_start
            and current_figures.observation_id <> wanted_wholes.level_observation_id
            and current_figures.period_type = wanted_wholes.period_type
            and current_figures.base_unit = wanted_wholes.level_base_unit
    ),

    -- The share itself, told by somebody else: the same bulletin repeats itself.
    recorded_shares as (
        select
            levels.claim_id,
            {% for column in witness -%} current_figures.{{ column }}, {% endfor -%}
            false as is_broken
        from levels
        join current_figures on current_figures.observation_id = levels.own_observation_id
        where levels.claim_test = 'SHARE' and current_figures.source_id <> levels.source_id
    ),

    compared as (
        select claim_id, {{ witness | join(", ") }}, is_broken
        from recorded_bases
        union all
        select claim_id, {{ witness | join(", ") }}, is_broken
        from recorded_wholes
        where place = 1
        union all
        select claim_id, {{ witness | join(", ") }}, is_broken
        from recorded_shares
    ),

    -- The plan as it stood when the claim was made; before its first version, that one.
    versions as (
        select
            levels.claim_id,
            commitments.figure_id,
            commitments.indicator_id,
            commitments.target_value,
            commitments.period_start,
            commitments.due_date,
            units.base_unit,
            commitments.source_id,
            commitments.locator,
            row_number() over (
                partition by levels.claim_id
                order by
                    case when sources.date_published <= levels.date_published then 0 else 1 end,
                    case
                        when sources.date_published <= levels.date_published then commitments.version
                    end desc nulls last,
                    commitments.version
            ) as place
        from levels
        join commitments on commitments.commitment_id = levels.whole_commitment_id
        left join sources on sources.source_id = commitments.source_id
        left join units on units.unit_measure = commitments.unit_measure
    ),

    plans as (select * from versions where place = 1),

    with_compared as (
        select
            levels.*,
            compared.observation_id as found_observation_id,
            case
                when
                    plans.target_value is not null
                    and plans.base_unit is not distinct from levels.level_base_unit
                    and (plans.period_start is null or levels.time_period_end >= plans.period_start)
                    and (plans.due_date is null or levels.time_period_end <= plans.due_date)
                then plans.figure_id
            end as found_commitment_id,
            plans.figure_id is not null as is_plan_there,
            plans.target_value is not null as is_plan_a_number,
            coalesce(compared.is_broken, false) as is_broken,
            coalesce(compared.is_estimate, false) or levels.is_level_estimate as is_estimate,
            steps_between.claim_id is not null as is_other_definition,
            coalesce(levels.claim_test, '') = 'BASE'
            and coalesce(levels.period_type = 'SINCE:?', false) as is_of_unknown_start,
            coalesce(compared.source_id, plans.source_id) as compared_source_id,
            coalesce(compared.line, {{ line_of("plans.locator") }}) as compared_line,
            compared.evidence as compared_evidence,
            coalesce(levels.claim_test, '') = 'SHARE'
            and levels.own_observation_id is not null
            and compared.observation_id is null as is_told_by_itself,
            wholes.price_basis as whole_price_basis,
            coalesce(level_revised.revised_on > levels.date_published, false)
            or coalesce(compared_revised.revised_on > levels.date_published, false) as is_revised_since
        from levels
        left join compared on compared.claim_id = levels.claim_id
        left join plans on plans.claim_id = levels.claim_id
        left join bases_across_a_step as steps_between on steps_between.claim_id = levels.claim_id
        left join revised as level_revised on level_revised.observation_id = levels.level_observation_id
        left join revised as compared_revised on compared_revised.observation_id = compared.observation_id
        left join indicators as wholes on wholes.indicator_id = levels.whole_indicator_id
    ),

    -- A claim is never its own witness: of two figures in its own line, or of a base there, the line itself
    -- speaks. Growth at constant prices says nothing of amounts at current prices, nor the other way round.
    with_flags as (
        select
            *,
            level_observation_id is not null
            and coalesce(level_source_id = source_id and level_line = line, false) as is_level_in_own_line,
            coalesce(
                compared_source_id = source_id and compared_line = line, false
            ) as is_compared_in_own_line,
            coalesce(price_basis, level_price_basis, 'CURRENT') <> coalesce(level_price_basis, 'CURRENT')
            or (
                claim_test = 'WHOLE'
                and whole_indicator_id is not null
                and coalesce(whole_price_basis, 'CURRENT') <> coalesce(level_price_basis, 'CURRENT')
            ) as is_other_price
        from with_compared
    ),

    with_own_line as (
        select
            *,
            case
                when not is_broken and not is_estimate and not is_other_price then found_observation_id
            end as compared_observation_id,
            case
                when not is_estimate and not is_other_price then found_commitment_id
            end as compared_commitment_id,
            is_compared_in_own_line and (claim_test = 'BASE' or is_level_in_own_line) as is_own_witness
        from with_flags
    )

select
    claim_id,
    claim_test,
    level_observation_id,
    level_unit,
    level_base_unit,
    level_evidence,
    compared_observation_id,
    compared_commitment_id,
    compared_source_id,
    compared_evidence,
    base_period_basis,
    base_start,
    base_end,
    is_level_of_other_period,
    is_level_estimate,
    is_plan_there,
    is_plan_a_number,
    is_broken,
    is_estimate,
    is_other_definition,
    is_of_unknown_start,
    is_other_price,
    is_told_by_itself,
    is_own_witness,
    is_revised_since
from with_own_line
