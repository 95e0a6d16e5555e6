{#- The key of a figure that a promise is read on. Whole rows of it are fetched once it is chosen. -#}
{%- set figure = ["version_id", "reading", "base_from", "series_id", "time_period_end", "known_from"] -%}
{%- set is_chosen -%}
    {%- for column in figure -%}
        {{ "and " if not loop.first }}actuals.{{ column }} = candidates.{{ column }}
    {% endfor -%}
{%- endset -%}
with
    commitments as (select * from {{ ref("int_commitment") }} where {{ is_promise() }}),
    spans as (select * from {{ ref("int_commitment_span") }}),
    targets as (select * from {{ ref("int_commitment_target") }}),
    actuals as (select * from {{ ref("int_commitment_actual") }}),

    -- The base that holds then. Bases follow upon each other without a gap, from the first day on.
    with_base as (
        select
            spans.version_id,
            targets.reading,
            spans.valid_from,
            spans.valid_to,
            targets.valid_from as base_from
        from spans
        join targets on targets.version_id = spans.version_id
        where
            targets.valid_from <= spans.valid_from
            and (targets.valid_to is null or targets.valid_to > spans.valid_from)
    ),

    -- What each day brings, and takes away; summed up below, so that no figure is looked at once a state.
    steps as (
        select
            version_id,
            reading,
            base_from,
            valid_from as day,
            time_period_end as latest_period,
            cast(null as date) as settling_period,
            cast(null as date) as before_due,
            cast(null as date) as after_due,
            cast(null as date) as reached_period,
            {% for end in ["low", "high"] -%}
                0 as ever_reached_{{ end }}, 0 as ever_after_due_{{ end }}{{ "," if not loop.last }}
            {% endfor %}
        from actuals
        union all
        select
            version_id,
            reading,
            base_from,
            settles_from as day,
            cast(null as date) as latest_period,
            time_period_end as settling_period,
            case when time_period_end < due_date then time_period_end end as before_due,
            -- On a day that may lie on either side of the due date, only what reaches the target tells.
            case
                when
                    time_period_end > due_date
                    and (
                        reached_high
                        or {{ first_possible_day("time_period_end", "date_precision") }} > due_date
                    )
                then time_period_end
            end as after_due,
            case when reached_low and settles_to is null then time_period_end end as reached_period,
            {% for end in ["low", "high"] -%}
                case when reached_{{ end }} then 1 else 0 end as ever_reached_{{ end }},
                case
                    when reached_{{ end }} and time_period_end > due_date then 1 else 0
                end as ever_after_due_{{ end }}{{ "," if not loop.last }}
            {% endfor %}
        from actuals
        where can_settle
        union all
        select
            version_id,
            reading,
            base_from,
            settles_to as day,
            cast(null as date) as latest_period,
            cast(null as date) as settling_period,
            cast(null as date) as before_due,
            cast(null as date) as after_due,
            cast(null as date) as reached_period,
            {% for end in ["low", "high"] -%}
                case when reached_{{ end }} then -1 else 0 end as ever_reached_{{ end }},
                case
                    when reached_{{ end }} and time_period_end > due_date then -1 else 0
                end as ever_after_due_{{ end }}{{ "," if not loop.last }}
            {% endfor %}
        from actuals
        where can_settle and settles_to is not null
    ),

    summed as (
        select
            version_id,
            reading,
            base_from,
            day,
            max(latest_period) as latest_period,
            max(settling_period) as settling_period,
            max(before_due) as before_due,
            min(after_due) as after_due,
            min(reached_period) as reached_period,
            {% for end in ["low", "high"] -%}
                sum(ever_reached_{{ end }}) as ever_reached_{{ end }},
                sum(ever_after_due_{{ end }}) as ever_after_due_{{ end }}{{ "," if not loop.last }}
            {% endfor %}
        from steps
        group by version_id, reading, base_from, day
    ),

    running as (
        select
            with_base.version_id,
            with_base.reading,
            with_base.valid_from,
            with_base.valid_to,
            with_base.base_from,
            {% for column, how in {
                "latest_period": "max",
                "settling_period": "max",
                "before_due": "max",
                "after_due": "min",
                "reached_period": "min",
                "ever_reached_low": "sum",
                "ever_reached_high": "sum",
                "ever_after_due_low": "sum",
                "ever_after_due_high": "sum",
            }.items() -%}
                {{ how }} (summed.{{ column }}) over (
                    partition by with_base.version_id, with_base.reading, with_base.base_from
                    order by with_base.valid_from
                    rows unbounded preceding
                ) as {{ column }}{{ "," if not loop.last }}
            {% endfor %}
        from with_base
        left join
            summed
            on summed.version_id = with_base.version_id
            and summed.reading = with_base.reading
            and summed.base_from = with_base.base_from
            and summed.day = with_base.valid_from
    ),

    -- What surely reached it and was taken back later counts while it held; there are few of those.
    passing as (
        select
            with_base.version_id,
            with_base.reading,
            with_base.valid_from,
            min(actuals.time_period_end) as reached_period
        from with_base
        join
            actuals
            on actuals.version_id = with_base.version_id
            and actuals.reading = with_base.reading
            and actuals.base_from = with_base.base_from
        where
            actuals.can_settle
            and actuals.reached_low
            and actuals.settles_to is not null
            and {{ holds_on("with_base.valid_from", "actuals.settles_from", "actuals.settles_to") }}
        group by with_base.version_id, with_base.reading, with_base.valid_from
    ),

    -- The figure of each period that matters, as it is told then.
    wanted as (
        select running.*, 'LATEST' as role, running.latest_period as period
        from running
        union all
        select running.*, 'SETTLING' as role, running.settling_period as period
        from running
        union all
        select running.*, 'BEFORE_DUE' as role, running.before_due as period
        from running
        union all
        select running.*, 'AFTER_DUE' as role, running.after_due as period
        from running
        union all
        select
            running.*,
            'REACHED' as role,
            {{ earlier_day("running.reached_period", "passing.reached_period") }} as period
        from running
        left join
            passing
            on passing.version_id = running.version_id
            and passing.reading = running.reading
            and passing.valid_from = running.valid_from
        union all
        select running.*, 'ON_DUE' as role, commitments.due_date as period
        from running
        join commitments on commitments.version_id = running.version_id
        where running.settling_period is not null
    ),

    candidates as (
        select
            wanted.valid_from,
            wanted.role,
            {% for column in figure -%} actuals.{{ column }}, {% endfor -%}
            actuals.reached_low,
            actuals.reached_high,
            row_number() over (
                partition by wanted.version_id, wanted.reading, wanted.valid_from, wanted.role
                order by actuals.period_type desc, actuals.series_id
            ) as place
        from wanted
        join
            actuals
            on actuals.version_id = wanted.version_id
            and actuals.reading = wanted.reading
            and actuals.base_from = wanted.base_from
            and actuals.time_period_end = wanted.period
        where
            {{ holds_on("wanted.valid_from", "actuals.valid_from", "actuals.valid_to") }}
            and (
                wanted.role = 'LATEST'
                or (
                    actuals.can_settle
                    and {{ holds_on("wanted.valid_from", "actuals.settles_from", "actuals.settles_to") }}
                )
            )
            and (wanted.role <> 'REACHED' or actuals.reached_low)
    ),

    latest as (
        select
            candidates.valid_from as looked_at,
            actuals.*,
            coalesce(actuals.near_from <= candidates.valid_from, false) as is_near
        from candidates
        join actuals on {{ is_chosen }}
        where candidates.role = 'LATEST' and candidates.place = 1
    ),

    first_reached as (
        select
            candidates.valid_from as looked_at,
            actuals.version_id,
            actuals.reading,
            actuals.observation_id,
            actuals.time_period_end
        from candidates
        join actuals on {{ is_chosen }}
        where candidates.role = 'REACHED' and candidates.place = 1
    ),

    chosen as (
        select
            version_id,
            reading,
            valid_from,
            max(case when role = 'ON_DUE' then 1 else 0 end) = 1 as is_told_on_due,
            max(case when role in ('ON_DUE', 'AFTER_DUE') then 1 else 0 end) = 1 as is_settled,
            {% for end in ["low", "high"] -%}
                max(case when role = 'SETTLING' and not reached_{{ end }} then 1 else 0 end)
                = 1 as misses_{{ end }},
                max(case when role = 'ON_DUE' and reached_{{ end }} then 1 else 0 end)
                = 1 as reached_on_due_{{ end }},
                max(case when role = 'BEFORE_DUE' and reached_{{ end }} then 1 else 0 end)
                = 1 as held_before_due_{{ end }},
                max(case when role = 'AFTER_DUE' and reached_{{ end }} then 1 else 0 end)
                = 1 as held_after_due_{{ end }}{{ "," if not loop.last }}
            {% endfor %}
        from candidates
        where place = 1
        group by version_id, reading, valid_from
    ),

    joined as (
        select
            running.version_id,
            running.reading,
            running.valid_from,
            running.valid_to,
            running.base_from,
            latest.observation_id as actual_observation_id,
            latest.time_period_start as actual_start,
            latest.time_period_end as actual_date,
            latest.date_precision as actual_date_precision,
            latest.obs_value as actual,
            latest.printed_lower_bound as actual_lower_bound,
            latest.printed_lower_closed as actual_lower_closed,
            latest.printed_upper_bound as actual_upper_bound,
            latest.printed_upper_closed as actual_upper_closed,
            latest.worst,
            latest.best,
            latest.best_closed,
            latest.evidence as actual_evidence,
            latest.host_quality as actual_host,
            first_reached.observation_id as reached_observation_id,
            first_reached.time_period_end as reached_by,
            coalesce(not latest.is_whole, false) as is_part,
            coalesce(latest.is_near, false) as is_near,
            coalesce(chosen.is_settled, false) as is_settled,
            {% for end in ["low", "high"] -%}
                coalesce(chosen.reached_on_due_{{ end }}, false) as reached_on_due_{{ end }},
                coalesce(chosen.held_before_due_{{ end }}, false) as held_before_due_{{ end }},
                coalesce(
                    chosen.held_after_due_{{ end }} and not chosen.is_told_on_due, false
                ) as held_after_due_{{ end }},
                coalesce(running.ever_after_due_{{ end }} > 0, false) as ever_after_due_{{ end }},
                coalesce(running.ever_reached_{{ end }} > 0, false) as ever_reached_{{ end }},
            {% endfor -%}
            -- Surely reached once, surely not held now.
            coalesce(chosen.misses_high and running.ever_reached_low > 0, false) as is_reversed
        from running
        left join
            chosen
            on chosen.version_id = running.version_id
            and chosen.reading = running.reading
            and chosen.valid_from = running.valid_from
        left join
            latest
            on latest.version_id = running.version_id
            and latest.reading = running.reading
            and latest.looked_at = running.valid_from
        left join
            first_reached
            on first_reached.version_id = running.version_id
            and first_reached.reading = running.reading
            and first_reached.looked_at = running.valid_from
    )

select *
from joined
