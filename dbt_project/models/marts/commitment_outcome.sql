with
    commitments as (select * from {{ ref("int_commitment") }} where {{ is_promise() }}),
    reports as (select * from {{ ref("int_commitment_report") }}),
    actuals as (select * from {{ ref("int_commitment_actual") }} where reading = 'PRESUMED'),
    observations as (select * from {{ ref("int_observation") }}),
    builds as (select max(as_of_date) as as_of_date from {{ ref("build_info") }}),

    said as (
        select reports.*, cast(null as {{ dbt.type_string() }}) as value_text
        from reports
        cross join builds
        where reports.published_by <= builds.as_of_date
    ),

    said_with_figure as (
        select distinct version_id, observation_id from said where observation_id is not null
    ),

    -- Of each period since the base the figure that holds.
    shown as (
        select
            actuals.version_id,
            actuals.observation_id as report_id,
            'BY_INDICATOR' as basis,
            case
                when
                    actuals.reached_low
                    and actuals.can_settle
                    and {{ holds_on("builds.as_of_date", "actuals.settles_from", "actuals.settles_to") }}
                then 'FULFILS'
                when actuals.is_nearer
                then 'ADVANCES'
                else 'REPORTS'
            end as outcome_type,
            cast(null as {{ dbt.type_string() }}) as outcome_id,
            cast(null as {{ dbt.type_string() }}) as event_id,
            actuals.observation_id,
            observations.source_id,
            observations.date_published,
            observations.time_period_start as date_start,
            observations.time_period_end as date_end,
            cast(null as {{ dbt.type_string() }}) as title_zh,
            cast(null as {{ dbt.type_string() }}) as title_en,
            observations.value_text,
            observations.locator,
            observations.evidence
        from actuals
        cross join builds
        join observations on observations.observation_id = actuals.observation_id
        -- A figure that stood before the promise is no report of it.
        join
            commitments as promised
            on promised.version_id = actuals.version_id
            and promised.date_announced <= observations.published_by
        left join
            said_with_figure
            on said_with_figure.version_id = actuals.version_id
            and said_with_figure.observation_id = actuals.observation_id
        where
            said_with_figure.version_id is null
            and {{ holds_on("builds.as_of_date", "actuals.valid_from", "actuals.valid_to") }}
    ),

    all_reports as (
        select
            version_id,
            report_id,
            basis,
            outcome_type,
            outcome_id,
            event_id,
            observation_id,
            source_id,
            date_published,
            date_start,
            date_end,
            title_zh,
            title_en,
            value_text,
            locator,
            evidence
        from said
        union all
        select
            version_id,
            report_id,
            basis,
            outcome_type,
            outcome_id,
            event_id,
            observation_id,
            source_id,
            date_published,
            date_start,
            date_end,
            title_zh,
            title_en,
            value_text,
            locator,
            evidence
        from shown
    ),

    joined as (
        select
            commitments.commitment_id,
            commitments.version,
            commitments.promise_id,
            all_reports.basis,
            all_reports.report_id,
            all_reports.outcome_type,
            all_reports.outcome_id,
            all_reports.event_id,
            all_reports.observation_id,
            all_reports.source_id,
            commitments.source_id as promise_source_id,
            all_reports.date_published,
            all_reports.date_start,
            all_reports.date_end,
            all_reports.title_zh,
            all_reports.title_en,
            all_reports.value_text,
            {{ weaker_evidence("all_reports.evidence", "commitments.evidence") }} as evidence,
            coalesce(all_reports.evidence <> commitments.evidence, false) as evidence_mixed,
            all_reports.locator
        from all_reports
        join commitments on commitments.version_id = all_reports.version_id
        cross join builds
        where commitments.published_by <= builds.as_of_date
    )

select *
from joined
