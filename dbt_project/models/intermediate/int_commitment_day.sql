select commitment_id, version, valid_from, {{ as_of_date() }} as as_of_date
from {{ ref("commitment_progress_history") }}
where {{ valid_on(as_of_date()) }}
