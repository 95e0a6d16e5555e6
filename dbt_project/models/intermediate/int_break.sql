with
    breaks as (select * from {{ ref("stg_breaks") }}),
    areas as (select * from {{ ref("stg_areas") }}),

    -- A place that follows another is another territory from its first day on.
    successions as (
        select
            cast(null as {{ dbt.type_string() }}) as indicator_id,
            ref_area,
            valid_from as break_date,
            concat_ws(' ', '前身为 · succeeds', predecessor) as reason
        from areas
        where predecessor is not null and valid_from is not null
    ),

    gathered as (
        select indicator_id, ref_area, break_date, reason
        from breaks
        union all
        select *
        from successions
    ),

    -- Typed and derived may speak of one day.
    per_day as (
        select
            indicator_id,
            ref_area,
            break_date,
            {{ dbt.listagg("reason", "'; '", "order by reason") }} as break_reason
        from gathered
        group by indicator_id, ref_area, break_date
    )

select *
from per_day
