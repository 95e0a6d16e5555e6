with
    tellings as (select * from {{ ref("int_telling") }}),
    vintages as (select * from {{ ref("int_vintage") }}),

    confirmations as (
        select held_observation_id as observation_id, count(*) as n_confirmed_by
        from vintages
        where effect = 'CONFIRMS'
        group by held_observation_id
    ),

    joined as (
        select
            tellings.*,
            case
                when tellings.is_reprint
                then 'REPRINT'
                when tellings.repeats_observation_id is not null
                then 'REPEATS'
                when vintages.observation_id is null
                then 'UNTRUSTED'
                when vintages.effect <> 'REPLACES'
                then vintages.effect
                when vintages.ended_by = 'UNDECIDED'
                then 'UNDECIDED'
                when vintages.ended_by = 'REPLACES'
                then 'REPLACED'
                else 'CURRENT'
            end as vintage_status,
            case
                when vintages.effect = 'CONFIRMS' then vintages.held_observation_id
            end as confirms_observation_id,
            coalesce(confirmations.n_confirmed_by, 0) as n_confirmed_by,
            -- Of several that nobody can order none is the figure that holds.
            case when vintages.effect = 'REPLACES' then vintages.held_from end as realtime_start,
            case when vintages.effect = 'REPLACES' then vintages.held_to end as realtime_end
        from tellings
        left join vintages on vintages.observation_id = tellings.observation_id
        left join confirmations on confirmations.observation_id = tellings.observation_id
    ),

    with_current as (select *, coalesce(vintage_status = 'CURRENT', false) as is_current_vintage from joined)

select *
from with_current
