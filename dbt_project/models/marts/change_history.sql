-- Each build adds its own changes to those that the version before it tells of; one without changes adds
-- none.
with
    earlier as (select * from {{ ref("stg_earlier_changes") }}),
    changes as (select * from {{ ref("build_changes") }}),
    builds as (select * from {{ ref("build_info") }}),

    of_this_build as (
        select
            builds.build_id,
            builds.built_at,
            changes.relation,
            changes.row_id,
            changes.column_name,
            changes.change_type,
            changes.old_value,
            changes.new_value,
            changes.label,
            changes.verdict,
            changes.date_approved,
            changes.approved_by,
            changes.approval_reason,
            changes.source_id,
            changes.locator,
            changes.seed_file,
            changes.seed_line
        from changes
        cross join builds
    ),

    carried_on as (
        select
            build_id,
            built_at,
            relation,
            row_id,
            column_name,
            change_type,
            old_value,
            new_value,
            label,
            verdict,
            date_approved,
            approved_by,
            approval_reason,
            source_id,
            locator,
            seed_file,
            seed_line
        from earlier
    ),

    history as (
        select *
        from of_this_build
        union all
        select *
        from carried_on
    )

select *
from history
