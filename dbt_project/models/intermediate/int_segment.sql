with
    observations as (select * from {{ ref("stg_observations") }}),
    breaks as (select * from {{ ref("int_break") }}),

    -- A break of a whole area is one of each of its indicators.
    places as (select distinct indicator_id, ref_area from observations),

    place_breaks as (
        select
            places.indicator_id,
            places.ref_area,
            breaks.break_date,
            min(breaks.comparability) as comparability,
            {{ dbt.listagg("breaks.break_reason", "'; '", "order by breaks.break_reason") }} as break_reason
        from places
        join breaks on breaks.ref_area = places.ref_area
        where breaks.indicator_id is null or breaks.indicator_id = places.indicator_id
        group by places.indicator_id, places.ref_area, breaks.break_date
    ),

    starts as (
        select indicator_id, ref_area, break_date as starts_on, comparability, break_reason
        from place_breaks
        union all
        select distinct
            indicator_id,
            ref_area,
            cast('0001-01-01' as date) as starts_on,
            null as comparability,
            null as break_reason
        from place_breaks
    ),

    -- Only where comparability ends does another segment begin. A near break is a step within one, and every
    -- figure after it knows the last.
    numbered as (
        select
            *,
            cast(
                sum(case when comparability = 'BROKEN' then 1 else 0 end) over so_far
                as {{ dbt.type_bigint() }}
            ) as segment,
            max(case when comparability = 'NEAR' then starts_on end) over so_far as near_since,
            min(case when comparability = 'BROKEN' then starts_on end) over (
                partition by indicator_id, ref_area
                order by starts_on
                rows between 1 following and unbounded following
            ) as next_break,
            coalesce(
                lead(starts_on) over (partition by indicator_id, ref_area order by starts_on),
                cast('9999-12-31' as date)
            ) as ends_before
        from starts
        window so_far as (partition by indicator_id, ref_area order by starts_on)
    ),

    with_reasons as (
        select
            indicator_id,
            ref_area,
            starts_on,
            ends_before,
            segment,
            next_break,
            case when comparability = 'BROKEN' then break_reason end as break_reason,
            near_since,
            first_value(break_reason) over (
                partition by indicator_id, ref_area, near_since order by starts_on
            ) as near_reason
        from numbered
    )

select *
from with_reasons
