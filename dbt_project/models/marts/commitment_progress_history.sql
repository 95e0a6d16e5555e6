with states as (select * from {{ ref("int_commitment_progress") }}) select * from states
