{#- Converting across dimensions means nothing. -#}
{{
    config(
        meta={
            "description": "基准单位存在、同量纲，且对自身的因子为 1 · a base unit exists, is of the same dimension, and is 1 of itself",
            "dagster": {"ref": {"name": "dim_unit"}},
        }
    )
}}
select u.unit_measure, u.dimension, u.base_unit, b.dimension as base_dimension
from {{ ref("dim_unit") }} as u
left join {{ ref("dim_unit") }} as b on b.unit_measure = u.base_unit
where
    b.unit_measure is null
    or b.dimension <> u.dimension
    or b.base_unit <> b.unit_measure
    or b.factor_num <> b.factor_den
