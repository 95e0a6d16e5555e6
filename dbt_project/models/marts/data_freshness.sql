with
    indicators as (select * from {{ ref("dim_indicator") }}),
    progress as (select * from {{ ref("integration_progress") }}),
    builds as (select * from {{ ref("build_info") }}),

    per_indicator as (
        select
            indicator_id,
            count(*) as n_series,
            cast(sum(n_observations) as bigint) as n_observations,
            max(latest_date) as latest_date,
            {% for status in reporting_statuses() -%}
                count(*) filter (where reporting_status = '{{ status }}') as n_{{ status | lower }}
                {{- "," if not loop.last }}
            {% endfor %}
        from progress
        group by indicator_id
    ),

    joined as (
        select
            indicators.indicator_id,
            indicators.name_zh,
            indicators.name_en,
            indicators.domain_id,
            indicators.freq,
            indicators.is_headline,
            coalesce(per_indicator.n_series, 0) as n_series,
            coalesce(per_indicator.n_observations, 0) as n_observations,
            per_indicator.latest_date,
            {{ dbt.datediff("per_indicator.latest_date", "builds.as_of_date", "day") }} as days_since_latest,
            {{ expected_by("per_indicator.latest_date", "indicators.freq") }} as expected_by,
            {% for status in reporting_statuses() -%}
                coalesce(per_indicator.n_{{ status | lower }}, 0) as n_{{ status | lower }},
            {% endfor -%}
            builds.as_of_date
        from indicators
        cross join builds
        left join per_indicator on per_indicator.indicator_id = indicators.indicator_id
    ),

    with_overdue as (
        select
            *,
            -- Where no rhythm is expected nothing is late, and where there is no figure the reason says so.
            as_of_date > expected_by as is_overdue,
            {{
                reason_codes(
                    {
                        "NO_FIGURE_YET": "latest_date is null",
                        "NO_RHYTHM": "latest_date is not null and expected_by is null",
                    }
                )
            }} as reason
        from joined
    )

select *
from with_overdue
