with
    areas as (select * from {{ ref("stg_areas") }}),
    members as (select * from {{ ref("stg_area_members") }}),
    area_groups as (select * from {{ ref("int_area_group") }}),

    -- City regions: metropolitan areas of which it is recorded what belongs to them; and what lies in them.
    city_regions as (
        select areas.ref_area
        from areas
        join members on members.group_area = areas.ref_area
        where areas.area_type = 'METRO_AREA'
        group by areas.ref_area
    ),

    of_city_regions as (
        select area_groups.ref_area
        from area_groups
        join city_regions on city_regions.ref_area = area_groups.area_group
        group by area_groups.ref_area
    ),

    -- The groupings that a place lies in, itself left out.
    groups_of as (
        select ref_area, {{ dbt.listagg("area_group", "';'", "order by area_group") }} as area_groups
        from area_groups
        where area_group <> ref_area
        group by ref_area
    ),

    counted as (
        select *, count(*) over (partition by name_zh) as n_zh, count(*) over (partition by name_en) as n_en
        from areas
    ),

    -- Two districts of one name are told apart by the place above them,
    with_parent as (
        select
            counted.*,
            case
                when counted.n_zh = 1
                then counted.name_zh
                else concat_ws('', counted.name_zh, '（', coalesce(parents.name_zh, counted.ref_area), '）')
            end as told_zh,
            case
                when counted.n_en = 1
                then counted.name_en
                else concat_ws('', counted.name_en, ' (', coalesce(parents.name_en, counted.ref_area), ')')
            end as told_en
        from counted
        left join areas as parents on parents.ref_area = counted.parent_area
    ),

    -- and two of one name under one place, an old and a new one, by their codes.
    labelled as (
        select
            *,
            case
                when count(*) over (partition by told_zh) = 1
                then told_zh
                else concat_ws('', name_zh, '（', ref_area, '）')
            end as label_zh,
            case
                when count(*) over (partition by told_en) = 1
                then told_en
                else concat_ws('', name_en, ' (', ref_area, ')')
            end as label_en
        from with_parent
    ),

    joined as (
        select
            areas.ref_area,
            areas.name_zh,
            areas.name_en,
            areas.label_zh,
            areas.label_en,
            areas.printed,
            areas.area_type,
            areas.parent_area,
            areas.valid_from,
            areas.valid_to,
            areas.predecessor,
            groups_of.area_groups,
            of_city_regions.ref_area is not null as in_city_region
        from labelled as areas
        left join groups_of on groups_of.ref_area = areas.ref_area
        left join of_city_regions on of_city_regions.ref_area = areas.ref_area
    )

select *
from joined
