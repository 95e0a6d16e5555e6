{#- Whether there is data, apart from whether there is progress: no data must never read as no progress. -#}
{#- Day by which the next figure is due: one period after the last; none where no rhythm is expected. -#}
{% macro expected_by(latest_date, freq) -%}
    cast(
        case
            {{ freq }}
            when 'D'
            then {{ dbt.dateadd("day", 1, latest_date) }}
            when 'M'
            then {{ dbt.dateadd("month", 1, latest_date) }}
            when 'Q'
            then {{ dbt.dateadd("month", 3, latest_date) }}
            when 'A'
            then {{ dbt.dateadd("month", 12, latest_date) }}
        end as date
    )
{%- endmacro %}

{#- A series is discontinued where a break is on record and no figure since; nobody's silence says that. -#}
{% macro reporting_status() -%}
    case
        when latest_date is null
        then null
        when next_break <= as_of_date
        then 'DISCONTINUED'
        when as_of_date <= expected_by
        then 'CURRENT'
        when n_observations = 1
        then 'ONCE_ONLY'
        when expected_by is null
        then 'CURRENT'
        else 'OVERDUE'
    end
{%- endmacro %}

{% macro reporting_statuses() -%}
    {{ return(["CURRENT", "OVERDUE", "ONCE_ONLY", "DISCONTINUED"]) }}
{%- endmacro %}

{% macro commitment_statuses() -%}
    {{
        return(
            [
                "NOT_ASSESSABLE",
                "NOT_STARTED",
                "ACHIEVED",
                "ACHIEVED_LATE",
                "ON_TRACK",
                "ACCELERATE",
                "LIMITED",
                "REVERSING",
                "ADVANCED",
                "REPORTED",
                "NOT_REPORTED",
                "CONTRADICTED",
                "ABANDONED",
                "OVERDUE_UNMET",
                "OVERDUE_UNKNOWN",
                "INDETERMINATE",
            ]
        )
    }}
{%- endmacro %}
