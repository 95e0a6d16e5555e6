with
    tellings as (select * from {{ ref("int_telling") }}),
    vintages as (select * from {{ ref("int_vintage") }}),

    confirmations as (
        select held_observation_id as observation_id, count(*) as n_confirmed_by
        from vintages
        where effect = 'CONFIRMS'
        group by held_observation_id
    ),

    -- Joined first, both being narrow: each join to whole rows may hold them all.
    standing as (
        select vintages.*, confirmations.n_confirmed_by
        from vintages
        left join confirmations on confirmations.observation_id = vintages.observation_id
    ),

    joined as (
        select
            tellings.*,
            case
                when tellings.is_reprint
                then 'REPRINT'
                when tellings.repeats_observation_id is not null
                then 'REPEATS'
                when standing.observation_id is null
                then 'UNTRUSTED'
                when standing.effect <> 'REPLACES'
                then standing.effect
                when standing.ended_by = 'UNDECIDED'
                then 'UNDECIDED'
                when standing.ended_by = 'REPLACES'
                then 'REPLACED'
                else 'CURRENT'
            end as vintage_status,
            case
                when standing.effect = 'CONFIRMS' then standing.held_observation_id
            end as confirms_observation_id,
            coalesce(standing.n_confirmed_by, 0) as n_confirmed_by,
            -- Of several that nobody can order none is the figure that holds.
            case when standing.effect = 'REPLACES' then standing.held_from end as realtime_start,
            case when standing.effect = 'REPLACES' then standing.held_to end as realtime_end
        from tellings
        left join standing on standing.observation_id = tellings.observation_id
    ),

    with_current as (select *, coalesce(vintage_status = 'CURRENT', false) as is_current_vintage from joined)

select *
from with_current
