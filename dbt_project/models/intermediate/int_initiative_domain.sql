with
    ancestors as (select * from {{ ref("int_initiative_ancestor") }}),

    -- The nearest that has a domain first.
    numbered as (
        select
            initiative_id,
            domain_id,
            known_by,
            row_number() over (
                partition by initiative_id order by case when domain_id is null then 1 else 0 end, height
            ) as place
        from ancestors
    ),

    -- It is known once the whole way there is registered.
    nearest as (
        select initiative_id, domain_id, case when domain_id is not null then known_by end as known_by
        from numbered
        where place = 1
    )

select *
from nearest
