with domains as (select * from {{ ref("stg_domains") }})

select domain_id, name_zh, name_en, is_keyword, sort_order
from domains
