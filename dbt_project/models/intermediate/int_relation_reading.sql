with
    -- A step between two periods of a series is no relation of a part to its whole.
    relations as (select * from {{ ref("stg_relations") }} where relation_type <> 'STEP'),
    observations as (select * from {{ ref("int_observation") }}),
    rates as (select observation_id, whole_commitment_id from {{ ref("stg_observations") }}),
    commitments as (select *, {{ commitment_version_id() }} as figure_id from {{ ref("stg_commitments") }}),
    bounds as (select * from {{ ref("int_figure_bounds") }}),
    sources as (select * from {{ ref("stg_sources") }}),
    known_by as (select * from {{ ref("int_source_evidence") }}),
    units as (select * from {{ ref("stg_units") }}),

    -- A rate of completion, what was done in its very period, and the plan as it stood when it was told.
    plan_rates as (
        select
            told.observation_id as rate_observation_id,
            done.observation_id as subject_id,
            commitments.figure_id as commitment_figure_id,
            row_number() over (
                partition by told.observation_id
                order by
                    case when sources.date_published <= told.date_published then 0 else 1 end,
                    case
                        when sources.date_published <= told.date_published then commitments.version
                    end desc nulls last,
                    commitments.version,
                    case when done.unit_measure = commitments.unit_measure then 0 else 1 end,
                    done.unit_measure,
                    done.series_id
            ) as place
        from observations as told
        join rates on rates.observation_id = told.observation_id
        join commitments on commitments.commitment_id = rates.whole_commitment_id
        left join sources on sources.source_id = commitments.source_id
        left join
            observations as done
            on done.indicator_id = commitments.indicator_id
            and done.ref_area = told.ref_area
            and done.time_period_end = told.time_period_end
            and done.time_period_start is not distinct from told.time_period_start
            and done.breakdown = told.breakdown
            and done.is_current_vintage
            and done.obs_status <> 'E'
    ),

    declared as (
        select
            relation_id,
            relation_type,
            subject_id as subject_observation_id,
            object_id as object_observation_id,
            cast(null as {{ dbt.type_string() }}) as object_commitment_id,
            cast(null as {{ dbt.type_string() }}) as rate_observation_id
        from relations
        union all
        select
            rate_observation_id as relation_id,
            'RATE_OF_PLAN' as relation_type,
            subject_id as subject_observation_id,
            cast(null as {{ dbt.type_string() }}) as object_observation_id,
            commitment_figure_id as object_commitment_id,
            rate_observation_id
        from plan_rates
        where place = 1
    ),

    named as (
        select subject_observation_id as observation_id
        from declared
        union all
        select object_observation_id as observation_id
        from declared
        union all
        select rate_observation_id as observation_id
        from declared
    ),

    -- Few figures stand in a relation: the others are not converted.
    recorded as (
        select
            'OBSERVATION' as figure_type,
            observation_id as figure_id,
            unit_measure,
            time_period_start,
            time_period_end,
            obs_value as value,
            lower_bound,
            lower_closed,
            upper_bound,
            upper_closed,
            stated_lower_bound,
            stated_lower_closed,
            stated_upper_bound,
            stated_upper_closed,
            evidence
        from observations
        where observation_id in (select observation_id from named where observation_id is not null)
        union all
        select
            'COMMITMENT' as figure_type,
            commitments.figure_id,
            commitments.unit_measure,
            commitments.period_start as time_period_start,
            commitments.due_date as time_period_end,
            commitments.target_value as value,
            bounds.lower_bound,
            bounds.lower_closed,
            bounds.upper_bound,
            bounds.upper_closed,
            bounds.stated_lower_bound,
            bounds.stated_lower_closed,
            bounds.stated_upper_bound,
            bounds.stated_upper_closed,
            known_by.evidence
        from commitments
        join bounds on bounds.figure_type = 'COMMITMENT' and bounds.figure_id = commitments.figure_id
        left join known_by on known_by.source_id = commitments.source_id
    ),

    readings as (
        select 'POLICY' as reading
        union all
        select 'STATED' as reading
    ),

    -- Once with the ends that our policy presumes and once with them left open.
    as_read as (
        select
            readings.reading,
            recorded.figure_type,
            recorded.figure_id,
            recorded.unit_measure,
            recorded.time_period_start,
            recorded.time_period_end,
            recorded.evidence,
            recorded.value,
            {% for column in ["lower_bound", "lower_closed", "upper_bound", "upper_closed"] -%}
                case
                    readings.reading
                    when 'POLICY'
                    then recorded.{{ column }}
                    else recorded.stated_{{ column }}
                end as {{ column }}
                {{- "," if not loop.last }}
            {% endfor %}
        from recorded
        cross join readings
    ),

    -- In base units.
    figures as (
        select
            as_read.reading,
            as_read.figure_type,
            as_read.figure_id,
            units.base_unit,
            as_read.time_period_start,
            as_read.time_period_end,
            as_read.evidence,
            {{ in_base_unit("as_read.value", "half_up") }} as value,
            {{ in_base_unit("as_read.lower_bound", "down") }} as lower_bound,
            as_read.lower_closed,
            {{ in_base_unit("as_read.upper_bound", "up") }} as upper_bound,
            as_read.upper_closed
        from as_read
        left join units on units.unit_measure = as_read.unit_measure
    ),

    sides as (
        select
            declared.*,
            regexp_replace(declared.relation_id, '[.][^.]*$', '') as split_name,
            readings.reading,
            {% for side in ["subject", "object", "rate"] -%}
                {{ side }}.base_unit as {{ side }}_unit,
                {{ side }}.evidence as {{ side }}_evidence,
                {{ side }}.value as {{ side }}_value,
                {{ side }}.lower_bound as {{ side }}_lower_bound,
                {{ side }}.lower_closed as {{ side }}_lower_closed,
                {{ side }}.upper_bound as {{ side }}_upper_bound,
                {{ side }}.upper_closed as {{ side }}_upper_closed,
            {% endfor -%}
            subject.base_unit = object.base_unit as is_same_unit,
            case
                when declared.relation_type = 'RATE_OF_PLAN'
                then
                    subject.time_period_end <= coalesce(object.time_period_end, subject.time_period_end)
                    and subject.time_period_end >= coalesce(object.time_period_start, subject.time_period_end)
                else
                    subject.time_period_end = object.time_period_end
                    and subject.time_period_start is not distinct from object.time_period_start
            end as is_same_period
        from declared
        cross join readings
        left join
            figures as subject
            on subject.figure_id = declared.subject_observation_id
            and subject.figure_type = 'OBSERVATION'
            and subject.reading = readings.reading
        left join
            figures as object
            on object.figure_id = coalesce(declared.object_observation_id, declared.object_commitment_id)
            and object.figure_type
            = case when declared.object_observation_id is null then 'COMMITMENT' else 'OBSERVATION' end
            and object.reading = readings.reading
        left join
            figures as rate
            on rate.figure_id = declared.rate_observation_id
            and rate.figure_type = 'OBSERVATION'
            and rate.reading = readings.reading
    ),

    -- A sum with an unbounded part is unbounded; its end is closed if those of all parts are.
    sums as (
        select
            split_name as relation_id,
            'SUM_OF_PARTS' as relation_type,
            reading,
            object_observation_id,
            count(*) as n_parts,
            max(subject_unit) as subject_unit,
            max(object_unit) as object_unit,
            min(case when is_same_unit then 1 else 0 end) = 1 as is_same_unit,
            min(case when is_same_period then 1 else 0 end) = 1 as is_same_period,
            max({{ evidence_rank("subject_evidence") }}) as subject_weakest,
            min({{ evidence_rank("subject_evidence") }}) as subject_strongest,
            max(object_evidence) as object_evidence,
            max(object_value) as object_value,
            case when count(subject_value) = count(*) then sum(subject_value) end as subject_value,
            {% for end in ["lower", "upper"] -%}
                case
                    when count(subject_{{ end }}_bound) = count(*) then sum(subject_{{ end }}_bound)
                end as subject_{{ end }}_bound,
                case
                    when count(subject_{{ end }}_bound) = count(*)
                    then min(case when subject_{{ end }}_closed then 1 else 0 end) = 1
                end as subject_{{ end }}_closed,
                max(object_{{ end }}_bound) as object_{{ end }}_bound,
                max(case when object_{{ end }}_closed then 1 when not object_{{ end }}_closed then 0 end)
                = 1 as object_{{ end }}_closed
                {{- "," if not loop.last }}
            {% endfor %}
        from sides
        where relation_type = 'PART_OF_TOTAL'
        group by split_name, reading, object_observation_id
    ),

    united as (
        select
            relation_id,
            relation_type,
            reading,
            subject_observation_id,
            object_observation_id,
            object_commitment_id,
            rate_observation_id,
            cast(null as bigint) as n_parts,
            subject_unit,
            object_unit,
            is_same_unit,
            is_same_period,
            greatest(
                coalesce({{ evidence_rank("subject_evidence") }}, 0),
                coalesce({{ evidence_rank("object_evidence") }}, 0),
                coalesce({{ evidence_rank("rate_evidence") }}, 0)
            ) as weakest,
            least(
                coalesce({{ evidence_rank("subject_evidence") }}, 9),
                coalesce({{ evidence_rank("object_evidence") }}, 9),
                coalesce({{ evidence_rank("rate_evidence") }}, 9)
            ) as strongest,
            subject_value,
            subject_lower_bound,
            subject_lower_closed,
            subject_upper_bound,
            subject_upper_closed,
            object_value,
            object_lower_bound,
            object_lower_closed,
            object_upper_bound,
            object_upper_closed,
            rate_lower_bound as expected_low,
            rate_lower_closed as expected_low_closed,
            rate_upper_bound as expected_high,
            rate_upper_closed as expected_high_closed
        from sides
        union all
        select
            relation_id,
            relation_type,
            reading,
            cast(null as {{ dbt.type_string() }}) as subject_observation_id,
            object_observation_id,
            cast(null as {{ dbt.type_string() }}) as object_commitment_id,
            cast(null as {{ dbt.type_string() }}) as rate_observation_id,
            n_parts,
            subject_unit,
            object_unit,
            is_same_unit,
            is_same_period,
            greatest(
                coalesce(subject_weakest, 0), coalesce({{ evidence_rank("object_evidence") }}, 0)
            ) as weakest,
            least(
                coalesce(subject_strongest, 9), coalesce({{ evidence_rank("object_evidence") }}, 9)
            ) as strongest,
            cast(subject_value as decimal(38, 9)) as subject_value,
            cast(subject_lower_bound as decimal(38, 9)) as subject_lower_bound,
            subject_lower_closed,
            cast(subject_upper_bound as decimal(38, 9)) as subject_upper_bound,
            subject_upper_closed,
            object_value,
            object_lower_bound,
            object_lower_closed,
            object_upper_bound,
            object_upper_closed,
            cast(null as decimal(38, 9)) as expected_low,
            cast(null as boolean) as expected_low_closed,
            cast(null as decimal(38, 9)) as expected_high,
            cast(null as boolean) as expected_high_closed
        from sums
    ),

    -- Only like periods; what goes together need not be in one unit, a part and its whole must.
    with_scope as (
        select
            *,
            coalesce(is_same_period, false)
            and (relation_type = 'GOES_WITH' or coalesce(is_same_unit, false)) as is_comparable,
            coalesce(is_same_period, false)
            and (relation_type = 'GOES_WITH' or coalesce(is_same_unit, false))
            and coalesce(subject_lower_bound >= 0 and object_lower_bound >= 0, false) as is_ratio_scale
        from united
    ),

    -- A part by its whole; of what only goes together so much of the second to one of the first.
    with_terms as (
        select
            *,
            {% for term, of_part, of_partner in [
                ("dividend", "subject", "object"),
                ("divisor", "object", "subject"),
            ] -%}
                {% for column in ["value", "lower_bound", "lower_closed", "upper_bound", "upper_closed"] -%}
                    case
                        when relation_type = 'GOES_WITH'
                        then {{ of_partner }}_{{ column }}
                        else {{ of_part }}_{{ column }}
                    end as {{ term }}_{{ column }}
                    {{- "," if not loop.last }}
                {% endfor -%}
                {{- "," if not loop.last }}
            {% endfor %}
        from with_scope
    ),

    -- A point only of two figures with both ends.
    with_ratio as (
        select
            *,
            case
                when
                    is_ratio_scale
                    and dividend_upper_bound is not null
                    and divisor_upper_bound is not null
                    and divisor_lower_bound > 0
                then {{ quotient("dividend_value", "divisor_value", "half_up") }}
            end as ratio,
            case
                when is_ratio_scale and divisor_upper_bound > 0
                then {{ quotient("dividend_lower_bound", "divisor_upper_bound", "down") }}
            end as ratio_low,
            case
                when is_ratio_scale and divisor_lower_bound > 0
                then {{ quotient("dividend_upper_bound", "divisor_lower_bound", "up") }}
            end as ratio_high,
            case
                when is_ratio_scale and divisor_upper_bound > 0
                then
                    {{
                        quotient(
                            "100 * cast(dividend_lower_bound as decimal(27, 9))",
                            "divisor_upper_bound",
                            "down",
                        )
                    }}
            end as found_low,
            case
                when is_ratio_scale and divisor_lower_bound > 0
                then
                    {{
                        quotient(
                            "100 * cast(dividend_upper_bound as decimal(27, 9))",
                            "divisor_lower_bound",
                            "up",
                        )
                    }}
            end as found_high
        from with_terms
    ),

    with_closed as (
        select
            *,
            {% for name in ["ratio", "found"] -%}
                {{
                    closed_end(
                        name ~ "_low",
                        "dividend_lower_closed",
                        "divisor_upper_closed",
                        "dividend_lower_bound",
                    )
                }} as {{ name }}_low_closed,
                {{
                    closed_end(
                        name ~ "_high",
                        "dividend_upper_closed",
                        "divisor_lower_closed",
                        "dividend_upper_bound",
                    )
                }} as {{ name }}_high_closed
                {{- "," if not loop.last }}
            {% endfor %}
        from with_ratio
    ),

    -- A part is at most its whole, the parts are the total, a rate is what was done by the plan.
    with_verdict as (
        select
            *,
            case
                when not is_comparable or relation_type = 'GOES_WITH'
                then null
                when relation_type = 'RATE_OF_PLAN'
                then
                    case
                        when found_low is null and found_high is null
                        then null
                        when coalesce({{ found_inside() }}, false)
                        then 'HOLDS'
                        when coalesce({{ found_apart() }}, false)
                        then 'BROKEN'
                        else 'POSSIBLE'
                    end
                when relation_type = 'SUM_OF_PARTS'
                then
                    case
                        when {{ lies_below("subject", "object") }} or {{ lies_below("object", "subject") }}
                        then 'BROKEN'
                        when
                            subject_lower_bound = subject_upper_bound
                            and object_lower_bound = object_upper_bound
                        then 'HOLDS'
                        else 'POSSIBLE'
                    end
                when {{ lies_below("object", "subject") }}
                then 'BROKEN'
                when subject_upper_bound <= object_lower_bound
                then 'HOLDS'
                else 'POSSIBLE'
            end as verdict
        from with_closed
    )

select *
from with_verdict
