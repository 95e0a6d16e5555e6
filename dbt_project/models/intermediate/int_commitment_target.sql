with
    commitments as (select * from {{ ref("int_commitment") }} where {{ is_promise() }}),
    bases as (select * from {{ ref("int_commitment_base") }}),
    figures as (select * from {{ ref("int_commitment_figure") }}),

    -- What is read twice: a promise that has an end of our presuming, its own or that of a figure of it.
    {% set differs -%}
        lower_bound is distinct from stated_lower_bound
        or lower_closed is distinct from stated_lower_closed
        or upper_bound is distinct from stated_upper_bound
        or upper_closed is distinct from stated_upper_closed
    {%- endset -%}
    read_twice as (
        select version_id
        from commitments
        where {{ differs }}
        union
        select version_id
        from figures
        where {{ differs }}
    ),

    -- Once with the ends that we presume, once with those left open.
    read as (
        {% for reading, prefix in {"PRESUMED": "", "STATED": "stated_"}.items() -%}
            select
                bases.version_id,
                '{{ reading }}' as reading,
                bases.valid_from,
                bases.valid_to,
                bases.is_over_period,
                bases.is_other_series,
                bases.base_choice,
                bases.base_observation_id,
                bases.base_date,
                bases.base_date_precision,
                bases.base_value,
                bases.{{ prefix }}lower_bound as base_lower_bound,
                bases.{{ prefix }}lower_closed as base_lower_closed,
                bases.{{ prefix }}upper_bound as base_upper_bound,
                bases.{{ prefix }}upper_closed as base_upper_closed,
                bases.base_series_id,
                bases.base_segment,
                bases.base_evidence,
                bases.base_host,
                commitments.direction,
                commitments.target_value,
                commitments.value_qualifier as target_qualifier,
                commitments.{{ prefix }}lower_bound as target_lower_bound,
                commitments.{{ prefix }}lower_closed as target_lower_closed,
                commitments.{{ prefix }}upper_bound as target_upper_bound,
                commitments.{{ prefix }}upper_closed as target_upper_closed,
                commitments.date_announced,
                commitments.due_date
            from bases
            join commitments on commitments.version_id = bases.version_id
            {% if reading == "STATED" -%} join read_twice on read_twice.version_id = bases.version_id
            {% else -%}
                union all
            {% endif -%}
        {% endfor %}
    ),

    with_direction as (select *, {{ toward() }} as toward from read),

    -- A range counts as reached at its nearer end.
    with_threshold as (
        select
            *,
            case when toward = 1 then target_lower_bound else target_upper_bound end as target,
            toward * case when toward = 1 then target_lower_bound else target_upper_bound end as threshold,
            case when toward = 1 then target_lower_closed else target_upper_closed end as threshold_closed,
            case when toward = 1 then base_lower_bound else - base_upper_bound end as base_worst,
            case when toward = 1 then base_lower_closed else base_upper_closed end as base_worst_closed,
            case when toward = 1 then base_upper_bound else - base_lower_bound end as base_best
        from with_direction
    )

select *
from with_threshold
