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
            {{ dbt.listagg("breaks.break_reason", "'; '", "order by breaks.break_reason") }} as break_reason
        from places
        join breaks on breaks.ref_area = places.ref_area
        where breaks.indicator_id is null or breaks.indicator_id = places.indicator_id
        group by places.indicator_id, places.ref_area, breaks.break_date
    ),

    starts as (
        select indicator_id, ref_area, break_date as starts_on, break_reason
        from place_breaks
        union all
        select distinct indicator_id, ref_area, cast('0001-01-01' as date) as starts_on, null as break_reason
        from place_breaks
    ),

    numbered as (
        select
            *,
            cast(
                row_number() over (partition by indicator_id, ref_area order by starts_on)
                - 1 as {{ dbt.type_bigint() }}
            ) as segment,
            lead(starts_on) over (partition by indicator_id, ref_area order by starts_on) as next_break
        from starts
    ),

    with_end as (select *, coalesce(next_break, cast('9999-12-31' as date)) as ends_before from numbered)

select *
from with_end
