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
    {%- set growths = [] -%}
    {%- for value, time in [("actual", "elapsed_time"), ("target", "total_time")] -%}
        {%- set ratio = "cast(" ~ value ~ " as double) / cast(base_value as double)" -%}
        {%- do growths.append(
            "(" ~ exact_exp(exact_ln(ratio) ~ " / cast(" ~ time ~ " as double)") ~ " - 1)"
        ) -%}
    {%- endfor -%}
    {{ round_double(growths[0] ~ " / nullif(" ~ growths[1] ~ ", 0)", "half_up") }}
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

{#- What figures of the due date and later settle at one end: reached on the due date, or before it and still at the
    first look after it. Where the first look after it is the first to reach it, nobody saw on which side of the due
    date that was: at the worse end after it, at the better end in time. -#}
{% macro settled_at(end) -%}
    case
        when
            reached_on_due_{{ end }}
            or ({{ "held_before_due_low and " if end == "low" }}held_after_due_{{ end }})
        then 'ACHIEVED'
        when ever_after_due_{{ end }}
        then 'ACHIEVED_LATE'
        when is_settled
        then 'OVERDUE_UNMET'
    end
{%- endmacro %}

{#- Whether figures decide, so that no word is needed: they settle it alike at both ends, or it is not yet due and
    already reached. Where it is reached at either end, a word can still tell when, but not that it was not. -#}
{% macro figures_decide() -%}
    coalesce(settled_low = settled_high or (settled_low <> 'OVERDUE_UNMET' and told_low <> 'FULFILS'), false)
    or (ever_reached_low and not is_past_due and not is_ceiling_of_period)
{%- endmacro %}

{#- Status at one end, the first that fits. What figures decide stands above what bulletins say; without either, what
    has been said of it on the way. Denied once it was due, it is not met; before, it is only contradicted. -#}
{% macro status_at(end) -%}
    case
        when is_told and told_{{ end }} = 'FULFILS'
        then case when fulfilled_{{ end }} > due_date then 'ACHIEVED_LATE' else 'ACHIEVED' end
        when is_told and told_{{ end }} = 'ABANDONS'
        then 'ABANDONED'
        when is_told and told_{{ end }} = 'CONTRADICTS'
        then case when decided_on > due_date then 'OVERDUE_UNMET' else 'CONTRADICTED' end
        when not has_target
        then {{ status_by_word() }}
        when not has_begun
        then 'NOT_STARTED'
        when settled_{{ end }} is not null
        then settled_{{ end }}
        when is_past_due
        then {{ status_by_word() }}
        when ever_reached_{{ end }} and not is_ceiling_of_period
        then 'ACHIEVED'
        when has_pace and (worst is not null or best is not null)
        then pace_label_{{ end }}
        else {{ status_by_word() }}
    end
{%- endmacro %}

{#- A repetition is no promise of its own, and a rule in force none at all: there is nothing to come. -#}
{% macro is_promise() -%} (restates is null and modality is distinct from 'IN_FORCE') {%- endmacro %}

{#- How many tasks or aspects a plan has says how long it is: nothing of that falls due. -#}
{% macro counts_itself() -%}
    coalesce(commitment_type = 'PLAN_COUNT' and indicator_id is null and is_item_of_plan, false)
{%- endmacro %}

{#- Where no figure tells: a word since the due date counts past it, silence only of what has no number. -#}
{% macro status_by_word() -%}
    case
        when is_past_due and coalesce(last_word_on <= due_date, true)
        then 'OVERDUE_UNKNOWN'
        when word_outcome_type = 'ADVANCES'
        then 'ADVANCED'
        when last_word_on is not null
        then 'REPORTED'
        when is_silent and not is_mentioned and not has_target and commitment_type is distinct from 'STANDARD'
        then 'NOT_REPORTED'
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

{#- Kinds of period that come again each year at the same place: a year, a half, a quarter, a month, from January on. -#}
{% macro is_calendar_type(period_type) -%}
    (substring({{ period_type }}, 1, 1) in ('A', 'H', 'Q', 'M', 'Y'))
{%- endmacro %}

{#- Why a status cannot be had, or what it rests on where figures are not the ground. Never empty where something
    is missing. -#}
{% macro progress_reasons() -%}
    {{
        return(
            {
                "SUPERSEDED": "not is_current_version",
                "JUDGED_BY_REPORT": "is_told",
                "FIGURE_AND_REPORT_DISAGREE": (
                    "told_low is not null and not is_told "
                    ~ "and (told_low = 'FULFILS') <> (status_low in ('ACHIEVED', 'ACHIEVED_LATE'))"
                ),
                "NO_NUMBER": "not has_target and value_text is null and not is_told",
                "NO_REACHABLE_NUMBER": "not has_target and value_text is not null and not is_told",
                "UNDER_WAY_SAID": "status = 'ADVANCED'",
                "ONLY_MENTIONED": "status = 'REPORTED'",
                "PROGRAMME_SILENT": "status = 'NOT_REPORTED'",
                "MENTIONED_UNTIED": "is_mentioned and status in ('NOT_ASSESSABLE', 'OVERDUE_UNKNOWN')",
                "BEFORE_PERIOD": "has_target and not has_begun",
                "NO_INDICATOR": "has_target and indicator_id is null and not is_told",
                "PLAN_COUNTS_ITSELF": "counts_itself",
                "BASE_OF_OTHER_SERIES": "has_target and not is_told and is_other_series",
                "NO_FIGURE_SINCE": (
                    "has_target and not is_told and actual_date is null "
                    ~ "and indicator_id is not null and not is_other_series"
                ),
                "NO_BASE": "has_target and not is_told and indicator_id is not null and base_choice is null",
                "BASE_UNBOUNDED": (
                    "has_target and not is_told and base_choice is not null "
                    ~ "and (base_worst is null or base_best is null)"
                ),
                "BASE_MAY_HAVE_REACHED": "has_target and not is_told and base_best >= threshold",
                "NO_DUE_DATE": "has_target and due_date is null",
                "PAST_DUE": "is_past_due and not is_settled and not is_told",
                "CEILING_OF_PERIOD": "is_ceiling_of_period",
                "PART_OF_PERIOD": "is_part",
                "NEAR_FIGURE": "is_near",
                "DATE_NOT_EXACT": "has_target and is_day_open",
                "NO_SINGLE_NUMBER": "has_pace and (actual is null or base_value is null)",
                "NO_GROWTH_RATIO": (
                    "has_pace and actual is not null and base_value is not null and cagr_ratio is null"
                ),
                "ACTUAL_UNBOUNDED": "(worst is null) <> (best is null)",
                "ENDS_DISAGREE": "status = 'INDETERMINATE'",
                "DONE_IN_TIME_UNKNOWN": "status_low = 'ACHIEVED_LATE' and status_high = 'ACHIEVED'",
                "LOST_SINCE": "is_reversed",
            }
        )
    }}
{%- endmacro %}
