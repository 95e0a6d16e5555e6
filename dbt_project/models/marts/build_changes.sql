with
    changes as (select * from {{ ref("stg_build_changes") }}),
    approvals as (select * from {{ ref("int_approval") }}),
    revisions as (select * from {{ ref("stg_revisions") }}),
    observations as (select * from {{ ref("fct_observation") }}),

    with_rules as (
        select
            *,
            {{ needs_approval() }} as is_guarded,
            {{ is_of_the_figure() }} as is_of_the_figure,
            {{ comes_with_the_document() }} as comes_with_the_document,
            {{ comes_with_the_reading() }} as comes_with_the_reading,
            {{ may_move() }} as may_move
        from changes
    ),

    -- A row that goes is approved by its name alone. Outer joins below compare columns only: with any other
    -- condition they would compare each row with each.
    approved as (
        select
            changes.relation,
            changes.row_id,
            changes.column_name,
            changes.change_type,
            approvals.revision_line
        from with_rules as changes
        -- An approval names a column as it was called on its day.
        join
            approvals
            on approvals.row_id = changes.row_id
            and approvals.column_name in (changes.column_name, changes.column_was)
        where
            changes.relation <> 'revisions'
            and approvals.is_unbroken
            and (
                changes.change_type = 'REMOVED'
                or (
                    changes.change_type = 'CHANGED'
                    and {{ same_cell("approvals.old_value", "changes.old_value") }}
                    and {{ same_cell("approvals.new_value", "changes.new_value") }}
                )
            )
    ),

    with_approval as (
        select changes.*, approved.revision_line as line_of_cell
        from with_rules as changes
        left join
            approved
            on approved.relation = changes.relation
            and approved.row_id = changes.row_id
            and approved.column_name = changes.column_name
            and approved.change_type = changes.change_type
    ),

    -- A document that is found later, once approved, speaks for what comes with it.
    documents_found as (
        select row_id as source_id, line_of_cell as line_of_document
        from with_approval
        where
            relation = 'sources'
            and column_name = 'document_sha256'
            and change_type = 'CHANGED'
            and old_value is null
            and line_of_cell is not null
    ),

    -- So does a bulletin that was read again as a whole.
    readings as (
        select row_id as source_id, revision_line as line_of_reading
        from approvals
        where column_name = 'reading' and is_unbroken
    ),

    with_document as (
        select changes.*, documents_found.line_of_document, readings.line_of_reading
        from with_approval as changes
        left join
            documents_found
            on documents_found.source_id
            = case when changes.comes_with_the_document then changes.source_id end
        left join
            readings
            on readings.source_id = case when changes.comes_with_the_reading then changes.source_id end
    ),

    -- How far a figure moved stands on all its cells.
    with_figure as (
        select
            *,
            case
                when is_of_the_figure
                then max(line_of_cell) over (partition by relation, row_id, is_of_the_figure)
                else coalesce(line_of_cell, line_of_document, line_of_reading)
            end as revision_line,
            max(
                case
                    when column_name = 'obs_value' and try_cast(old_value as decimal(38, 9)) > 0
                    then
                        {{
                            quotient(
                                "try_cast(new_value as decimal(38, 9))",
                                "try_cast(old_value as decimal(38, 9))",
                                "half_up",
                            )
                        }}
                end
            ) over (partition by relation, row_id) as multiple,
            max(case when column_name = 'obs_value' then 1 else 0 end) over (partition by relation, row_id)
            = 1 as is_of_another_number
        from with_document
    ),

    -- A new row of revisions.csv speaks for a change of this build, or, with others, for none after all.
    used as (
        select revisions.seed_file, revisions.seed_line
        from revisions
        join
            approvals on approvals.row_id = revisions.row_id and approvals.column_name = revisions.column_name
        left join
            (select distinct revision_line from with_figure) as lines
            on lines.revision_line = approvals.revision_line
        where
            lines.revision_line is not null
            or (
                approvals.column_name <> 'reading'
                and approvals.is_unbroken
                and {{ same_cell("approvals.old_value", "approvals.new_value") }}
            )
    ),

    judged as (
        select
            with_figure.*,
            case
                when with_figure.relation = 'revisions' and with_figure.change_type <> 'ADDED'
                then 'APPROVAL_ALTERED'
                when with_figure.relation = 'revisions' and used.seed_line is null
                then 'APPROVES_NOTHING'
                when not with_figure.is_guarded
                then 'FREE'
                when with_figure.revision_line is not null
                then 'APPROVED'
                when with_figure.may_move
                then
                    case
                        when
                            not with_figure.is_of_the_figure
                            or (with_figure.is_of_another_number and with_figure.multiple between 0.5 and 2)
                            or (not with_figure.is_of_another_number and observations.obs_value is not null)
                        then 'WITHIN_REASON'
                        else 'BEYOND_REASON'
                    end
                else 'UNAPPROVED'
            end as verdict
        from with_figure
        left join used on used.seed_file = with_figure.seed_file and used.seed_line = with_figure.seed_line
        left join
            observations
            on observations.observation_id
            = case when with_figure.relation = 'observations' then with_figure.row_id end
    ),

    with_line as (
        select *, case when verdict = 'APPROVED' then revision_line end as line_of_approval from judged
    )

select
    case
        judged.relation
        {%- for seed, mart in mart_names().items() %} when '{{ seed }}' then '{{ mart }}' {%- endfor %}
        else judged.relation
    end as relation,
    judged.row_id,
    judged.column_name,
    judged.change_type,
    judged.old_value,
    judged.new_value,
    case when judged.relation = 'observations' then judged.multiple end as multiple,
    judged.obs_status,
    judged.label,
    judged.verdict,
    judged.line_of_approval as revision_line,
    revisions.date_approved,
    revisions.approved_by,
    revisions.reason as approval_reason,
    judged.source_id,
    judged.locator,
    judged.seed_file,
    judged.seed_line,
    judged.compared_with
from with_line as judged
left join revisions on revisions.seed_line = judged.line_of_approval
