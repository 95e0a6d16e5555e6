{#- Identities between figures, judged by their intervals: a relation fails only where no values inside the intervals
    could satisfy it. Rows of relations.csv; the parts of one total share what stands before the last dot of their
    names, so that a total may be split in more than one way. -#}
{% test relations_hold(model) %}
    {{
        config(
            meta={"description": "子集不大于整体,同组同时同地,部分合计等于总计 · parts fit their wholes"}
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
                subject.base_lower_bound as subject_lower,
                subject.base_upper_bound as subject_upper,
                object.base_lower_bound as object_lower,
                object.base_upper_bound as object_upper,
                subject.source_id is distinct from object.source_id
                or subject.time_period_end is distinct from object.time_period_end
                or subject.ref_area is distinct from object.ref_area as is_apart,
                subject.base_unit is distinct from object.base_unit as is_other_unit
            from relations
            left join {{ model }} as subject on subject.observation_id = relations.subject_id
            left join {{ model }} as object on object.observation_id = relations.object_id
        ),

        -- A sum with an unbounded part is unbounded.
        totals as (
            select
                object_id,
                split_name,
                case when count(subject_lower) = count(*) then sum(subject_lower) end as parts_lower,
                case when count(subject_upper) = count(*) then sum(subject_upper) end as parts_upper,
                max(object_lower) as total_lower,
                max(object_upper) as total_upper
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
    where relation_type = 'SUBSET' and subject_lower > object_upper
    union all
    select relation_id, 'not of one source, place and day' as failure
    from sides
    where relation_type = 'GOES_WITH' and is_apart
    union all
    select relation_id, 'units that do not add' as failure
    from sides
    where relation_type in ('SUBSET', 'PART_OF_TOTAL') and is_other_unit
    union all
    select split_name as relation_id, 'parts do not make the total' as failure
    from totals
    where parts_lower > total_upper or parts_upper < total_lower
{% endtest %}
