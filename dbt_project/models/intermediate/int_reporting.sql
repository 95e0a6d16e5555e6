with
    states as (
        select *, {{ as_of_date() }} as as_of_date
        from {{ ref("integration_progress_history") }}
        where {{ valid_on(as_of_date()) }}
    )

select
    series_id,
    n_observations,
    latest_date,
    {{ dbt.datediff("latest_date", "as_of_date", "day") }} as days_since_latest,
    {{ reporting_status() }} as reporting_status
from states
