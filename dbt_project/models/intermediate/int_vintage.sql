with recursive
    tellings as (select * from {{ ref("int_telling") }}),

    -- A page that nobody answers for speaks for a headline only once another bulletin tells that period too.
    untrusted as (
        select observation_id, series_id, time_period_end, source_id, published_by
        from tellings
        where {{ is_untrusted("host_quality") }} and is_headline and not is_reprint
    ),

    seconded as (
        select
            untrusted.observation_id,
            min({{ later_day("others.published_by", "untrusted.published_by") }}) as counts_from
        from untrusted
        join
            tellings as others
            on others.series_id = untrusted.series_id
            and others.time_period_end = untrusted.time_period_end
            and others.source_id <> untrusted.source_id
        where not others.is_reprint
        group by untrusted.observation_id
    ),

    -- A reprint is no telling, and a figure that is told again for no period of its own adds none.
    countable as (
        select
            tellings.observation_id,
            tellings.series_id,
            tellings.time_period_end,
            tellings.published_from,
            coalesce(seconded.counts_from, tellings.published_by) as published_by,
            {{ is_untrusted("tellings.host_quality") }} as is_untrusted,
            {{ finality("tellings.obs_status") }} as finality,
            tellings.lower_bound,
            tellings.lower_closed,
            tellings.upper_bound,
            tellings.upper_closed,
            tellings.obs_value,
            count(*) over (partition by tellings.series_id, tellings.time_period_end) as n_tellings
        from tellings
        left join untrusted on untrusted.observation_id = tellings.observation_id
        left join seconded on seconded.observation_id = tellings.observation_id
        where
            not tellings.is_reprint
            and tellings.repeats_observation_id is null
            and (untrusted.observation_id is null or seconded.observation_id is not null)
    ),

    told_once as (
        select observation_id, series_id, time_period_end, published_by from countable where n_tellings = 1
    ),

    -- In the order in which they are known for sure; of those known since one day the narrowest first, so
    -- that the order of names decides nothing: only between two that say the same does it choose one.
    told_again as (
        select
            *,
            row_number() over (
                partition by series_id, time_period_end
                order by
                    published_by,
                    is_untrusted,
                    finality,
                    upper_bound - lower_bound nulls last,
                    lower_bound nulls first,
                    upper_bound nulls last,
                    case when lower_closed then 1 else 0 end + case when upper_closed then 1 else 0 end,
                    lower_closed desc nulls last,
                    obs_value nulls last,
                    observation_id
            ) as place
        from countable
        where n_tellings > 1
    ),

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
            cast(1 as bigint) as place,
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
