with
    progress as (select * from {{ ref("integration_progress") }}),
    commitments as (select * from {{ ref("commitment_progress") }}),
    area_groups as (select * from {{ ref("int_area_group") }}),
    indicators as (select * from {{ ref("dim_indicator") }}),

    -- A series counts in every grouping that its place lies in; counts of two groupings are never added. Of
    -- the
    -- series of one indicator and place the one that stands for them counts: years and their parts, a whole
    -- and its parts are one thing told several ways.
    grouped as (
        select progress.*, area_groups.area_group
        from progress
        join area_groups on area_groups.ref_area = progress.ref_area
    ),

    counted as (
        select
            domain_id,
            area_group,
            count(*) filter (where is_representative) as n_series,
            {% for trend in trends() -%}
                count(*) filter (where is_representative and trend = '{{ trend }}') as n_{{ trend | lower }},
            {% endfor -%}
            {% for status in reporting_statuses() -%}
                count(*) filter (
                    where is_representative and reporting_status = '{{ status }}'
                ) as n_{{ status | lower }},
            {% endfor -%}
            max(latest_date) as latest_date,
            count(*) filter (where is_representative and is_headline) as n_headline,
            count(*) filter (
                where is_representative and is_headline and trend = 'SINGLE_OBSERVATION'
            ) as n_headline_single
        from grouped
        group by domain_id, area_group
    ),

    headlines as (
        select
            domain_id,
            area_group,
            {{ dbt.listagg("series_id", "';'", "order by series_id") }} as headline_series
        from grouped
        where is_representative and is_headline
        group by domain_id, area_group
    ),

    -- A promise counts once, in the version that holds; one without a domain is counted nowhere.
    promised as (
        select
            commitments.domain_id,
            area_groups.area_group,
            count(*) as n_commitments,
            {% for status in commitment_statuses() -%}
                count(*) filter (
                    where commitments.status = '{{ status }}'
                ) as n_commitments_{{ status | lower }},
            {% endfor -%}
            count(*) filter (where commitments.is_reversed) as n_commitments_reversed
        from commitments
        join area_groups on area_groups.ref_area = commitments.ref_area
        where commitments.domain_id is not null and commitments.is_current_version
        group by commitments.domain_id, area_groups.area_group
    ),

    groups as (
        select domain_id, area_group
        from counted
        union
        select domain_id, area_group
        from promised
    ),

    reported as (select distinct area_group, indicator_id from grouped),

    -- What the catalogue has for the domain and nobody has reported from these places.
    missing as (
        select groups.domain_id, groups.area_group, indicators.indicator_id, indicators.is_headline
        from groups
        join indicators on indicators.domain_id = groups.domain_id
        left join
            reported
            on reported.area_group = groups.area_group
            and reported.indicator_id = indicators.indicator_id
        where reported.indicator_id is null
    ),

    counted_missing as (
        select domain_id, area_group, count(*) as n_indicators_missing
        from missing
        group by domain_id, area_group
    ),

    headlines_missing as (
        select
            domain_id,
            area_group,
            {{ dbt.listagg("indicator_id", "';'", "order by indicator_id") }} as headline_missing
        from missing
        where is_headline
        group by domain_id, area_group
    ),

    joined as (
        select
            groups.domain_id,
            groups.area_group,
            coalesce(counted.n_series, 0) as n_series,
            {% for name in trends() + reporting_statuses() -%}
                coalesce(counted.n_{{ name | lower }}, 0) as n_{{ name | lower }},
            {% endfor -%}
            counted.latest_date,
            coalesce(counted.n_headline, 0) as n_headline,
            coalesce(counted.n_headline_single, 0) as n_headline_single,
            headlines.headline_series,
            coalesce(counted_missing.n_indicators_missing, 0) as n_indicators_missing,
            headlines_missing.headline_missing,
            coalesce(promised.n_commitments, 0) as n_commitments,
            {% for name in commitment_statuses() + ["REVERSED"] -%}
                coalesce(promised.n_commitments_{{ name | lower }}, 0) as n_commitments_{{ name | lower }}
                {{- "," if not loop.last }}
            {% endfor %}
        from groups
        left join counted on counted.domain_id = groups.domain_id and counted.area_group = groups.area_group
        left join
            headlines on headlines.domain_id = groups.domain_id and headlines.area_group = groups.area_group
        left join
            counted_missing
            on counted_missing.domain_id = groups.domain_id
            and counted_missing.area_group = groups.area_group
        left join
            headlines_missing
            on headlines_missing.domain_id = groups.domain_id
            and headlines_missing.area_group = groups.area_group
        left join
            promised on promised.domain_id = groups.domain_id and promised.area_group = groups.area_group
    )

select *
from joined
