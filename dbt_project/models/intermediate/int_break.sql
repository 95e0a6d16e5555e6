with
    breaks as (select * from {{ ref("stg_breaks") }}),
    areas as (select * from {{ ref("stg_areas") }}),

    -- A place that follows another is another territory from its first day on.
    successions as (
        select
            cast(null as {{ dbt.type_string() }}) as indicator_id,
            ref_area,
            valid_from as break_date,
            'BROKEN' as comparability,
            concat_ws(' ', '前身为 · succeeds', predecessor) as reason
        from areas
        where predecessor is not null and valid_from is not null
    ),

    gathered as (
        select indicator_id, ref_area, break_date, comparability, reason
        from breaks
        union all
        select *
        from successions
    ),

    -- Typed and derived may speak of one day, on which the first in the alphabet holds: BROKEN, then NEAR.
    per_day as (
        select
            indicator_id,
            ref_area,
            break_date,
            min(comparability) as comparability,
            {{ dbt.listagg("reason", "'; '", "order by reason") }} as break_reason
        from gathered
        group by indicator_id, ref_area, break_date
    )

select *
from per_day
