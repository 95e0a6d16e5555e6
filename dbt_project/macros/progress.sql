{#- Progress against a target: the arithmetic and the order of the statuses. Value rules, section 5.
    Everything is reckoned in the direction of the promise: a fall that is wanted is turned round (`toward` -1), so
    that more is always better. `worst` and `best` are the ends of the actual, `base_worst` and `base_best` those of the
    base (its lower and upper end), `threshold` what must be reached. -#}
{#- Which way the target lies. A threshold says so itself; else the indicator does; else base and target. -#}
{% macro toward() -%}
    case
        when target_qualifier in ('GT', 'GE')
        then 1
        when target_qualifier in ('LT', 'LE')
        then -1
        when direction = 'UP'
        then 1
        when direction = 'DOWN'
        then -1
        when target_value < base_value
        then -1
        else 1
    end
{%- endmacro %}

{#- Share of the gap closed at one end. It rises with the actual; it falls with the base while the target is not
    reached, and rises with it beyond. -#}
{% macro gap_closed_base(end) -%}
    {%- set value, before, beyond = {
        "down": ("worst", "base_best", "base_worst"),
        "up": ("best", "base_worst", "base_best"),
        "half_up": ("toward * actual", "toward * base_value", "toward * base_value"),
    }[end] -%} case
        when {{ value }} < threshold then {{ before }} else {{ beyond }}
    end
{%- endmacro %}

{% macro gap_closed(end) -%}
    {%- set value = {"down": "worst", "up": "best", "half_up": "toward * actual"}[end] -%}
    {%- set start = "(" ~ gap_closed_base(end) ~ ")" -%}
    {{ quotient(value ~ " - " ~ start, "threshold - " ~ start, end) }}
{%- endmacro %}

{#- Share of the gap closed ÷ share of the time elapsed, as one exact quotient. -#}
{% macro pace(end, rounding) -%}
    {%- set value = {"down": "worst", "up": "best", "half_up": "toward * actual"}[end] -%}
    {%- set start = "(" ~ gap_closed_base(end) ~ ")" -%}
    {{
        quotient(
            "(" ~ value ~ " - " ~ start ~ ") * total_time",
            "(threshold - " ~ start ~ ") * elapsed_time",
            rounding,
        )
    }}
{%- endmacro %}

{#- Growth a year observed ÷ growth a year required. Powers need doubles; nine places are within their error. -#}
{% macro cagr_ratio() -%}
    {%- set observed = "power(cast(actual as double) / cast(base_value as double), 1 / cast(elapsed_time as double)) - 1" -%}
    {%- set required = "power(cast(target as double) / cast(base_value as double), 1 / cast(total_time as double)) - 1" -%}
    {{ round_double("(" ~ observed ~ ") / nullif(" ~ required ~ ", 0)", "half_up") }}
{%- endmacro %}

{#- An end that is open does not itself belong to what is possible, unless rounding put it below what does. -#}
{% macro pace_label(pace, is_attained) -%}
    case
        when {{ pace }} > 0.95 or ({{ pace }} = 0.95 and {{ is_attained }})
        then 'ON_TRACK'
        when {{ pace }} > 0.6 or ({{ pace }} = 0.6 and {{ is_attained }})
        then 'ACCELERATE'
        when {{ pace }} > 0 or ({{ pace }} = 0 and {{ is_attained }})
        then 'LIMITED'
        when {{ pace }} <= 0
        then 'REVERSING'
    end
{%- endmacro %}

{#- Whether an actual meets the target, at its worst or its best end; an end that is missing is unbounded. -#}
{% macro is_reached(end) -%}
    {%- if end == "low" -%}
        coalesce(worst > threshold or (worst = threshold and (threshold_closed or not worst_closed)), false)
    {%- else -%}
        coalesce(best > threshold or (best = threshold and threshold_closed and best_closed), best is null)
    {%- endif -%}
{%- endmacro %}

{#- Status at one end, the first that fits. -#}
{% macro status_at(end) -%}
    case
        when is_fulfilled
        then case when fulfilled_{{ end }} > due_date then 'ACHIEVED_LATE' else 'ACHIEVED' end
        when not has_target
        then 'NOT_ASSESSABLE'
        when not has_begun
        then 'NOT_STARTED'
        -- On the due date, or before it and still at the first look after it.
        when reached_on_due_{{ end }} or (held_before_due_{{ end }} and held_after_due_{{ end }})
        then 'ACHIEVED'
        when ever_after_due_{{ end }}
        then 'ACHIEVED_LATE'
        when is_settled
        then 'OVERDUE_UNMET'
        when is_past_due
        then 'OVERDUE_UNKNOWN'
        when ever_reached_{{ end }} and not is_ceiling_of_period
        then 'ACHIEVED'
        when worst is null and best is null
        then 'NOT_ASSESSABLE'
        when has_pace
        then pace_label_{{ end }}
        else 'NOT_ASSESSABLE'
    end
{%- endmacro %}

{#- Statuses of an event that is done, not merely on its way: reviewed is not adopted, submitted is not approved,
    started is not built. -#}
{% macro completed_statuses() -%}
    {{
        return(
            "('ADOPTED', 'APPROVED', 'ISSUED', 'SIGNED', 'HELD', 'ESTABLISHED', 'INTRODUCED', 'OPENED', "
            ~ "'IN_OPERATION', 'EXTENDED')"
        )
    }}
{%- endmacro %}

{#- One row per target version, as of a day. `marts` maps the names of marts to what they are read from: the models of
    this build, or a file that somebody has attached. -#}
{% macro commitment_progress_on(day, marts) -%}
    with
        commitments as (select * from {{ marts["fct_commitment"] }}),
        observations as (select * from {{ marts["fct_observation"] }}),
        events as (select * from {{ marts["fct_event"] }}),
        indicators as (select * from {{ marts["dim_indicator"] }}),
        days as (select {{ day }} as as_of_date),

        known as (
            select
                observations.*, concat_ws('.', indicator_id, ref_area, breakdown, unit_measure) as series_key
            from observations
            cross join days
            where {{ known_on("as_of_date") }} and (lower_bound is not null or upper_bound is not null)
        ),

        -- A base that is given also says which part of the whole is meant.
        promised as (
            select
                commitments.commitment_id,
                commitments.version,
                commitments.source_id,
                commitments.indicator_id,
                commitments.domain_id,
                commitments.initiative_id,
                commitments.title_zh,
                commitments.title_en,
                commitments.ref_area,
                coalesce(given.breakdown, '_T') as breakdown,
                commitments.kind,
                commitments.modality,
                commitments.value_text,
                commitments.unit_measure,
                commitments.accounting,
                commitments.target_value,
                commitments.value_qualifier as target_qualifier,
                commitments.lower_bound as target_lower_bound,
                commitments.lower_closed as target_lower_closed,
                commitments.upper_bound as target_upper_bound,
                commitments.upper_closed as target_upper_closed,
                commitments.date_announced,
                coalesce(commitments.period_start, commitments.date_announced) as start_date,
                commitments.due_date,
                commitments.locator,
                commitments.accounting = 'OVER_PERIOD' as is_over_period,
                given.observation_id as given_id,
                indicators.direction,
                indicators.stock_flow,
                days.as_of_date
            from commitments
            cross join days
            left join known as given on given.observation_id = commitments.base_observation_id
            left join indicators on indicators.indicator_id = commitments.indicator_id
        ),

        with_series as (
            select *, concat_ws('.', indicator_id, ref_area, breakdown, unit_measure) as series_key
            from promised
        ),

        -- The last figure up to the promise.
        before_promise as (
            select
                with_series.commitment_id,
                with_series.version,
                known.observation_id,
                row_number() over (
                    partition by with_series.commitment_id, with_series.version
                    order by known.time_period_end desc, known.observation_id
                ) as rank_from_latest
            from with_series
            join known on known.series_key = with_series.series_key
            where known.time_period_end <= with_series.date_announced
        ),

        with_base_id as (
            select
                with_series.*,
                case
                    when not with_series.is_over_period
                    then coalesce(with_series.given_id, before_promise.observation_id)
                end as base_observation_id
            from with_series
            left join
                before_promise
                on before_promise.commitment_id = with_series.commitment_id
                and before_promise.version = with_series.version
                and before_promise.rank_from_latest = 1
        ),

        -- A period starts from nothing, on the evening before its first day.
        with_base as (
            select
                with_base_id.*,
                case
                    when is_over_period
                    then 'ZERO_AT_START'
                    when given_id is not null
                    then 'GIVEN'
                    when with_base_id.base_observation_id is not null
                    then 'LAST_BEFORE_PROMISE'
                end as base_choice,
                case when is_over_period then 0 else base.obs_value end as base_value,
                case when is_over_period then 0 else base.lower_bound end as base_lower_bound,
                case when is_over_period then true else base.lower_closed end as base_lower_closed,
                case when is_over_period then 0 else base.upper_bound end as base_upper_bound,
                case when is_over_period then true else base.upper_closed end as base_upper_closed,
                case
                    when is_over_period
                    then cast({{ dbt.dateadd("day", -1, "start_date") }} as date)
                    else base.time_period_end
                end as base_date,
                base.segment as base_segment,
                base.series_key is distinct from with_base_id.series_key
                and not is_over_period as is_other_series
            from with_base_id
            left join known as base on base.observation_id = with_base_id.base_observation_id
        ),

        with_direction as (select *, {{ toward() }} as toward from with_base),

        -- A range counts as reached at its nearer end.
        with_threshold as (
            select
                *,
                case when toward = 1 then target_lower_bound else target_upper_bound end as target,
                toward
                * case when toward = 1 then target_lower_bound else target_upper_bound end as threshold,
                case
                    when toward = 1 then target_lower_closed else target_upper_closed
                end as threshold_closed,
                case when toward = 1 then base_lower_bound else - base_upper_bound end as base_worst,
                case when toward = 1 then base_lower_closed else base_upper_closed end as base_worst_closed,
                case when toward = 1 then base_upper_bound else - base_lower_bound end as base_best
            from with_direction
        ),

        -- What has been reported since: levels after the base, or totals that start with the period.
        reported as (
            select
                with_threshold.commitment_id,
                with_threshold.version,
                with_threshold.due_date,
                with_threshold.threshold,
                with_threshold.threshold_closed,
                known.observation_id,
                known.time_period_end,
                case when toward = 1 then known.lower_bound else - known.upper_bound end as worst,
                case when toward = 1 then known.lower_closed else known.upper_closed end as worst_closed,
                case when toward = 1 then known.upper_bound else - known.lower_bound end as best,
                case when toward = 1 then known.upper_closed else known.lower_closed end as best_closed
            from with_threshold
            join known on known.series_key = with_threshold.series_key
            where
                threshold is not null
                and known.time_period_end > coalesce(base_date, date_announced)
                and known.time_period_end <= as_of_date
                and (base_segment is null or known.segment = base_segment)
                and not is_other_series
                and (
                    not is_over_period
                    or (known.time_period_start = start_date and known.time_period_end <= due_date)
                )
        ),

        judged as (
            select
                *,
                {{ is_reached("low") }} as reached_low,
                {{ is_reached("high") }} as reached_high,
                row_number() over (
                    partition by commitment_id, version order by time_period_end desc, observation_id
                ) as rank_from_latest,
                row_number() over (
                    partition by commitment_id, version
                    order by
                        case when time_period_end < due_date then 0 else 1 end,
                        time_period_end desc,
                        observation_id
                ) as rank_before_due,
                row_number() over (
                    partition by commitment_id, version
                    order by
                        case when time_period_end > due_date then 0 else 1 end,
                        time_period_end,
                        observation_id
                ) as rank_after_due
            from reported
        ),

        looked_at as (
            select
                commitment_id,
                version,
                max(case when rank_from_latest = 1 then observation_id end) as actual_observation_id,
                coalesce(max(time_period_end) >= max(due_date), false) as is_settled,
                {% for end in ["low", "high"] -%}
                    coalesce(
                        max(case when time_period_end = due_date and reached_{{ end }} then 1 end) = 1, false
                    ) as reached_on_due_{{ end }},
                    coalesce(
                        max(
                            case
                                when rank_before_due = 1 and time_period_end < due_date and reached_{{ end }}
                                then 1
                            end
                        )
                        = 1,
                        false
                    ) as held_before_due_{{ end }},
                    coalesce(
                        max(
                            case
                                when rank_after_due = 1 and time_period_end > due_date and reached_{{ end }}
                                then 1
                            end
                        )
                        = 1
                        and max(case when time_period_end = due_date then 1 end) is null,
                        false
                    ) as held_after_due_{{ end }},
                    coalesce(
                        max(case when time_period_end > due_date and reached_{{ end }} then 1 end) = 1, false
                    ) as ever_after_due_{{ end }},
                    coalesce(
                        max(case when reached_{{ end }} then 1 end) = 1, false
                    ) as ever_reached_{{ end }},
                {% endfor -%}
                -- Surely reached once, surely not held now.
                coalesce(
                    max(case when rank_from_latest = 1 and not reached_high then 1 end) = 1
                    and max(case when reached_low then 1 end) = 1,
                    false
                ) as is_reversed
            from judged
            group by commitment_id, version
        ),

        completed as (
            select
                events.fulfils_commitment_id as commitment_id,
                events.event_id,
                events.date_start as fulfilled_high,
                coalesce(events.date_end, events.date_start, events.date_published) as fulfilled_low,
                row_number() over (
                    partition by events.fulfils_commitment_id
                    order by
                        coalesce(events.date_end, events.date_start, events.date_published), events.event_id
                ) as rank_from_first
            from events
            cross join days
            where
                events.fulfils_commitment_id is not null
                and events.status in {{ completed_statuses() }}
                and events.date_published <= days.as_of_date
        ),

        with_actual as (
            select
                with_threshold.*,
                looked_at.actual_observation_id,
                coalesce(looked_at.is_settled, false) as is_settled,
                {% for end in ["low", "high"] -%}
                    coalesce(looked_at.reached_on_due_{{ end }}, false) as reached_on_due_{{ end }},
                    coalesce(looked_at.held_before_due_{{ end }}, false) as held_before_due_{{ end }},
                    coalesce(looked_at.held_after_due_{{ end }}, false) as held_after_due_{{ end }},
                    coalesce(looked_at.ever_after_due_{{ end }}, false) as ever_after_due_{{ end }},
                    coalesce(looked_at.ever_reached_{{ end }}, false) as ever_reached_{{ end }},
                {% endfor -%}
                coalesce(looked_at.is_reversed, false) as is_reversed,
                actual.obs_value as actual,
                actual.lower_bound as actual_lower_bound,
                actual.lower_closed as actual_lower_closed,
                actual.upper_bound as actual_upper_bound,
                actual.upper_closed as actual_upper_closed,
                actual.time_period_end as actual_date,
                case when toward = 1 then actual.lower_bound else - actual.upper_bound end as worst,
                case when toward = 1 then actual.upper_bound else - actual.lower_bound end as best,
                case when toward = 1 then actual.upper_closed else actual.lower_closed end as best_closed,
                completed.event_id as fulfilled_by_event_id,
                completed.fulfilled_low,
                completed.fulfilled_high
            from with_threshold
            left join
                looked_at
                on looked_at.commitment_id = with_threshold.commitment_id
                and looked_at.version = with_threshold.version
            left join known as actual on actual.observation_id = looked_at.actual_observation_id
            left join
                completed
                on completed.commitment_id = with_threshold.commitment_id
                and completed.rank_from_first = 1
        ),

        -- Whole years where base, actual and due date all end a year; else days.
        with_unit_of_time as (
            select
                *,
                fulfilled_by_event_id is not null and actual_observation_id is null as is_fulfilled,
                threshold is not null as has_target,
                as_of_date >= start_date as has_begun,
                coalesce(as_of_date > due_date, false) as is_past_due,
                is_over_period and toward = -1 as is_ceiling_of_period,
                case
                    when
                        {{ is_year_end("base_date") }}
                        and {{ is_year_end("actual_date") }}
                        and {{ is_year_end("due_date") }}
                    then 'YEAR'
                    when base_date is not null and actual_date is not null and due_date is not null
                    then 'DAY'
                end as time_unit
            from with_actual
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
            from with_unit_of_time
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
                case
                    when has_gap and not is_ceiling_of_period then {{ gap_closed("half_up") }}
                end as gap_closed,
                case
                    when has_gap and not is_ceiling_of_period then {{ gap_closed("down") }}
                end as gap_closed_low,
                case
                    when has_gap and not is_ceiling_of_period then {{ gap_closed("up") }}
                end as gap_closed_high,
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

        with_ends as (
            select *, {{ status_at("low") }} as status_low, {{ status_at("high") }} as status_high
            from with_label
        ),

        with_status as (
            select
                *,
                case when status_low = status_high then status_low else 'INDETERMINATE' end as status,
                pace_label = cagr_label as methods_agree
            from with_ends
        ),

        with_reason as (select *, {{ progress_reason() }} as reason from with_status)

    select
        commitment_id,
        cast(version as bigint) as version,
        source_id,
        indicator_id,
        domain_id,
        initiative_id,
        title_zh,
        title_en,
        ref_area,
        breakdown,
        kind,
        modality,
        value_text,
        unit_measure,
        accounting,
        date_announced,
        start_date,
        due_date,
        as_of_date,
        cast(toward as bigint) as toward,
        base_choice,
        base_observation_id,
        base_date,
        cast(base_value as decimal(38, 9)) as base,
        cast(base_lower_bound as decimal(38, 9)) as base_lower_bound,
        base_lower_closed,
        cast(base_upper_bound as decimal(38, 9)) as base_upper_bound,
        base_upper_closed,
        actual_observation_id,
        actual_date,
        actual,
        actual_lower_bound,
        actual_lower_closed,
        actual_upper_bound,
        actual_upper_closed,
        target,
        threshold_closed as target_closed,
        fulfilled_by_event_id,
        time_unit,
        cast(elapsed_time as bigint) as elapsed_time,
        cast(total_time as bigint) as total_time,
        gap_closed,
        gap_closed_low,
        gap_closed_high,
        time_elapsed,
        pace,
        pace_low,
        pace_high,
        cagr_ratio,
        methods_agree,
        status_low,
        status_high,
        status,
        is_reversed,
        reason,
        locator
    from with_reason
{%- endmacro %}

{#- Dialect-free: the last day of a year. -#}
{% macro is_year_end(day) -%}
    (extract(month from {{ day }}) = 12 and extract(day from {{ day }}) = 31)
{%- endmacro %}

{#- Why a status cannot be had, or what it rests on where figures are not the ground. Never empty where something
    is missing. -#}
{% macro progress_reason() -%}
    nullif(
        concat_ws(
            '; ',
            case
                when is_fulfilled
                then '由事件判定 judged by the event that fulfils it'
                when not has_target and value_text is null
                then '无数量指标,亦无已完成的履行事件 no number, and no completed event fulfils it'
                when not has_target
                then '原文未给可达的数值 the wording sets no number that could be reached'
            end,
            case when has_target and not has_begun then '期间尚未开始 before its period' end,
            case
                when has_target and indicator_id is null and not is_fulfilled
                then '无对应指标,无从取得实际值 no indicator, so no figure can tell'
                when
                    has_target
                    and not is_fulfilled
                    and actual_observation_id is null
                    and is_other_series
                    and base_observation_id is not null
                then '所给基数不属同一序列 the given base is of another series'
                when has_target and not is_fulfilled and actual_observation_id is null
                then '基数之后尚无实际值 no figure after the base'
            end,
            case
                when has_target and not is_fulfilled and indicator_id is not null and base_choice is null
                then '承诺之前无基数 no figure up to the promise to start from'
                when
                    has_target
                    and not is_fulfilled
                    and base_choice is not null
                    and (base_worst is null or base_best is null)
                then '基数一端无界 an end of the base is unbounded'
                when has_target and not is_fulfilled and base_best >= threshold
                then '基数或已达目标 the base may have reached the target already'
            end,
            case when has_target and due_date is null then '无期限,不论进度 no due date, so no pace' end,
            case when is_past_due and not is_settled and not is_fulfilled then '已到期 past due' end,
            case
                when is_ceiling_of_period then '期间上限,期满方可判定 a ceiling over a period is judged at its end'
            end,
            case
                when has_pace and (actual is null or base_value is null)
                then '原文未给单一数值 no single number is printed'
            end,
            case
                when has_pace and actual is not null and base_value is not null and cagr_ratio is null
                then '基数、实际值或目标不全为正,无复合增长率之比 base, actual and target not all above zero: no growth ratio'
            end,
            case when worst is null and best is not null then '实际值一端无界 an end of the actual is unbounded' end,
            case when best is null and worst is not null then '实际值一端无界 an end of the actual is unbounded' end,
            case when status = 'INDETERMINATE' then '两端结论不同 the two ends disagree' end,
            case when is_reversed then '曾达目标,现已失去 REVERSED: reached once, lost since' end
        ),
        ''
    )
{%- endmacro %}
