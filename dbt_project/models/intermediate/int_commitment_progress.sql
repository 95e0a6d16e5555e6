with
    commitments as (select * from {{ ref("int_commitment") }} where {{ is_promise() }}),
    targets as (select * from {{ ref("int_commitment_target") }}),
    looks as (select * from {{ ref("int_commitment_look") }}),
    words as (select * from {{ ref("int_commitment_word") }}),
    units as (select * from {{ ref("stg_units") }}),

    -- Promise, base, latest figure and what was said of it, as they stand in each state.
    joined as (
        select
            commitments.version_id,
            looks.reading,
            looks.valid_from,
            looks.valid_to,
            commitments.commitment_id,
            commitments.version,
            commitments.indicator_id,
            commitments.commitment_type,
            commitments.value_text,
            units.is_item_of_plan,
            commitments.start_date,
            commitments.due_date,
            commitments.evidence as promise_evidence,
            commitments.host_quality as promise_host,
            targets.is_over_period,
            targets.is_other_series,
            targets.base_choice,
            targets.base_observation_id,
            targets.base_date,
            targets.base_date_precision,
            targets.base_value,
            targets.base_lower_bound,
            targets.base_lower_closed,
            targets.base_upper_bound,
            targets.base_upper_closed,
            targets.base_worst,
            targets.base_worst_closed,
            targets.base_best,
            targets.base_evidence,
            targets.base_host,
            targets.toward,
            targets.target,
            targets.threshold,
            targets.threshold_closed,
            looks.actual_observation_id,
            looks.actual_start,
            looks.actual_date,
            looks.actual_date_precision,
            looks.actual,
            looks.actual_lower_bound,
            looks.actual_lower_closed,
            looks.actual_upper_bound,
            looks.actual_upper_closed,
            looks.worst,
            looks.best,
            looks.best_closed,
            looks.actual_evidence,
            looks.actual_host,
            looks.reached_observation_id,
            looks.reached_by,
            looks.is_part,
            looks.is_near,
            looks.is_settled,
            {% for end in ["low", "high"] -%}
                looks.reached_on_due_{{ end }},
                looks.held_before_due_{{ end }},
                looks.held_after_due_{{ end }},
                looks.ever_after_due_{{ end }},
                looks.ever_reached_{{ end }},
                words.told_{{ end }},
                words.fulfilled_{{ end }},
            {% endfor -%}
            looks.is_reversed,
            words.decided_by_report_id,
            words.decided_on,
            words.decided_evidence,
            words.decided_host,
            words.fulfilled_by_event_id,
            words.word_outcome_type,
            words.word_report_id,
            words.word_evidence as said_evidence,
            words.word_host as said_host,
            words.last_word_on,
            words.is_silent,
            words.is_mentioned,
            words.n_sources,
            words.source_ids,
            words.is_current_version
        from looks
        join commitments on commitments.version_id = looks.version_id
        join
            targets
            on targets.version_id = looks.version_id
            and targets.reading = looks.reading
            and targets.valid_from = looks.base_from
        join words on words.version_id = looks.version_id and words.valid_from = looks.valid_from
        left join units on units.unit_measure = commitments.unit_measure
    ),

    with_days as (
        select
            *,
            coalesce(base_date_precision, 'DAY') <> 'DAY'
            or coalesce(actual_date_precision, 'DAY') <> 'DAY' as is_day_open
        from joined
    ),

    -- Whole years where base, actual and due date all end a year; else days, of days that are known.
    with_unit_of_time as (
        select
            *,
            threshold is not null as has_target,
            valid_from >= start_date as has_begun,
            {{ counts_itself() }} as counts_itself,
            coalesce(valid_from > due_date, false) and not {{ counts_itself() }} as is_past_due,
            is_over_period and toward = -1 as is_ceiling_of_period,
            {{ settled_at("low") }} as settled_low,
            {{ settled_at("high") }} as settled_high,
            case
                when is_day_open
                then null
                when
                    {{ is_year_end("base_date") }}
                    and {{ is_year_end("actual_date") }}
                    and {{ is_year_end("due_date") }}
                then 'YEAR'
                when base_date is not null and actual_date is not null and due_date is not null
                then 'DAY'
            end as time_unit
        from with_days
    ),

    with_word as (
        select *, told_low is not null and not ({{ figures_decide() }}) as is_told from with_unit_of_time
    ),

    with_time as (
        select
            *,
            case
                time_unit
                when 'YEAR'
                then {{ dbt.datediff("base_date", "actual_date", "year") }}
                when 'DAY'
                then {{ dbt.datediff("base_date", "actual_date", "day") }}
            end as elapsed_time,
            case
                time_unit
                when 'YEAR'
                then {{ dbt.datediff("base_date", "due_date", "year") }}
                when 'DAY'
                then {{ dbt.datediff("base_date", "due_date", "day") }}
            end as total_time
        from with_word
    ),

    with_gap as (
        select
            *,
            coalesce(base_best < threshold and base_worst is not null, false) as has_gap,
            coalesce(base_best < threshold and base_worst is not null, false)
            and coalesce(elapsed_time > 0 and total_time > 0, false)
            and not is_ceiling_of_period as has_pace
        from with_time
    ),

    with_pace as (
        select
            *,
            case when has_gap and not is_ceiling_of_period then {{ gap_closed("half_up") }} end as gap_closed,
            case
                when has_gap and not is_ceiling_of_period then {{ gap_closed("down") }}
            end as gap_closed_low,
            case when has_gap and not is_ceiling_of_period then {{ gap_closed("up") }} end as gap_closed_high,
            case
                when elapsed_time > 0 and total_time > 0
                then {{ quotient("elapsed_time", "total_time", "half_up") }}
            end as time_elapsed,
            case when has_pace then {{ pace("half_up", "half_up") }} end as pace,
            case when has_pace then {{ pace("down", "down") }} end as pace_low,
            case when has_pace then {{ pace("up", "up") }} end as pace_high,
            -- To nine places half up, as they are compared with thresholds.
            case when has_pace then {{ pace("down", "half_up") }} end as pace_at_worst,
            case when has_pace then {{ pace("up", "half_up") }} end as pace_at_best,
            case
                when has_pace and base_value > 0 and actual > 0 and target > 0 and target <> base_value
                then {{ cagr_ratio() }}
            end as cagr_ratio
        from with_gap
    ),

    with_label as (
        select
            *,
            {{ pace_label("pace", "true") }} as pace_label,
            {{ pace_label("cagr_ratio", "true") }} as cagr_label,
            case
                when worst is null then 'REVERSING' else {{ pace_label("pace_at_worst", "true") }}
            end as pace_label_low,
            case
                when best is null
                then 'ON_TRACK'
                else
                    {{
                        pace_label(
                            "pace_at_best",
                            "(best_closed and base_worst_closed or pace_high > pace_at_best)",
                        )
                    }}
            end as pace_label_high
        from with_pace
    ),

    with_status_at_ends as (
        select *, {{ status_at("low") }} as status_low, {{ status_at("high") }} as status_high from with_label
    ),

    with_status as (
        select
            *,
            case when status_low = status_high then status_low else 'INDETERMINATE' end as status,
            pace_label = cagr_label as methods_agree
        from with_status_at_ends
    ),

    with_reason as (select *, {{ reason_codes(progress_reasons()) }} as reason from with_status),

    stated as (select version_id, valid_from, status from with_status where reading = 'STATED'),

    -- Every verdict again without what we presume.
    with_second_reading as (
        select
            with_reason.*,
            coalesce(stated.status, with_reason.status) as status_stated,
            coalesce(stated.status <> with_reason.status, false) as verdict_needs_policy
        from with_reason
        left join
            stated
            on stated.version_id = with_reason.version_id
            and stated.valid_from = with_reason.valid_from
        where with_reason.reading = 'PRESUMED'
    ),

    -- As weak as the weakest of what it is made of.
    with_word_evidence as (
        select
            *,
            case
                when is_told
                then decided_by_report_id
                when status in ('ADVANCED', 'REPORTED')
                then word_report_id
            end as judged_by_report_id,
            case
                when is_told then decided_evidence when status in ('ADVANCED', 'REPORTED') then said_evidence
            end as word_evidence,
            case
                when is_told then decided_host when status in ('ADVANCED', 'REPORTED') then said_host
            end as word_host
        from with_second_reading
    ),

    with_base_evidence as (
        select
            *,
            {{ weaker_evidence("promise_evidence", "base_evidence") }} as evidence_of_two,
            {{ weaker_host("promise_host", "base_host") }} as host_of_two
        from with_word_evidence
    ),

    with_actual_evidence as (
        select
            *,
            {{ weaker_evidence("evidence_of_two", "actual_evidence") }} as evidence_of_three,
            {{ weaker_host("host_of_two", "actual_host") }} as host_of_three
        from with_base_evidence
    ),

    with_evidence as (
        select
            *,
            {{ weaker_evidence("evidence_of_three", "word_evidence") }} as evidence,
            {{ weaker_host("host_of_three", "word_host") }} as host_quality,
            coalesce(promise_evidence <> base_evidence, false)
            or coalesce(promise_evidence <> actual_evidence, false)
            or coalesce(promise_evidence <> word_evidence, false) as evidence_mixed
        from with_actual_evidence
    )

select
    with_evidence.commitment_id,
    cast(with_evidence.version as bigint) as version,
    with_evidence.valid_from,
    with_evidence.valid_to,
    commitments.promise_id,
    with_evidence.is_current_version,
    commitments.supersedes,
    case when not with_evidence.is_current_version then commitments.superseded_by end as superseded_by,
    commitments.source_id,
    cast(with_evidence.n_sources as bigint) as n_sources,
    with_evidence.source_ids,
    commitments.indicator_id,
    case
        when commitments.domain_known_by <= with_evidence.valid_from then commitments.domain_id
    end as domain_id,
    case
        when commitments.initiative_known_by <= with_evidence.valid_from then commitments.initiative_id
    end as initiative_id,
    commitments.title_zh,
    commitments.title_en,
    commitments.ref_area,
    commitments.breakdown,
    commitments.commitment_type,
    commitments.modality,
    commitments.authority,
    commitments.value_text,
    commitments.unit_measure,
    commitments.accounting,
    commitments.date_announced,
    commitments.date_published,
    commitments.published_by,
    commitments.start_date,
    commitments.due_date,
    cast(with_evidence.toward as bigint) as toward,
    with_evidence.base_choice,
    with_evidence.base_observation_id,
    with_evidence.base_date,
    with_evidence.base_date_precision,
    cast(with_evidence.base_value as decimal(38, 9)) as base,
    cast(with_evidence.base_lower_bound as decimal(38, 9)) as base_lower_bound,
    with_evidence.base_lower_closed,
    cast(with_evidence.base_upper_bound as decimal(38, 9)) as base_upper_bound,
    with_evidence.base_upper_closed,
    with_evidence.actual_observation_id,
    with_evidence.actual_start,
    with_evidence.actual_date,
    with_evidence.actual_date_precision,
    with_evidence.actual,
    with_evidence.actual_lower_bound,
    with_evidence.actual_lower_closed,
    with_evidence.actual_upper_bound,
    with_evidence.actual_upper_closed,
    with_evidence.reached_observation_id,
    with_evidence.reached_by,
    with_evidence.target,
    with_evidence.threshold_closed as target_closed,
    with_evidence.fulfilled_by_event_id,
    with_evidence.judged_by_report_id,
    with_evidence.time_unit,
    cast(with_evidence.elapsed_time as bigint) as elapsed_time,
    cast(with_evidence.total_time as bigint) as total_time,
    with_evidence.gap_closed,
    with_evidence.gap_closed_low,
    with_evidence.gap_closed_high,
    with_evidence.time_elapsed,
    with_evidence.pace,
    with_evidence.pace_low,
    with_evidence.pace_high,
    with_evidence.cagr_ratio,
    with_evidence.methods_agree,
    with_evidence.status_low,
    with_evidence.status_high,
    with_evidence.status,
    with_evidence.status_stated,
    with_evidence.verdict_needs_policy,
    with_evidence.is_reversed,
    with_evidence.status in ('OVERDUE_UNMET', 'OVERDUE_UNKNOWN') as is_overdue,
    with_evidence.reason,
    with_evidence.evidence,
    with_evidence.evidence_mixed,
    with_evidence.host_quality,
    commitments.locator
from with_evidence
join commitments on commitments.version_id = with_evidence.version_id
