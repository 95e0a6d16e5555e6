with units as (select * from {{ ref("stg_units") }})

select unit_measure, name_zh, name_en, dimension, unit_type, base_unit, factor_num, factor_den
from units
