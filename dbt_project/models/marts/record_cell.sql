with cells as (select * from {{ ref("int_record_cell") }})

select
    source_id,
    record_key,
    locator,
    label,
    value_text,
    as_of,
    geo,
    cell_type,
    note,
    n_rows,
    n_exclusions,
    n_parts,
    n_parts_covered
from cells
