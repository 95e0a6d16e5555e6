with codes as (select * from {{ ref("stg_code_lists") }}) select code_list, code, name_zh, name_en from codes
