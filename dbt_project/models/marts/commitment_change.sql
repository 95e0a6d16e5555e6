with
    versions as (select * from {{ ref("int_commitment") }} where {{ is_promise() }}),

    -- A version beside the one that it replaces.
    steps as (
        select
            later.promise_id,
            {% for side, table in {"from": "earlier", "to": "later"}.items() -%}
                {{ table }}.commitment_id as {{ side }}_commitment_id,
                {{ table }}.version as {{ side }}_version,
                {{ table }}.source_id as {{ side }}_source_id,
                {{ table }}.locator as {{ side }}_locator,
                {{ table }}.date_announced as {{ side }}_date_announced,
                {{ table }}.due_date as {{ side }}_due_date,
                {{ table }}.value_text as {{ side }}_value_text,
                {{ table }}.unit_measure as {{ side }}_unit_measure,
                {{ table }}.value_qualifier as {{ side }}_qualifier,
                {{ table }}.target_value as {{ side }}_value,
                {{ table }}.lower_bound as {{ side }}_lower_bound,
                {{ table }}.lower_closed as {{ side }}_lower_closed,
                {{ table }}.upper_bound as {{ side }}_upper_bound,
                {{ table }}.upper_closed as {{ side }}_upper_closed,
                {{ table }}.evidence as {{ side }}_evidence,
            {% endfor -%}
            later.title_zh,
            later.title_en,
            later.published_by
        from versions as later
        join versions as earlier on earlier.version_id = later.supersedes
    ),

    judged as (
        select
            *,
            from_lower_bound is not null or from_upper_bound is not null as from_has_number,
            to_lower_bound is not null or to_upper_bound is not null as to_has_number,
            coalesce(from_unit_measure = to_unit_measure, false) as is_one_unit
        from steps
    ),

    -- Thresholds of one kind differ by what their numbers do, though both are unbounded on the other side.
    with_change as (
        select
            *,
            case
                when
                    is_one_unit
                    and from_qualifier = to_qualifier
                    and to_qualifier in ('EQ', 'GT', 'GE', 'LT', 'LE')
                then {{ difference("half_up") }}
            end as change,
            case when is_one_unit then {{ difference("down") }} end as change_low,
            case when is_one_unit then {{ difference("up") }} end as change_high
        from judged
    ),

    with_closed as (
        select
            *,
            {{ closed_end("change_low", "to_lower_closed", "from_upper_closed") }} as change_low_closed,
            {{ closed_end("change_high", "to_upper_closed", "from_lower_closed") }} as change_high_closed
        from with_change
    ),

    with_verdict as (
        select
            *,
            case
                when not from_has_number and not to_has_number
                then null
                when not from_has_number
                then 'SET'
                when not to_has_number
                then 'DROPPED'
                when not is_one_unit
                then null
                when change > 0 or change_low > 0 or (change_low = 0 and not change_low_closed)
                then 'RAISED'
                when change < 0 or change_high < 0 or (change_high = 0 and not change_high_closed)
                then 'LOWERED'
                when change = 0
                then 'UNCHANGED'
                else 'INDETERMINATE'
            end as target_change,
            case
                when from_due_date is null and to_due_date is null
                then null
                when from_due_date is null
                then 'SET'
                when to_due_date is null
                then 'DROPPED'
                when to_due_date > from_due_date
                then 'LATER'
                when to_due_date < from_due_date
                then 'EARLIER'
                else 'UNCHANGED'
            end as due_change
        from with_closed
    ),

    with_reason as (
        select
            *,
            {{
                reason_codes(
                    {
                        "NO_TARGET_TO_COMPARE": "not from_has_number or not to_has_number",
                        "UNITS_DIFFER": "from_has_number and to_has_number and not is_one_unit",
                        "TARGET_UNBOUNDED": (
                            "from_has_number and to_has_number and is_one_unit "
                            ~ "and (change_low is null or change_high is null)"
                        ),
                        "NO_SINGLE_NUMBER": (
                            "from_has_number and to_has_number and is_one_unit and change is null"
                        ),
                        "ENDS_DISAGREE": "target_change = 'INDETERMINATE'",
                        "NO_DUE_DATE": "from_due_date is null or to_due_date is null",
                    }
                )
            }} as reason
        from with_verdict
    )

select
    promise_id,
    to_commitment_id,
    to_version,
    from_commitment_id,
    from_version,
    title_zh,
    title_en,
    from_source_id,
    to_source_id,
    from_date_announced,
    to_date_announced,
    published_by,
    from_value_text,
    to_value_text,
    from_unit_measure,
    to_unit_measure,
    from_value,
    from_lower_bound,
    from_lower_closed,
    from_upper_bound,
    from_upper_closed,
    to_value,
    to_lower_bound,
    to_lower_closed,
    to_upper_bound,
    to_upper_closed,
    change,
    change_low,
    change_low_closed,
    change_high,
    change_high_closed,
    target_change,
    from_due_date,
    to_due_date,
    cast({{ dbt.datediff("from_due_date", "to_due_date", "day") }} as bigint) as due_days,
    due_change,
    reason,
    {{ weaker_evidence("from_evidence", "to_evidence") }} as evidence,
    coalesce(from_evidence <> to_evidence, false) as evidence_mixed,
    from_locator,
    to_locator
from with_reason
