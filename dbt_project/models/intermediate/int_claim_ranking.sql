with
    claims as (select * from {{ ref("int_claim") }}),
    witnesses as (select * from {{ ref("int_claim_witness") }}),
    observations as (select * from {{ ref("fct_observation") }}),
    members as (select * from {{ ref("stg_area_members") }}),
    units as (select * from {{ ref("stg_units") }}),

    figures as (
        select *, {{ line_of("locator") }} as line
        from observations
        where is_current_vintage and obs_status <> 'E'
    ),

    ranked as (
        select claims.*, witnesses.level_observation_id, witnesses.level_base_unit
        from claims
        join witnesses on witnesses.claim_id = claims.claim_id
        where claims.claim_test = 'RANKING'
    ),

    -- One figure of each member; of several units the one that the indicator is told in.
    member_figures as (
        select
            ranked.claim_id,
            members.member_area,
            members.member_area = ranked.ref_area as is_own,
            figures.observation_id,
            figures.evidence,
            coalesce(
                figures.source_id = ranked.source_id and figures.line = ranked.line, false
            ) as is_in_own_line,
            row_number() over (
                partition by ranked.claim_id, members.member_area
                order by
                    case when figures.unit_measure = ranked.indicator_unit then 0 else 1 end,
                    figures.unit_measure,
                    figures.series_id
            ) as place
        from ranked
        join members on members.group_area = ranked.whole_ref_area
        left join
            figures
            on figures.ref_area = members.member_area
            and figures.indicator_id = ranked.indicator_id
            and figures.breakdown = ranked.breakdown
            and figures.time_period_end = ranked.time_period_end
            and figures.time_period_start is not distinct from ranked.time_period_start
            and figures.base_unit = ranked.level_base_unit
    ),

    counted as (
        select
            claim_id,
            count(*) as n_members,
            count(observation_id) as n_with_figure,
            max(case when is_own then 1 else 0 end) = 1 as is_member,
            min(case when is_own or is_in_own_line then 1 else 0 end) = 1 as is_all_in_own_line,
            max({{ evidence_rank("evidence") }}) as weakest,
            min({{ evidence_rank("evidence") }}) as strongest
        from member_figures
        where place = 1
        group by claim_id
    ),

    -- Of all figures these alone are ranked.
    ranked_figures as (
        select figures.*, units.factor_num, units.factor_den
        from figures
        left join units on units.unit_measure = figures.unit_measure
        where
            figures.observation_id in (
                select level_observation_id
                from ranked
                union
                select observation_id
                from member_figures
            )
    ),

    -- Both readings of each end, in base units.
    ends as (
        {% for reading, prefix in [("POLICY", ""), ("STATED", "stated_")] -%}
            select
                observation_id,
                '{{ reading }}' as reading,
                {{ in_base_unit(prefix ~ "lower_bound", "down") }} as lower_bound,
                {{ prefix }}lower_closed as lower_closed,
                {{ in_base_unit(prefix ~ "upper_bound", "up") }} as upper_bound,
                {{ prefix }}upper_closed as upper_closed
            from ranked_figures {{ "union all" if not loop.last }}
        {% endfor %}
    ),

    facing as (
        select
            ranked.claim_id,
            ranked.direction,
            own.reading,
            {% for side in ["own", "other"] -%}
                {% for end in ["lower", "upper"] -%}
                    {{ side }}.{{ end }}_bound as {{ side }}_{{ end }}_bound,
                    {{ side }}.{{ end }}_closed as {{ side }}_{{ end }}_closed
                    {{- "," if not loop.last }}
                {% endfor -%}
                {{- "," if not loop.last }}
            {% endfor %}
        from ranked
        join member_figures on member_figures.claim_id = ranked.claim_id
        join ends as own on own.observation_id = ranked.level_observation_id
        join
            ends as other
            on other.observation_id = member_figures.observation_id
            and other.reading = own.reading
        where member_figures.place = 1 and not member_figures.is_own
    ),

    -- Best first: the most of it, of what should fall the least. Equal figures share a rank.
    faced as (
        select
            claim_id,
            reading,
            case
                when direction = 'DOWN'
                then {{ lies_below("other", "own") }}
                else {{ lies_below("own", "other") }}
            end as is_surely_ahead,
            case
                when direction = 'DOWN'
                then coalesce(other_lower_bound < own_upper_bound, true)
                else coalesce(other_upper_bound > own_lower_bound, true)
            end as is_perhaps_ahead
        from facing
    ),

    ranks as (
        select
            claim_id,
            reading,
            1 + sum(case when is_surely_ahead then 1 else 0 end) as rank_low,
            1 + sum(case when is_perhaps_ahead then 1 else 0 end) as rank_high
        from faced
        group by claim_id, reading
    ),

    readings as (
        select 'POLICY' as reading
        union all
        select 'STATED' as reading
    ),

    -- A rank among those whose figures are known is none among all.
    rankings as (
        select
            counted.claim_id,
            readings.reading,
            counted.n_members,
            counted.n_with_figure,
            counted.is_member,
            counted.is_all_in_own_line,
            counted.weakest,
            counted.strongest,
            case
                when counted.is_member and counted.n_with_figure = counted.n_members
                then cast(ranks.rank_low as decimal(38, 9))
            end as rank_low,
            case
                when counted.is_member and counted.n_with_figure = counted.n_members
                then cast(ranks.rank_high as decimal(38, 9))
            end as rank_high
        from counted
        cross join readings
        left join ranks on ranks.claim_id = counted.claim_id and ranks.reading = readings.reading
    )

select *
from rankings
