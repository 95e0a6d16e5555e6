with
    revisions as (select * from {{ ref("stg_revisions") }}),
    changes as (select * from {{ ref("stg_build_changes") }}),

    -- An approval counts once: for the build in which its row is new.
    new_revisions as (
        select revisions.*
        from revisions
        join
            changes
            on changes.relation = 'revisions'
            and changes.change_type = 'ADDED'
            and changes.seed_file = revisions.seed_file
            and changes.seed_line = revisions.seed_line
    ),

    -- Several approvals of one cell, none of them published yet, lead from value to value.
    in_order as (
        select
            *,
            row_number() over (partition by row_id, column_name order by date_approved, seed_line) as place,
            count(*) over (partition by row_id, column_name) as n_revisions,
            lag(new_value) over (
                partition by row_id, column_name order by date_approved, seed_line
            ) as value_before
        from new_revisions
    ),

    chains as (
        select
            row_id,
            column_name,
            max(case when place = 1 then old_value end) as old_value,
            max(case when place = n_revisions then new_value end) as new_value,
            max(case when place = n_revisions then seed_line end) as revision_line,
            min(case when place = 1 or {{ same_cell("old_value", "value_before") }} then 1 else 0 end)
            = 1 as is_unbroken
        from in_order
        group by row_id, column_name
    )

select *
from chains
