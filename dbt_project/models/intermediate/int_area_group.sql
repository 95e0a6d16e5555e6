with recursive
    areas as (select * from {{ ref("stg_areas") }}),
    members as (select * from {{ ref("stg_area_members") }}),

    -- One step up: to the place that contains it, or to the grouping that it belongs to.
    steps as (
        select ref_area, parent_area as upper_area
        from areas
        where parent_area is not null
        union all
        select member_area as ref_area, group_area as upper_area
        from members
    ),

    climbed as (
        select ref_area, ref_area as upper_area, 0 as height
        from areas
        union all
        select climbed.ref_area, steps.upper_area, climbed.height + 1 as height
        from climbed
        join steps on steps.ref_area = climbed.upper_area
        -- Far above any real nesting; ends the climb should two groupings contain each other.
        where climbed.height < 8
    ),

    reached as (
        select distinct climbed.ref_area, climbed.upper_area as area_group
        from climbed
        join members on members.group_area = climbed.upper_area
    ),

    -- A grouping also lies in another when each of its members does: a park of two counties, in the four
    -- cities.
    n_members as (select group_area, count(*) as n from members group by group_area),

    enclosed as (
        select members.group_area as ref_area, reached.area_group
        from members
        join reached on reached.ref_area = members.member_area
        join n_members on n_members.group_area = members.group_area
        group by members.group_area, reached.area_group, n_members.n
        having count(*) = n_members.n
    ),

    in_groups as (
        select ref_area, area_group
        from reached
        union
        select ref_area, area_group
        from enclosed
    ),

    -- A place outside every grouping stands for itself.
    alone as (
        select areas.ref_area, areas.ref_area as area_group
        from areas
        left join in_groups on in_groups.ref_area = areas.ref_area
        where in_groups.ref_area is null
    ),

    area_groups as (
        select *
        from in_groups
        union all
        select *
        from alone
    )

select *
from area_groups
