{#- Identities between figures, judged by their intervals: a relation fails only where no values inside the intervals
    could satisfy it. Rows of relations.csv; the parts of one total share what stands before the last dot of their
    names, so that a total may be split in more than one way. -#}
{% test relations_hold(model) %}
    {{
        config(
            meta={"description": "子集不大于整体，同组同时同地，部分合计等于总计 · parts fit their wholes"}
        )
    }}
    with
        relations as (
            select
                relation_id,
                relation_type,
                subject_id,
                object_id,
                regexp_replace(relation_id, '[.][^.]*$', '') as split_name
            from {{ ref("stg_relations") }}
        ),

        sides as (
            select
                relations.*,
                subject.observation_id is null or object.observation_id is null as is_unknown,
                {% for side in ["subject", "object"] -%}
                    {{ side }}.base_lower_bound as {{ side }}_lower_bound,
                    {{ side }}.lower_closed as {{ side }}_lower_closed,
                    {{ side }}.base_upper_bound as {{ side }}_upper_bound,
                    {{ side }}.upper_closed as {{ side }}_upper_closed,
                {% endfor -%}
                subject.source_id is distinct from object.source_id
                or subject.time_period_end is distinct from object.time_period_end
                or subject.ref_area is distinct from object.ref_area
                or split_part(subject.locator, '#', 1)
                is distinct from split_part(object.locator, '#', 1) as is_apart,
                subject.base_unit is distinct from object.base_unit as is_other_unit
            from relations
            left join {{ model }} as subject on subject.observation_id = relations.subject_id
            left join {{ model }} as object on object.observation_id = relations.object_id
        ),

        -- A sum with an unbounded part is unbounded; its end is closed if those of all parts are.
        totals as (
            select
                object_id,
                split_name,
                {% for end in ["lower", "upper"] -%}
                    case
                        when count(subject_{{ end }}_bound) = count(*) then sum(subject_{{ end }}_bound)
                    end as parts_{{ end }}_bound,
                    min(case when subject_{{ end }}_closed then 1 else 0 end) = 1 as parts_{{ end }}_closed,
                    max(object_{{ end }}_bound) as total_{{ end }}_bound,
                    max(case when object_{{ end }}_closed then 1 else 0 end) = 1 as total_{{ end }}_closed
                    {{- "," if not loop.last }}
                {% endfor %}
            from sides
            where relation_type = 'PART_OF_TOTAL'
            group by object_id, split_name
        )

    select relation_id, 'no such observation' as failure
    from sides
    where is_unknown
    union all
    select relation_id, 'part above its whole' as failure
    from sides
    where relation_type = 'SUBSET' and {{ lies_below("object", "subject") }}
    union all
    select relation_id, 'not of one source, line, place and day' as failure
    from sides
    where relation_type = 'GOES_WITH' and is_apart and not is_unknown
    union all
    select relation_id, 'units that do not add' as failure
    from sides
    where relation_type in ('SUBSET', 'PART_OF_TOTAL') and is_other_unit and not is_unknown
    union all
    select split_name as relation_id, 'parts do not make the total' as failure
    from totals
    where {{ lies_below("parts", "total") }} or {{ lies_below("total", "parts") }}
{% endtest %}
