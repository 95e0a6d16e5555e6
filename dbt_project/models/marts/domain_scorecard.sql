with
    progress as (select * from {{ ref("integration_progress") }}),
    area_groups as (select * from {{ ref("int_area_group") }}),

    -- A series counts in every grouping that its place lies in; counts of two groupings are never added.
    grouped as (
        select progress.*, area_groups.area_group
        from progress
        join area_groups on area_groups.ref_area = progress.ref_area
    ),

    counted as (
        select
            domain_id,
            area_group,
            count(*) as n_series,
            {% for trend in trends() -%}
                count(*) filter (where trend = '{{ trend }}') as n_{{ trend | lower }},
            {% endfor -%}
            max(latest_date) as latest_date,
            count(*) filter (where is_headline) as n_headline
        from grouped
        group by domain_id, area_group
    ),

    headlines as (
        select
            domain_id,
            area_group,
            {{ dbt.listagg("series_id", "';'", "order by series_id") }} as headline_series
        from grouped
        where is_headline
        group by domain_id, area_group
    ),

    joined as (
        select counted.*, headlines.headline_series
        from counted
        left join
            headlines on headlines.domain_id = counted.domain_id and headlines.area_group = counted.area_group
    )

select *
from joined
