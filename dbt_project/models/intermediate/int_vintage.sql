with recursive
    told_once as (select * from {{ ref("int_telling_order") }} where n_tellings = 1),
    told_again as (select * from {{ ref("int_telling_order") }} where n_tellings > 1),

    -- What holds after each telling. While two differ and nobody knows which came later, none does:
    -- `is_open`.
    holding as (
        select
            series_id,
            time_period_end,
            place,
            observation_id,
            cast('REPLACES' as {{ dbt.type_string() }}) as effect,
            observation_id as held_observation_id,
            false as held_is_open,
            published_by as known_from,
            is_untrusted as held_is_untrusted,
            finality as held_finality,
            published_by as held_published_by,
            lower_bound as held_lower_bound,
            lower_closed as held_lower_closed,
            upper_bound as held_upper_bound,
            upper_closed as held_upper_closed
        from told_again
        where place = 1
        union all
        select
            series_id,
            time_period_end,
            place,
            observation_id,
            effect,
            case
                when effect = 'REPLACES' then observation_id else held_observation_id
            end as held_observation_id,
            case
                effect when 'REPLACES' then false when 'UNDECIDED' then true else held_is_open
            end as held_is_open,
            told_published_by as known_from,
            case
                when effect = 'REPLACES' then told_is_untrusted else held_is_untrusted
            end as held_is_untrusted,
            case when effect = 'REPLACES' then told_finality else held_finality end as held_finality,
            case
                when effect in ('REPLACES', 'UNDECIDED') then told_published_by else held_published_by
            end as held_published_by,
            case when effect = 'REPLACES' then told_lower_bound else held_lower_bound end as held_lower_bound,
            case
                when effect = 'REPLACES' then told_lower_closed else held_lower_closed
            end as held_lower_closed,
            case when effect = 'REPLACES' then told_upper_bound else held_upper_bound end as held_upper_bound,
            case
                when effect = 'REPLACES' then told_upper_closed else held_upper_closed
            end as held_upper_closed
        from
            (
                select *, {{ effect_of_telling() }} as effect
                from
                    (
                        select
                            told.series_id,
                            told.time_period_end,
                            told.place,
                            told.observation_id,
                            told.published_from as told_published_from,
                            told.published_by as told_published_by,
                            told.is_untrusted as told_is_untrusted,
                            told.finality as told_finality,
                            told.lower_bound as told_lower_bound,
                            told.lower_closed as told_lower_closed,
                            told.upper_bound as told_upper_bound,
                            told.upper_closed as told_upper_closed,
                            holding.held_observation_id,
                            holding.held_is_open,
                            holding.held_is_untrusted,
                            holding.held_finality,
                            holding.held_published_by,
                            holding.held_lower_bound,
                            holding.held_lower_closed,
                            holding.held_upper_bound,
                            holding.held_upper_closed
                        from holding
                        join
                            told_again as told
                            on told.series_id = holding.series_id
                            and told.time_period_end = holding.time_period_end
                            and told.place = holding.place + 1
                    ) as facing
            ) as judged
    ),

    -- Until something else holds: the next telling that opens a state, as this one does.
    opened as (
        select
            observation_id,
            series_id,
            time_period_end,
            place,
            effect,
            held_observation_id,
            opens,
            known_from as held_from,
            lead(known_from) over (partition by series_id, time_period_end, opens order by place) as held_to,
            lead(effect) over (partition by series_id, time_period_end, opens order by place) as ended_by
        from (select *, effect in ('REPLACES', 'UNDECIDED') as opens from holding) as marked
    ),

    -- What was replaced on the day it came never did.
    judged_again as (
        select
            observation_id,
            series_id,
            time_period_end,
            place,
            effect,
            held_observation_id,
            case when opens and (held_to is null or held_to > held_from) then held_from end as held_from,
            case when opens and held_to > held_from then held_to end as held_to,
            case when opens then ended_by end as ended_by
        from opened
    ),

    vintages as (
        select
            observation_id,
            series_id,
            time_period_end,
            place,
            'REPLACES' as effect,
            observation_id as held_observation_id,
            published_by as held_from,
            cast(null as date) as held_to,
            cast(null as {{ dbt.type_string() }}) as ended_by
        from told_once
        union all
        select *
        from judged_again
    )

select *
from vintages
