with
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

    told_once as (select *, cast(1 as bigint) as place from countable where n_tellings = 1),

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
    )

select *
from told_once
union all
select *
from told_again
