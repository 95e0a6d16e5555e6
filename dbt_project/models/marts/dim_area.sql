with
    areas as (select * from {{ ref("stg_areas") }}),
    area_groups as (select * from {{ ref("int_area_group") }}),

    -- The groupings that a place lies in, itself left out.
    groups_of as (
        select ref_area, {{ dbt.listagg("area_group", "';'", "order by area_group") }} as area_groups
        from area_groups
        where area_group <> ref_area
        group by ref_area
    ),

    joined as (
        select
            areas.ref_area,
            areas.name_zh,
            areas.name_en,
            areas.area_type,
            areas.parent_area,
            groups_of.area_groups
        from areas
        left join groups_of on groups_of.ref_area = areas.ref_area
    )

select *
from joined
