with
    commitments as (select * from {{ ref("int_commitment") }} where {{ is_promise() }}),
    figures as (select * from {{ ref("int_commitment_figure") }}),
    tellings as (select * from {{ ref("int_telling") }}),

    -- A given base counts from the day on which it was published.
    promised as (
        select commitments.*, given.observation_id as given_id, given.published_by as given_published_by
        from commitments
        left join tellings as given on given.observation_id = commitments.base_observation_id
    ),

    candidates as (
        select
            figures.*,
            promised.published_by,
            {{ later_day("figures.valid_from", "promised.published_by") }} as known_from
        from figures
        join promised on promised.version_id = figures.version_id
        where
            not promised.is_over_period
            and (figures.is_given_base or figures.time_period_end <= promised.date_announced)
            and (figures.valid_to is null or figures.valid_to > promised.published_by)
    ),

    usable as (select distinct version_id from figures where is_given_base),

    -- The days on which another base may come to hold.
    days as (
        select version_id, published_by as day
        from promised
        union
        select version_id, known_from as day
        from candidates
        union
        select version_id, valid_to as day
        from candidates
        where valid_to is not null
        union
        select version_id, given_published_by as day
        from promised
        where given_published_by > published_by
    ),

    arrived as (
        select
            version_id,
            known_from as day,
            max(case when is_given_base then time_period_end end) as given_period,
            max(case when not is_given_base then time_period_end end) as last_period
        from candidates
        group by version_id, known_from
    ),

    with_period as (
        select
            days.version_id,
            days.day as valid_from,
            lead(days.day) over (partition by days.version_id order by days.day) as valid_to,
            max(arrived.given_period) over (
                partition by days.version_id order by days.day rows unbounded preceding
            ) as given_period,
            max(arrived.last_period) over (
                partition by days.version_id order by days.day rows unbounded preceding
            ) as last_period
        from days
        left join arrived on arrived.version_id = days.version_id and arrived.day = days.day
    ),

    -- A base that somebody gave and that cannot be compared is not replaced in silence by another.
    with_choice as (
        select
            with_period.*,
            promised.is_over_period,
            promised.given_id is not null
            and promised.given_published_by <= with_period.valid_from
            and usable.version_id is null
            and not promised.is_over_period as is_other_series
        from with_period
        join promised on promised.version_id = with_period.version_id
        left join usable on usable.version_id = with_period.version_id
    ),

    looked_up as (
        select
            *,
            given_period is not null as is_given,
            case
                when not is_over_period and not is_other_series then coalesce(given_period, last_period)
            end as base_period
        from with_choice
    ),

    found as (
        select
            looked_up.version_id as of_version,
            looked_up.valid_from as of_day,
            candidates.*,
            row_number() over (
                partition by looked_up.version_id, looked_up.valid_from
                order by candidates.period_type desc, candidates.series_id
            ) as place
        from looked_up
        join
            candidates
            on candidates.version_id = looked_up.version_id
            and candidates.time_period_end = looked_up.base_period
            and candidates.is_given_base = looked_up.is_given
        where {{ holds_on("looked_up.valid_from", "candidates.valid_from", "candidates.valid_to") }}
    ),

    -- A period starts from nothing, on the evening before its first day.
    known_bases as (
        {% set ends = [
            "lower_bound",
            "lower_closed",
            "upper_bound",
            "upper_closed",
            "stated_lower_bound",
            "stated_lower_closed",
            "stated_upper_bound",
            "stated_upper_closed",
        ] -%}
        select
            of_version as version_id,
            of_day as valid_from,
            case when is_given_base then 'GIVEN' else 'LAST_BEFORE_PROMISE' end as base_choice,
            observation_id as base_observation_id,
            time_period_end as base_date,
            date_precision as base_date_precision,
            obs_value as base_value,
            {{ ends | join(", ") }},
            series_id as base_series_id,
            segment as base_segment,
            evidence as base_evidence,
            host_quality as base_host
        from found
        where place = 1
        union all
        select
            looked_up.version_id,
            looked_up.valid_from,
            'GIVEN' as base_choice,
            given.observation_id as base_observation_id,
            given.time_period_end as base_date,
            given.date_precision as base_date_precision,
            given.obs_value as base_value,
            {% for column in ends %} given.{{ column }}, {% endfor -%}
            given.series_id as base_series_id,
            given.segment as base_segment,
            given.evidence as base_evidence,
            given.host_quality as base_host
        from looked_up
        join promised on promised.version_id = looked_up.version_id
        join tellings as given on given.observation_id = promised.given_id
        where looked_up.is_other_series
        union all
        select
            looked_up.version_id,
            looked_up.valid_from,
            'ZERO_AT_START' as base_choice,
            cast(null as {{ dbt.type_string() }}) as base_observation_id,
            cast({{ dbt.dateadd("day", -1, "promised.start_date") }} as date) as base_date,
            'DAY' as base_date_precision,
            0 as base_value,
            {% for column in ends %}
                {{ "true" if "closed" in column else "0" }} as {{ column }},
            {% endfor -%}
            cast(null as {{ dbt.type_string() }}) as base_series_id,
            cast(null as bigint) as base_segment,
            cast(null as {{ dbt.type_string() }}) as base_evidence,
            cast(null as {{ dbt.type_string() }}) as base_host
        from looked_up
        join promised on promised.version_id = looked_up.version_id
        where looked_up.is_over_period
    ),

    with_base as (
        select
            looked_up.version_id,
            looked_up.valid_from,
            looked_up.valid_to,
            looked_up.is_over_period,
            looked_up.is_other_series,
            known_bases.base_choice,
            known_bases.base_observation_id,
            known_bases.base_date,
            known_bases.base_date_precision,
            known_bases.base_value,
            {% for column in ends %} known_bases.{{ column }}, {% endfor -%}
            known_bases.base_series_id,
            known_bases.base_segment,
            known_bases.base_evidence,
            known_bases.base_host
        from looked_up
        left join
            known_bases
            on known_bases.version_id = looked_up.version_id
            and known_bases.valid_from = looked_up.valid_from
    )

select *
from with_base
