with
    tellings as (select * from {{ ref("int_telling") }}),
    vintages as (select * from {{ ref("int_vintage") }}),

    lasting as (select * from vintages where held_from is not null),

    -- Tellings that nobody can put in order: the truth lies between their outermost ends, and there is no
    -- number.
    undecided as (
        select lasting.observation_id as opened_by, lasting.held_from, lasting.held_to, members.observation_id
        from lasting
        join
            vintages as members
            on members.held_observation_id = lasting.held_observation_id
            and members.place <= lasting.place
            and members.effect in ('REPLACES', 'UNDECIDED')
        where lasting.effect = 'UNDECIDED'
    ),

    outermost as (
        select
            undecided.opened_by,
            min(undecided.held_from) as held_from,
            min(undecided.held_to) as held_to,
            {% for reading in ["", "stated_"] -%}
                case
                    when count(tellings.{{ reading }}lower_bound) = count(*)
                    then min(tellings.{{ reading }}lower_bound)
                end as {{ reading }}lower_bound,
                case
                    when count(tellings.{{ reading }}upper_bound) = count(*)
                    then max(tellings.{{ reading }}upper_bound)
                end as {{ reading }}upper_bound,
            {% endfor -%}
            max(tellings.differs_until) as differs_until,
            {{ dbt.listagg("distinct tellings.step_note", "'; '", "order by tellings.step_note") }}
            as comparability_note,
            max({{ evidence_rank("tellings.evidence") }}) as weakest,
            max({{ evidence_rank("tellings.host_quality", host_grades()) }}) as weakest_host
        from undecided
        join tellings on tellings.observation_id = undecided.observation_id
        group by undecided.opened_by
    ),

    decided_holdings as (
        select
            tellings.series_id,
            tellings.indicator_id,
            tellings.domain_id,
            tellings.ref_area,
            tellings.breakdown,
            tellings.unit_measure,
            tellings.stock_flow,
            tellings.period_type,
            tellings.time_period_start,
            tellings.time_period_end,
            tellings.segment,
            tellings.next_break,
            tellings.observation_id,
            tellings.obs_value,
            {% for reading in ["", "stated_"] -%}
                tellings.{{ reading }}lower_bound,
                tellings.{{ reading }}lower_closed,
                tellings.{{ reading }}upper_bound,
                tellings.{{ reading }}upper_closed,
            {% endfor -%}
            tellings.obs_status,
            tellings.date_precision,
            tellings.step_note as comparability_note,
            tellings.differs_until,
            tellings.evidence,
            tellings.host_quality,
            lasting.held_from,
            lasting.held_to
        from lasting
        join tellings on tellings.observation_id = lasting.observation_id
        where lasting.effect = 'REPLACES'
    ),

    -- Ends that several share may be open in one and closed in another: closed is the wider.
    undecided_holdings as (
        select
            tellings.series_id,
            tellings.indicator_id,
            tellings.domain_id,
            tellings.ref_area,
            tellings.breakdown,
            tellings.unit_measure,
            tellings.stock_flow,
            tellings.period_type,
            tellings.time_period_start,
            tellings.time_period_end,
            tellings.segment,
            tellings.next_break,
            cast(null as {{ dbt.type_string() }}) as observation_id,
            cast(null as decimal(38, 9)) as obs_value,
            {% for reading in ["", "stated_"] -%}
                outermost.{{ reading }}lower_bound,
                case
                    when outermost.{{ reading }}lower_bound is not null then true
                end as {{ reading }}lower_closed,
                outermost.{{ reading }}upper_bound,
                case
                    when outermost.{{ reading }}upper_bound is not null then true
                end as {{ reading }}upper_closed,
            {% endfor -%}
            tellings.obs_status,
            tellings.date_precision,
            outermost.comparability_note,
            outermost.differs_until,
            {{ evidence_of_rank("outermost.weakest") }} as evidence,
            {{ evidence_of_rank("outermost.weakest_host", host_grades()) }} as host_quality,
            outermost.held_from,
            outermost.held_to
        from outermost
        join tellings on tellings.observation_id = outermost.opened_by
    ),

    holdings as (
        select *
        from decided_holdings
        union all
        select *
        from undecided_holdings
    )

select *
from holdings
