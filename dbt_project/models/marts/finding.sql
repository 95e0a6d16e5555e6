-- What a reader should learn first. Which statement stands before which is said here, once for all kinds.
-- Nothing that
-- rests on a page that nobody answers for stands there, on either side.
with
    areas as (select ref_area, in_city_region from {{ ref("dim_area") }}),
    indicators as (select indicator_id, is_headline from {{ ref("dim_indicator") }}),
    progress as (select * from {{ ref("integration_progress") }}),
    promises as (select * from {{ ref("commitment_progress") }} where is_current_version),
    conflicts as (select * from {{ ref("figure_conflict") }} where conflict_type = 'CONTRADICTION'),
    figures as (
        select observation_id, host_quality, lower_bound, lower_closed, upper_bound, upper_closed
        from {{ ref("fct_observation") }}
    ),

    -- Its size is the multiple that is certain, up or down; what has none (from zero, to zero) is left out.
    changes as (
        select
            'CHANGE' as finding_type,
            indicator_id as subject_id,
            indicator_id,
            series_id,
            cast(null as {{ dbt.type_string() }}) as commitment_id,
            cast(null as bigint) as version,
            domain_id,
            ref_area,
            first_observation_id as from_observation_id,
            latest_observation_id as to_observation_id,
            first_date as since,
            latest_date as until,
            pct_change_low as lower_bound,
            pct_change_low_closed as lower_closed,
            pct_change_high as upper_bound,
            pct_change_high_closed as upper_closed,
            true as is_measured,
            case
                when pct_change_low > 0
                then 1 + cast(pct_change_low as double) / 100
                -- Never zero in what is kept; an engine may divide before it filters.
                else 100 / nullif(100 + cast(pct_change_high as double), 0)
            end as size,
            evidence,
            evidence_mixed
        from progress
        where
            is_representative
            and is_settled
            and not {{ is_untrusted("host_quality") }}
            and (pct_change_low > 0 or (pct_change_high < 0 and pct_change_high > -100))
    ),

    -- A target that is met is met by the figure that first reached it, whatever has been told since.
    shown as (
        select
            *,
            coalesce(reached_observation_id, actual_observation_id) as shown_id,
            coalesce(reached_by, actual_date) as shown_date
        from promises
        where status in ('ACHIEVED', 'ACHIEVED_LATE')
        union all
        select *, actual_observation_id as shown_id, actual_date as shown_date
        from promises
        where status in ('OVERDUE_UNMET', 'OVERDUE_UNKNOWN')
    ),

    -- Of promises, what happened last counts for most; of those past due, what has waited longest.
    promised as (
        select
            case
                status
                when 'ACHIEVED'
                then 'PROMISE_MET'
                when 'ACHIEVED_LATE'
                then 'PROMISE_MET'
                when 'OVERDUE_UNMET'
                then 'PROMISE_MISSED'
                when 'OVERDUE_UNKNOWN'
                then 'OVERDUE'
            end as finding_type,
            shown.promise_id as subject_id,
            indicator_id,
            cast(null as {{ dbt.type_string() }}) as series_id,
            commitment_id,
            version,
            domain_id,
            ref_area,
            base_observation_id as from_observation_id,
            shown_id as to_observation_id,
            coalesce(due_date, shown_date, date_announced, published_by) as since,
            case when status = 'OVERDUE_UNKNOWN' then as_of_date else shown_date end as until,
            figures.lower_bound,
            figures.lower_closed,
            figures.upper_bound,
            figures.upper_closed,
            -- Figures can show what came of it. What is merely expected or counted is less of a promise.
            shown.commitment_type = 'TARGET'
            and value_text is not null
            and due_date is not null
            and (actual is not null or status = 'OVERDUE_UNKNOWN') as is_measured,
            cast(
                case
                    when status = 'OVERDUE_UNKNOWN'
                    then {{ dbt.datediff("due_date", "as_of_date", "day") }}
                    else
                        {{
                            dbt.datediff(
                                "cast('1900-01-01' as date)",
                                "coalesce(due_date, shown_date)",
                                "day",
                            )
                        }}
                end as double
            ) as size,
            evidence,
            evidence_mixed
        from shown
        left join figures on figures.observation_id = shown.shown_id
        where
            not verdict_needs_policy
            and not {{ is_untrusted("shown.host_quality") }}
            and not {{ is_untrusted("figures.host_quality") }}
    ),

    -- Two figures for one period that cannot both hold; the wider apart, the sooner.
    contradicted as (
        select
            'CONTRADICTION' as finding_type,
            series_id as subject_id,
            indicator_id,
            series_id,
            cast(null as {{ dbt.type_string() }}) as commitment_id,
            cast(null as bigint) as version,
            domain_id,
            ref_area,
            earlier_observation_id as from_observation_id,
            later_observation_id as to_observation_id,
            time_period_end as since,
            later_published as until,
            gap as lower_bound,
            true as lower_closed,
            cast(null as decimal(38, 9)) as upper_bound,
            cast(null as boolean) as upper_closed,
            true as is_measured,
            cast(gap as double) / nullif(abs(cast(earlier_value as double)), 0) as size,
            evidence,
            evidence_mixed
        from conflicts
        where not {{ is_untrusted("host_quality") }}
    ),

    candidates as (
        select *
        from changes
        union all
        select *
        from promised
        union all
        select *
        from contradicted
    ),

    with_preferences as (
        select
            candidates.*,
            case when areas.in_city_region then 0 else 1 end as by_region,
            case when indicators.is_headline then 0 else 1 end as by_headline,
            case when candidates.is_measured then 0 else 1 end as by_measure,
            {{ evidence_rank("candidates.evidence") }} as by_evidence
        from candidates
        join areas on areas.ref_area = candidates.ref_area
        left join indicators on indicators.indicator_id = candidates.indicator_id
    ),

    -- A subject counts once: an indicator by one of its series, a promise by one version.
    in_subject as (
        select
            *,
            row_number() over (
                partition by finding_type, subject_id
                order by
                    by_region,
                    by_measure,
                    by_headline,
                    by_evidence,
                    size desc nulls last,
                    coalesce(series_id, commitment_id),
                    from_observation_id nulls last,
                    to_observation_id nulls last
            ) as place_in_subject
        from with_preferences
    ),

    in_type as (
        select
            *,
            row_number() over (
                partition by finding_type
                order by by_region, by_measure, by_headline, by_evidence, size desc nulls last, subject_id
            ) as place_in_type,
            count(*) over (partition by finding_type) as n_of_type
        from in_subject
        where place_in_subject = 1
    ),

    -- One of each kind before the second of any.
    ranked as (
        select
            *,
            row_number() over (
                order by
                    place_in_type,
                    case
                        finding_type
                        when 'CHANGE'
                        then 1
                        when 'PROMISE_MET'
                        then 2
                        when 'PROMISE_MISSED'
                        then 3
                        when 'CONTRADICTION'
                        then 4
                        else 5
                    end
            ) as finding_place
        from in_type
        -- As many of a kind as anyone would read.
        where place_in_type <= 5
    )

select
    cast(finding_place as bigint) as finding_rank,
    finding_type,
    n_of_type,
    indicator_id,
    series_id,
    commitment_id,
    version,
    domain_id,
    ref_area,
    from_observation_id,
    to_observation_id,
    since,
    until,
    lower_bound,
    lower_closed,
    upper_bound,
    upper_closed,
    evidence,
    evidence_mixed
from ranked
