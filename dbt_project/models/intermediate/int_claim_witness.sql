{%- set witness = ["observation_id", "source_id", "line", "evidence", "is_estimate", "revised_on"] -%}
with
    claims as (select * from {{ ref("int_claim") }}),
    observations as (select * from {{ ref("fct_observation") }}),
    tellings as (select * from {{ ref("int_telling") }}),
    indicators as (select * from {{ ref("stg_indicators") }}),
    commitments as (select *, {{ commitment_version_id() }} as figure_id from {{ ref("stg_commitments") }}),
    sources as (select * from {{ ref("stg_sources") }}),
    units as (select * from {{ ref("stg_units") }}),

    replaced as (
        select distinct series_id, time_period_end from observations where vintage_status = 'REPLACED'
    ),

    -- All that is asked of a figure in one join: claims would join whole rows with it once for themselves and
    -- once for what they are compared with. An estimate holds until something better is told, but bears
    -- witness to nothing.
    figures as (
        select
            observations.*,
            {{ line_of("observations.locator") }} as line,
            coalesce(observations.obs_status = 'E', false) as is_estimate,
            -- Since when it holds in the place of another telling of its period.
            case
                when replaced.series_id is not null and observations.is_current_vintage
                then observations.realtime_start
            end as revised_on
        from observations
        left join
            replaced
            on replaced.series_id = observations.series_id
            and replaced.time_period_end = observations.time_period_end
    ),

    current_figures as (select * from figures where is_current_vintage),

    -- The figure of the claim's own indicator, place and very period; of several units the indicator's own.
    own_figures as (
        select
            claims.claim_id,
            current_figures.observation_id,
            row_number() over (
                partition by claims.claim_id
                order by
                    case when current_figures.unit_measure = claims.indicator_unit then 0 else 1 end,
                    current_figures.unit_measure
            ) as place
        from claims
        join
            current_figures
            on current_figures.indicator_id = claims.indicator_id
            and current_figures.ref_area = claims.ref_area
            and current_figures.breakdown = claims.breakdown
            and current_figures.time_period_end = claims.time_period_end
        where current_figures.time_period_start is not distinct from claims.time_period_start
    ),

    -- Printed beside the claim, else recorded for its very period. What stands beside a share may be its
    -- whole.
    with_level_id as (
        select
            claims.*,
            own_figures.observation_id as own_observation_id,
            case
                when claims.claim_test = 'BASE' and claims.observation_id is not null
                then claims.observation_id
                when claims.claim_test = 'BASE' and claims.comparison = 'OTHER'
                then null
                when claims.claim_test in ('BASE', 'WHOLE', 'PLAN', 'RANKING')
                then own_figures.observation_id
            end as wanted_observation_id
        from claims
        left join own_figures on own_figures.claim_id = claims.claim_id and own_figures.place = 1
    ),

    with_level as (
        select
            with_level_id.*,
            level.observation_id as level_observation_id,
            level.series_id,
            level.period_type,
            level.segment,
            level.unit_measure as level_unit,
            level.base_unit as level_base_unit,
            level.source_id as level_source_id,
            level.line as level_line,
            level.evidence as level_evidence,
            level.revised_on as level_revised_on,
            coalesce(level.is_estimate, false) as is_level_estimate,
            level.observation_id is null
            and with_level_id.wanted_observation_id is not null as is_level_of_other_period
        from with_level_id
        left join
            figures as level
            on level.observation_id = with_level_id.wanted_observation_id
            and level.time_period_end = with_level_id.time_period_end
            and level.time_period_start is not distinct from with_level_id.time_period_start
    ),

    -- A year before is known only where the period itself is: a level at a day, or a period with its first
    -- day. A running total begins on the same day in every year.
    with_base_period as (
        select
            *,
            case
                when claim_test <> 'BASE'
                then null
                when base_period_end is not null
                then 'STATED'
                when comparison = 'YOY' and (time_period_start is not null or stock_flow = 'POINT')
                then 'YEAR_BEFORE'
            end as base_period_basis
        from with_level
    ),

    with_base_days as (
        select
            *,
            case
                when base_period_basis = 'STATED'
                then base_period_start
                when base_period_basis = 'YEAR_BEFORE' and period_type like 'SINCE:%'
                then time_period_start
                when base_period_basis = 'YEAR_BEFORE'
                then cast({{ dbt.dateadd("year", -1, "time_period_start") }} as date)
            end as base_start,
            case
                when base_period_basis = 'STATED'
                then base_period_end
                when
                    base_period_basis = 'YEAR_BEFORE'
                    and time_period_end = {{ dbt.last_day("time_period_end", "month") }}
                then {{ dbt.last_day(dbt.dateadd("year", -1, "time_period_end"), "month") }}
                when base_period_basis = 'YEAR_BEFORE'
                then cast({{ dbt.dateadd("year", -1, "time_period_end") }} as date)
            end as base_end
        from with_base_period
    ),

    -- The same series and the exact period, both ends.
    recorded_bases as (
        select
            with_base_days.claim_id,
            {% for column in witness -%} current_figures.{{ column }}, {% endfor -%}
            current_figures.segment <> with_base_days.segment as is_broken
        from with_base_days
        join
            current_figures
            on current_figures.series_id = with_base_days.series_id
            and current_figures.time_period_end = with_base_days.base_end
        where
            current_figures.time_period_start is not distinct from with_base_days.base_start
            and current_figures.observation_id <> with_base_days.level_observation_id
            and with_base_days.comparison <> 'OTHER'
    ),

    -- Between the two figures the definition became another one.
    steps as (select series_id, time_period_end, differs_until from tellings where differs_until is not null),

    bases_across_a_step as (
        select distinct with_base_days.claim_id
        from with_base_days
        join steps on steps.series_id = with_base_days.series_id
        where
            steps.time_period_end <= with_base_days.time_period_end
            and steps.time_period_end > with_base_days.base_end
            and steps.differs_until >= with_base_days.base_end
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
        from with_base_days
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
                    current_figures.unit_measure
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
            with_base_days.claim_id,
            {% for column in witness -%} current_figures.{{ column }}, {% endfor -%}
            false as is_broken
        from with_base_days
        join current_figures on current_figures.observation_id = with_base_days.own_observation_id
        where with_base_days.claim_test = 'SHARE' and current_figures.source_id <> with_base_days.source_id
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
            with_base_days.claim_id,
            commitments.figure_id,
            commitments.indicator_id,
            commitments.target_value,
            commitments.period_start,
            commitments.due_date,
            units.base_unit,
            commitments.source_id,
            commitments.locator,
            row_number() over (
                partition by with_base_days.claim_id
                order by
                    case when sources.date_published <= with_base_days.date_published then 0 else 1 end,
                    case
                        when sources.date_published <= with_base_days.date_published then commitments.version
                    end desc nulls last,
                    commitments.version
            ) as place
        from with_base_days
        join commitments on commitments.commitment_id = with_base_days.whole_commitment_id
        left join sources on sources.source_id = commitments.source_id
        left join units on units.unit_measure = commitments.unit_measure
    ),

    plans as (select * from versions where place = 1),

    with_compared as (
        select
            with_base_days.*,
            compared.observation_id as found_observation_id,
            case
                when
                    plans.target_value is not null
                    and plans.base_unit is not distinct from with_base_days.level_base_unit
                    and (plans.period_start is null or with_base_days.time_period_end >= plans.period_start)
                    and (plans.due_date is null or with_base_days.time_period_end <= plans.due_date)
                then plans.figure_id
            end as found_commitment_id,
            plans.figure_id is not null as is_plan_there,
            plans.target_value is not null as is_plan_a_number,
            coalesce(compared.is_broken, false) as is_broken,
            coalesce(compared.is_estimate, false) or with_base_days.is_level_estimate as is_estimate,
            steps_between.claim_id is not null as is_other_definition,
            coalesce(with_base_days.claim_test, '') = 'BASE'
            and coalesce(with_base_days.period_type = 'SINCE:?', false) as is_of_unknown_start,
            coalesce(compared.source_id, plans.source_id) as compared_source_id,
            coalesce(compared.line, {{ line_of("plans.locator") }}) as compared_line,
            compared.evidence as compared_evidence,
            coalesce(with_base_days.claim_test, '') = 'SHARE'
            and with_base_days.own_observation_id is not null
            and compared.observation_id is null as is_told_by_itself,
            wholes.price_basis as whole_price_basis,
            coalesce(with_base_days.level_revised_on > with_base_days.date_published, false)
            or coalesce(compared.revised_on > with_base_days.date_published, false) as is_revised_since
        from with_base_days
        left join compared on compared.claim_id = with_base_days.claim_id
        left join plans on plans.claim_id = with_base_days.claim_id
        left join bases_across_a_step as steps_between on steps_between.claim_id = with_base_days.claim_id
        left join indicators as wholes on wholes.indicator_id = with_base_days.whole_indicator_id
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
