-- fct_observation, series_change, integration_progress and its history as somebody who knows DuckDB would write them
-- for this one purpose: no layers, no contracts, no tests, the engine's own dialect. The measure that `make bench-scale`
-- holds the models against, and a second opinion on their results: written from the rules, and where there are two ways,
-- by the other. Calendar periods and shapes of intervals are looked up in tables, tellings are folded in a list, what was
-- known on a day comes from running maxima.
-- Given: variables `seeds`, `as_of`, `built_on`; a table `token` with what each distinct value_text was read as; a table
-- `known_by` with the evidence of each source.

-- n / d to nine places: nearest by a double and two corrections, then to the side that is wanted.
create macro nearest(n, d) as list_transform(
    [nullif(d::double, 0)],
    lambda e: list_transform(
        list_transform(
            [(n::double / e)::decimal(38, 9)], lambda q: q + ((n - q * d)::double / e)::decimal(38, 9)
        ),
        lambda q: q + ((n - q * d)::double / e)::decimal(38, 9)
    )[1]
)[1];
create macro div_down(n, d) as
    list_transform([nearest(n, d)], lambda q: q - if(q * d > n, 0.000000001, 0)::decimal(38, 9))[1]::decimal(38, 9);
create macro div_up(n, d) as
    list_transform([nearest(n, d)], lambda q: q + if(q * d < n, 0.000000001, 0)::decimal(38, 9))[1]::decimal(38, 9);
create macro div_even_up(n, d) as list_transform(
    [nearest(n, d)],
    lambda q: q + case
        when q * d - n > 0.0000000005 * d or (q * d - n = 0.0000000005 * d and n < 0) then -0.000000001
        when q * d - n < -0.0000000005 * d or (q * d - n = -0.0000000005 * d and n >= 0) then 0.000000001
        else 0
    end
)[1]::decimal(38, 9);
create macro up9(x) as x::decimal(38, 9) + if(x > x::decimal(38, 9), 0.000000001, 0)::decimal(38, 9);
create macro number(t) as coalesce(try_cast(t as decimal(18, 9))::decimal(38, 9), t::decimal(38, 9));
create macro seed(name) as table
    from
        read_csv(
            getvariable('seeds') || name,
            all_varchar = true,
            header = true,
            delim = ',',
            quote = '"',
            escape = '"',
            union_by_name = true,
            filename = true
        );

-- Columns that may be blank may be left out of a file.
create table source as
select
    source_id,
    issuer,
    host_quality,
    upper(unit) as source_precision,
    date_published,
    primary_source_id is not null as is_reprint,
    date_trunc(unit, date_published)::date as published_from,
    least(
        case unit when 'day' then date_published when 'month' then last_day(date_published)
            else make_date(year(date_published), 12, 31) end,
        greatest(getvariable('as_of'), getvariable('built_on'), date_published)
    ) as published_by
from
    (
        select * replace (date_published::date as date_published), lower(coalesce(date_precision, 'DAY')) as unit
        from
            (
                from seed('/sources.csv')
                union all by name
                select null::varchar as date_precision, null::varchar as primary_source_id where false
            )
    )
where published_by <= getvariable('as_of');

create table indicator as
select * exclude (min_value, max_value), number(min_value) as min_value, number(max_value) as max_value
from
    (
        from seed('/indicators.csv')
        union all by name
        select null::varchar as min_value, null::varchar as max_value, null::varchar as preliminary_months where false
    );

create table area as
select ref_area, name_zh, name_en, valid_from::date as valid_from, predecessor
from (from seed('/areas.csv') union all by name select null::varchar as valid_from, null::varchar as predecessor where false);

create table told as
select
    observation_id, indicator_id, ref_area, breakdown, time_text, as_of_basis, value_text, unit_measure, locator,
    obs_status, initiative_id, comparability_note, differs_from, repeats_observation_id, comment,
    parse_filename(parse_dirpath(filename)) as source_id,
    number(obs_value) as obs_value,
    time_period_start::date as time_period_start,
    time_period_end::date as time_period_end
from
    (
        from seed('/bulletins/*/observations.csv')
        union all by name
        select
            null::varchar as time_period_start, null::varchar as time_text, null::varchar as obs_value, null::varchar as locator, null::varchar as initiative_id,
            null::varchar as comparability_note, null::varchar as differs_from, null::varchar as repeats_observation_id, null::varchar as comment
        where false
    );

-- What is published while its indicator is still being worked out is preliminary.
create or replace table told as
select
    told.* replace (
        if(
            told.obs_status = 'A' and source.published_by <= told.time_period_end + to_months(preliminary_months::int),
            'P',
            told.obs_status
        ) as obs_status
    )
from told
left join indicator using (indicator_id)
left join source using (source_id);

-- What breaks off: an indicator of an area, all of an area, or a territory that follows another.
create table typed_break as
select indicator_id, ref_area, break_date::date as break_date, reason, comparability is distinct from 'NEAR' as ends
from
    (
        from seed('/breaks.csv')
        union all by name
        select null::varchar as indicator_id, null::varchar as comparability where false
    );

create table break as
with typed as (
    select indicator_id, ref_area, break_date, reason
    from typed_break
    where ends
    union all
    select null, ref_area, valid_from, '前身为 · succeeds ' || predecessor
    from area
    where predecessor is not null and valid_from is not null
), of_place as (
    select place.indicator_id, place.ref_area, break_date, reason, typed.indicator_id is null as is_whole_area
    from (select distinct indicator_id, ref_area from told semi join source using (source_id)) as place
    join typed
        on typed.ref_area = place.ref_area
        and coalesce(typed.indicator_id, place.indicator_id) = place.indicator_id
), of_day as (
    select indicator_id, ref_area, break_date, string_agg(reason, '; ' order by reason) as reason
    from of_place
    group by all
), with_beginning as (
    from of_day
    union all
    select distinct indicator_id, ref_area, date '0001-01-01' as break_date, null as reason
    from of_day
)
select *, row_number() over place - 1 as number, lead(break_date) over place as next_break
from with_beginning
window place as (partition by indicator_id, ref_area order by break_date);

-- Whole calendar periods: their kind by first and last month.
create table calendar as
from (values ('A', 1, 12, 'A'), ('H1', 1, 6, 'S'), ('H2', 7, 12, 'S')) as t(calendar_type, first_month, last_month, freq)
union all
select 'Q' || q, 3 * q - 2, 3 * q, 'Q' from range(1, 5) as r(q)
union all
select printf('M%02d', m), m, m, 'M' from range(1, 13) as r(m)
union all
select printf('YTD%02d', m), 1, m, '_O' from unnest([2, 4, 5, 7, 8, 9, 10, 11]) as r(m);

-- How far an interval reaches from the number, in steps, and which of its ends belong to it.
create table shape as
from
    (
        values
            ('EQ', 1, 1, true, false),
            ('GT', 0, 1, false, false),
            ('GE', 0, 1, true, false),
            ('LT', null, 0, null, false),
            ('LE', null, 0, null, true),
            ('ABOVE_NEAR', 0, 1, false, false),
            ('BELOW_NEAR', 1, 0, false, false),
            ('APPROX', 1, 1, true, true),
            ('RANGE', 1, 1, true, true)
    ) as t(qualifier, down, up, has_low, has_high);

create table rule as
select
    hedge_id as rule_id,
    lower_basis as low_basis,
    upper_basis as high_basis,
    coalesce(lower_basis, 'NONE') <> 'NONE' as has_interval,
    coalesce(step_multiple::decimal(9, 4), 0) as step_multiple,
    (number(pct_of_value) * 0.01)::decimal(9, 6) as share,
    coalesce(number(min_step), 0) as min_step,
    number(order_low) as order_low,
    number(order_high) as order_high
from seed('/hedge_terms.csv');
create macro step(v, place, multiple, share, least_step, capped) as up9(
    greatest(
        if(
            capped,
            least(
                (multiple * place::decimal(27, 9))::decimal(38, 15),
                (v::decimal(27, 9) * share)::decimal(38, 15)
            ),
            (multiple * place::decimal(27, 9))::decimal(38, 15)
        ),
        least_step
    )::decimal(38, 15)
);

create table figure as
with joined as (
    select
        told.* exclude (time_period_start, time_period_end),
        told.time_period_start,
        told.time_period_end,
        indicator.domain_id,
        indicator.stock_flow,
        source.* exclude (source_id, host_quality, date_published, source_precision),
        if(as_of_basis = 'PUBLICATION', source_precision, 'DAY') as date_precision,
        source.host_quality,
        source.date_published,
        known_by.evidence,
        unit.base_unit,
        unit.factor_num::bigint as factor_num,
        unit.factor_den::bigint as factor_den,
        unit.unit_type = 'COUNTED' as counted,
        if(indicator.unit_measure = told.unit_measure or min_value = 0, min_value, null) as least_value,
        if(indicator.unit_measure = told.unit_measure, max_value, null) as greatest_value,
        coalesce(break.number, 0) as segment,
        break.next_break,
        coalesce(calendar.freq, if(time_period_start = time_period_end and stock_flow <> 'CUMULATIVE', 'D', '_O')) as freq,
        case
            when stock_flow = 'CUMULATIVE' then 'SINCE:' || coalesce(time_period_start::varchar, '?')
            when time_period_start is null then 'P'
            else coalesce(calendar.calendar_type, 'D' || (time_period_end - time_period_start + 1))
        end as period_type,
        concat_ws(
            '.',
            told.indicator_id,
            told.ref_area,
            breakdown,
            told.unit_measure,
            stock_flow,
            period_type,
            if(period_type = 'SINCE:?', issuer, null)
        ) as series_id
    from told
    join source using (source_id)
    left join known_by using (source_id)
    left join indicator using (indicator_id)
    left join seed('/units.csv') as unit on unit.unit_measure = told.unit_measure
    left join
        calendar
        on stock_flow <> 'CUMULATIVE'
        and calendar.first_month = month(time_period_start)
        and calendar.last_month = month(time_period_end)
        and time_period_start = date_trunc('month', time_period_start)
        and time_period_end = last_day(time_period_end)
        and year(time_period_start) = year(time_period_end)
    left join
        break
        on break.indicator_id = told.indicator_id
        and break.ref_area = told.ref_area
        and break.break_date <= told.time_period_end
        and coalesce(break.next_break, date '9999-12-31') > told.time_period_end
), ruled as (
    select
        joined.*,
        token.* exclude (value_text, value_qualifier),
        token.value_qualifier as qualifier,
        coalesce(
            token.hedge_id,
            case
                when form in ('NONE', 'ORDER') then null
                when form in ('DECIMAL_MAGNITUDE', 'WHOLE_MAGNITUDE') then 'none_' || lower(form)
                when form = 'FRACTION' or not counted then 'none_measured'
                when form = 'DECIMAL' then 'none_decimal'
                when form is not null then 'none_counted'
            end
        ) as bound_rule
    from joined
    left join token using (value_text)
), sized as (
    select
        *,
        coalesce(has_interval, false) as has_bounds,
        form = 'FRACTION' and qualifier = 'EQ' as is_fraction,
        if(qualifier = 'EQ' and form <> 'WHOLE_MAGNITUDE', d, coalesce(u, d)) as place,
        if(form = 'FRACTION', div_down(numerator, denominator), v) as v_low,
        if(form = 'FRACTION', div_up(numerator, denominator), v) as v_high,
        if(counted, min_step, 0) as least_step,
        coalesce(step(v, place, step_multiple, share, least_step, not is_fraction), 0) as reach,
        coalesce(step(v_to, coalesce(u_to, d_to), step_multiple, share, least_step, true), 0) as reach_to
    from ruled
    left join rule on rule.rule_id = ruled.bound_rule
    left join shape using (qualifier)
), unsigned as (
    select
        *,
        case
            when is_fraction then div_down(numerator, denominator + reach)
            when qualifier = 'ORDER' then order_low
            else v_low - down * reach
        end as low,
        case
            when is_fraction then div_up(numerator, denominator - reach)
            when qualifier = 'ORDER' then order_high + if(counted, 0, 1)
            when qualifier = 'RANGE' then v_to + reach_to
            when qualifier in ('GT', 'GE') and greatest_value is not null then null
            else v_high + up * reach
        end as high,
        if(qualifier = 'ORDER', true, has_low and not is_fraction) as low_in,
        case
            when qualifier = 'ORDER' then counted when is_fraction or (qualifier = 'EQ' and reach = 0) then true else has_high
        end as high_in
    from sized
), signed as (
    select
        * exclude (low, high, low_in, high_in, low_basis, high_basis),
        if(sign < 0, -high, low) as low,
        if(sign < 0, -low, high) as high,
        if(sign < 0, high_in, low_in) as low_in,
        if(sign < 0, low_in, high_in) as high_in,
        if(has_bounds, if(sign < 0, high_basis, low_basis), 'NONE') as lower_basis,
        if(has_bounds, if(sign < 0, low_basis, high_basis), 'NONE') as upper_basis
    from unsigned
), bounded as (
    select
        *,
        -- A limit of the quantity takes the place of an end beyond it, or of none, and belongs to it.
        if(has_bounds, coalesce(greatest(low, least_value), low, least_value), null)::decimal(38, 9) as lower_bound,
        if(has_bounds, coalesce(least(high, greatest_value), high, greatest_value), null)::decimal(38, 9) as upper_bound,
        if(lower_bound is null, null, lower_bound is distinct from low or low_in) as lower_closed,
        if(upper_bound is null, null, upper_bound is distinct from high or high_in) as upper_closed
    from signed
), read_twice as (
    select
        *,
        if(lower_basis = 'PRESUMED', least_value, lower_bound) as stated_lower_bound,
        if(stated_lower_bound is null, null, lower_basis = 'PRESUMED' or lower_closed) as stated_lower_closed,
        if(upper_basis = 'PRESUMED', greatest_value, upper_bound) as stated_upper_bound,
        if(stated_upper_bound is null, null, upper_basis = 'PRESUMED' or upper_closed) as stated_upper_closed
    from bounded
)
select
    *,
    list_aggregate(
        list_transform(
            [lower_basis, upper_basis], lambda b: list_position(['STATED', 'ROUNDING', 'PRESUMED', 'NONE'], b)
        ),
        'max'
    ) as weakness
from read_twice;

-- Until which day the definition was the other one: the last figure told under it, else the day it is known by; in any
-- case before the figure that differs. Or until the last near break before the figure, where that came later.
create table differs as
with named_step as (
select
    figure.observation_id,
    any_value(figure.comparability_note) as note,
    coalesce(max(other.time_period_end), try_cast(figure.differs_from as date), any_value(source.published_by)) as named,
    if(named >= figure.time_period_end, figure.time_period_end - 1, named)::date as differs_until
from figure
left join figure as other
    on other.series_id = figure.series_id
    and other.source_id = figure.differs_from
    and other.time_period_end < figure.time_period_end
left join source on source.source_id = figure.differs_from
where figure.differs_from is not null
group by figure.observation_id, figure.differs_from, figure.time_period_end
), near_day as (
    select figure.observation_id, typed_break.break_date, string_agg(typed_break.reason, '; ' order by typed_break.reason) as reason
    from figure
    join typed_break
        on typed_break.ref_area = figure.ref_area
        and coalesce(typed_break.indicator_id, figure.indicator_id) = figure.indicator_id
        and typed_break.break_date <= figure.time_period_end
    anti join break
        on break.indicator_id = figure.indicator_id
        and break.ref_area = figure.ref_area
        and break.break_date = typed_break.break_date
    group by all
), near as (
    select observation_id, max(break_date) - 1 as near_until, max_by(reason, break_date) as reason
    from near_day
    group by observation_id
)
select
    observation_id,
    greatest(differs_until, near_until)::date as differs_until,
    if(differs_until >= near_until or near_until is null, note, reason) as step_note
from named_step
full join near using (observation_id);

-- Tellings of one period as a list in the order in which they are known for sure, and what comes of each: an interval is
-- a pair of pairs, so that ends compare with their belonging. An estimate gives way to any fact; what reaches around the
-- figure that holds confirms it; the more final wins; what certainly came later replaces; the narrower refines; where
-- the order is open, nothing is decided, and what holds are all of them. Before all that, a page that nobody answers for
-- gives way to any other.
-- A page that nobody answers for counts for a headline from the day on which another source tells that period too.
create table counted as
select figure.* exclude (published_by), case
        when not (figure.host_quality = 'UNTRUSTED' and indicator.is_headline::boolean) then figure.published_by
        else (
            select min(greatest(other.published_by, figure.published_by)) from figure as other
            where other.series_id = figure.series_id and other.time_period_end = figure.time_period_end
                and other.source_id <> figure.source_id and not other.is_reprint)
    end as published_by
from figure join indicator using (indicator_id)
where not figure.is_reprint and figure.repeats_observation_id is null;

create table effect as
with telling as (
    select
        series_id, time_period_end, observation_id,
        {
            'value': obs_value,
            'first_day': published_from,
            'day': published_by,
            'trust': if(host_quality is not distinct from 'UNTRUSTED', 0, 1),
            'finality': list_position(['E', 'P', 'A'], obs_status),
            'low': row(coalesce(lower_bound, -1e28::decimal(38, 9)), if(coalesce(lower_closed, true), 0, 1)),
            'high': row(coalesce(upper_bound, 1e28::decimal(38, 9)), if(coalesce(upper_closed, true), 1, 0)),
            'is_open': false,
            'members': [observation_id],
            'log': [{'id': observation_id, 'effect': 'REPLACES', 'held': observation_id, 'day': published_by,
                'members': [observation_id]}]
        } as t
    from counted
    where published_by is not null
), listed as (
    select
        series_id, time_period_end,
        list(
            t
            order by
                t.day, -t.trust, t.finality, t.high[1] - t.low[1], t.low[1], t.high[1], t.high[2] - t.low[2], t.low[2], t.value,
                observation_id
        ) as tellings
    from telling
    group by all
), folded as (
    select
        series_id, time_period_end,
        if(
            len(tellings) = 1,
            tellings[1].log,
            list_reduce(
                tellings,
                lambda s, t: list_transform(
                    [
                        case
                            when t.trust > s.trust then 'REPLACES'
                            when t.trust < s.trust
                            then if(not s.is_open and t.low <= s.low and t.high >= s.high, 'CONFIRMS', 'OUTRANKED')
                            when (t.finality = 1) <> (s.finality = 1) then if(t.finality = 1, 'OUTRANKED', 'REPLACES')
                            when not s.is_open and t.low <= s.low and t.high >= s.high then 'CONFIRMS'
                            when t.finality <> s.finality then if(t.finality < s.finality, 'OUTRANKED', 'REPLACES')
                            when t.first_day > s.day then 'REPLACES'
                            when not s.is_open and t.low >= s.low and t.high <= s.high then 'REPLACES'
                            else 'UNDECIDED'
                        end
                    ],
                    lambda e: list_transform(
                        [case e when 'REPLACES' then t.members when 'UNDECIDED' then s.members || t.members else s.members end],
                        lambda m: {
                            'value': t.value,
                            'first_day': if(e = 'REPLACES', t.first_day, s.first_day),
                            'day': if(e in ('REPLACES', 'UNDECIDED'), t.day, s.day),
                            'trust': if(e = 'REPLACES', t.trust, s.trust),
                            'finality': if(e = 'REPLACES', t.finality, s.finality),
                            'low': if(e = 'REPLACES', t.low, s.low),
                            'high': if(e = 'REPLACES', t.high, s.high),
                            'is_open': if(e in ('REPLACES', 'UNDECIDED'), e = 'UNDECIDED', s.is_open),
                            'members': m,
                            'log': s.log || [{'id': t.members[1], 'effect': e, 'held': m[1], 'day': t.day, 'members': m}]
                        }
                    )[1]
                )[1]
            ).log
        ) as log
    from listed
)
select series_id, time_period_end, place, entry.*
from (select series_id, time_period_end, unnest(log) as entry, generate_subscripts(log, 1) as place from folded);

-- From when until when each holds; what gave way on the day it came never did.
create table holding as
select
    *,
    row_number() over () as holding,
    lead(day) over period as ends,
    lead(effect) over period as ended_by,
    day is distinct from ends as lasts
from effect
where effect in ('REPLACES', 'UNDECIDED')
window period as (partition by series_id, time_period_end order by place);

create table fct_observation as
with confirmed as (
    select held as id, count(*) as n_confirmed_by from effect where effect = 'CONFIRMS' group by all
)
select
    figure.observation_id, source_id, indicator_id, domain_id, ref_area, breakdown, stock_flow, period_type, freq,
    figure.series_id, time_period_start, figure.time_period_end, time_text, as_of_basis, date_precision,
    date_published, value_text,
    obs_value, unit_measure, qualifier as value_qualifier,
    lower_bound, lower_closed, upper_bound, upper_closed,
    lower_basis,
    upper_basis,
    ['STATED', 'ROUNDING', 'PRESUMED', 'NONE'][weakness] as bound_basis,
    stated_lower_bound, stated_lower_closed, stated_upper_bound, stated_upper_closed,
    bound_rule,
    base_unit,
    if(factor_den = 1, (obs_value * factor_num)::decimal(38, 9),
        div_even_up((obs_value * factor_num)::decimal(38, 9), factor_den::decimal(38, 9))) as base_value,
    if(factor_den = 1, (lower_bound * factor_num)::decimal(38, 9),
        div_down((lower_bound * factor_num)::decimal(38, 9), factor_den::decimal(38, 9))) as base_lower_bound,
    if(factor_den = 1, (upper_bound * factor_num)::decimal(38, 9),
        div_up((upper_bound * factor_num)::decimal(38, 9), factor_den::decimal(38, 9))) as base_upper_bound,
    locator, obs_status, initiative_id, comparability_note, differs_from, repeats_observation_id, comment,
    segment,
    next_break,
    case
        when is_reprint then 'REPRINT'
        when repeats_observation_id is not null then 'REPEATS'
        when effect.id is null then 'UNTRUSTED'
        when effect.effect <> 'REPLACES' then effect.effect
        else coalesce(if(ended_by = 'REPLACES', 'REPLACED', ended_by), 'CURRENT')
    end as vintage_status,
    if(effect.effect = 'CONFIRMS', effect.held, null) as confirms_observation_id,
    coalesce(n_confirmed_by, 0) as n_confirmed_by,
    if(effect.effect = 'REPLACES' and lasts, effect.day, null) as realtime_start,
    if(effect.effect = 'REPLACES' and lasts, ends, null) as realtime_end,
    vintage_status = 'CURRENT' as is_current_vintage,
    evidence,
    host_quality
from figure
left join effect on effect.id = figure.observation_id
left join holding on holding.id = figure.observation_id
left join confirmed on confirmed.id = figure.observation_id;

-- What holds of each period, with the days; of several that nobody can order, the hull.
create table held as
with alone as (
    select
        figure.series_id, indicator_id, domain_id, ref_area, breakdown, unit_measure, stock_flow, period_type,
        figure.time_period_end, segment, next_break, observation_id, obs_status, date_precision, obs_value,
        lower_bound, lower_closed, upper_bound, upper_closed,
        stated_lower_bound, stated_lower_closed, stated_upper_bound, stated_upper_closed,
        differs_until, step_note as comparability_note, evidence, host_quality, holding, day, ends
    from holding
    join figure on figure.observation_id = holding.id
    left join differs using (observation_id)
    where lasts and effect = 'REPLACES'
), open as (
    select
        figure.series_id, indicator_id, domain_id, ref_area, breakdown, unit_measure, stock_flow, period_type,
        figure.time_period_end, segment, next_break, null as observation_id,
        max(obs_status) filter (where member = holding.id) as obs_status,
        max(date_precision) filter (where member = holding.id) as date_precision, null::decimal(38, 9) as obs_value,
        if(bool_or(lower_bound is null), null, min(lower_bound)) as lower_bound,
        if(bool_or(lower_bound is null), null, true) as lower_closed,
        if(bool_or(upper_bound is null), null, max(upper_bound)) as upper_bound,
        if(bool_or(upper_bound is null), null, true) as upper_closed,
        if(bool_or(stated_lower_bound is null), null, min(stated_lower_bound)) as stated_lower_bound,
        if(bool_or(stated_lower_bound is null), null, true) as stated_lower_closed,
        if(bool_or(stated_upper_bound is null), null, max(stated_upper_bound)) as stated_upper_bound,
        if(bool_or(stated_upper_bound is null), null, true) as stated_upper_closed,
        max(differs_until) as differs_until,
        string_agg(distinct step_note, '; ' order by step_note) as comparability_note,
        max_by(evidence, list_position(['AUDITED', 'HELD', 'RECORDED', 'CITED'], evidence)) as evidence,
        max_by(host_quality, list_position(['OFFICIAL', 'PRESS', 'REPOST', 'UNTRUSTED'], host_quality)) as host_quality,
        holding, day, ends
    from (select *, unnest(members) as member from holding where lasts and effect = 'UNDECIDED') as holding
    join figure on figure.observation_id = member
    left join differs using (observation_id)
    group by all
)
from alone
union all by name
from open;

create view t_held as select columns('(.*)') as 't_\1' from held;
create view f_held as select columns('(.*)') as 'f_\1' from held;

create view neighbour as
select
    *,
    lag(columns('^t_((observation|time|date|obs|lower|upper|stated|segment|evidence|host|holding).*)')) over (
        partition by t_series_id order by t_time_period_end
    ) as 'f_\1',
    coalesce(t_differs_until >= f_time_period_end, false) as is_other_definition,
    if(is_other_definition, t_comparability_note, null) as step_note,
    null::date as valid_from,
    null::date as valid_to
from t_held
where t_ends is null
qualify f_holding is not null;

-- The day a figure comes to hold is the day of a state: the newest of the latest period, the newest of the first since
-- the last break, and the definitions that changed between them.
create view span as
with known as (
    select distinct on (series_id, day)
        series_id,
        day,
        count(distinct time_period_end) over so_far as n_observations,
        list(distinct row(segment, time_period_end)) over so_far as periods,
        max(segment) over so_far as last_segment,
        max_by(holding, row(time_period_end, day)) over so_far as t_holding,
        min_by(holding, row(-segment, time_period_end, date '9999-12-31' - day)) over so_far as f_holding
    from held
    window so_far as (partition by series_id order by day)
), steps as (
    select known.series_id, known.day, max(differs_until) as differs_until,
        min_by(comparability_note, row(-epoch(differs_until), comparability_note)) as step_note
    from known
    join held
        on held.series_id = known.series_id and held.day <= known.day and coalesce(held.ends > known.day, true)
    where differs_until is not null
    group by all
)
select
    t_held.*,
    f_held.*,
    coalesce(steps.differs_until >= f_time_period_end and t_time_period_end > f_time_period_end, false)
        as is_other_definition,
    if(is_other_definition, steps.step_note, null) as step_note,
    known.n_observations,
    len(list_filter(known.periods, lambda p: p[1] = known.last_segment)) as n_comparable,
    known.day as valid_from,
    lead(known.day) over (partition by known.series_id order by known.day) as valid_to
from known
join t_held using (t_holding)
join f_held using (f_holding)
left join steps on steps.series_id = known.series_id and steps.day = known.day;

create macro place_of(evidence) as list_position(['AUDITED', 'HELD', 'RECORDED', 'CITED'], evidence);

create macro place_of_host(quality) as coalesce(list_position(['OFFICIAL', 'PRESS', 'REPOST', 'UNTRUSTED'], quality), 0);

create macro growth(new, old, days, slack) as list_transform(
    [new::double / nullif(old::double, 0)],
    lambda r: case
        when new = old and old > 0 then 0
        when new = 0 and old > 0 then -100
        when r > 0
        then 100 * (
            power(r, 365.25::double / days) - 1 + slack * (
                (power(r, 365.25::double / days) + 1) * 4e-15 * (1 + 365.25::double / days) * (1 + abs(ln(nullif(r, 0))))
            )
        )
    end
)[1];
create macro whole9(x) as (x::decimal(38, 0) * 0.000000001::decimal(9, 9))::decimal(38, 9);

-- Where a sign is known at both ends of an interval: above, at or below zero.
create macro sign_of_low(low, closed) as if(low is null, -1, if(low = 0 and not closed, 1, sign(low)));
create macro sign_of_high(high, closed) as if(high is null, 1, if(high = 0 and not closed, -1, sign(high)));

-- Pairs of figures in, changes out: of neighbours and of the first with the latest.
create macro change(pairs) as table
with judged as (
    select
        *,
        if(
            f_time_period_end < t_time_period_end and (f_date_precision <> 'DAY' or t_date_precision <> 'DAY'),
            null,
            t_time_period_end - f_time_period_end
        ) as days,
        t_time_period_end = f_time_period_end as is_single,
        f_segment <> t_segment as is_broken,
        t_period_type = 'SINCE:?' as is_since_unknown,
        f_observation_id is null or t_observation_id is null as is_undecided,
        not (is_broken or is_single) as comparable,
        coalesce(f_lower_bound >= 0 and (f_upper_bound is null or f_upper_bound > 0), false)
        and coalesce(t_lower_bound >= 0, t_upper_bound > 0, true) as is_ratio,
        coalesce(f_upper_bound = 0 and f_lower_bound = 0, false) as is_zero,
        f_lower_bound + f_upper_bound + t_lower_bound + t_upper_bound is not null as bounded
    from query_table(pairs)
), computed as (
    select
        *,
        comparable and is_ratio as has_ratio,
        has_ratio and days >= 365 as has_rate,
        if(comparable and bounded, t_obs_value - f_obs_value, null)::decimal(38, 9) as change,
        if(comparable, t_lower_bound - f_upper_bound, null)::decimal(38, 9) as change_low,
        if(comparable, t_upper_bound - f_lower_bound, null)::decimal(38, 9) as change_high,
        if(comparable, t_stated_lower_bound - f_stated_upper_bound, null) as stated_low,
        if(comparable, t_stated_upper_bound - f_stated_lower_bound, null) as stated_high,
        if(has_ratio and bounded, div_even_up(t_obs_value, f_obs_value), null) as multiple,
        if(has_ratio, div_down(t_lower_bound, f_upper_bound), null) as multiple_low,
        if(has_ratio, div_up(t_upper_bound, f_lower_bound), null) as multiple_high,
        if(has_ratio and bounded, div_even_up((100 * (t_obs_value - f_obs_value))::decimal(38, 9), f_obs_value), null)
            as pct_change,
        if(has_ratio, div_down((100 * (t_lower_bound - f_upper_bound))::decimal(38, 9), f_upper_bound), null)
            as pct_change_low,
        if(has_ratio, div_up((100 * (t_upper_bound - f_lower_bound))::decimal(38, 9), f_lower_bound), null)
            as pct_change_high,
        if(has_rate and bounded, whole9(floor(growth(t_obs_value, f_obs_value, days, 0) * 1e9 + 0.5)), null) as annual_rate,
        if(has_rate, whole9(floor(growth(t_lower_bound, f_upper_bound, days, -1) * 1e9)), null) as annual_rate_low,
        if(has_rate, whole9(ceil(growth(t_upper_bound, f_lower_bound, days, 1) * 1e9)), null) as annual_rate_high,
        t_lower_closed and f_upper_closed as low_closed,
        t_upper_closed and f_lower_closed as high_closed,
        t_stated_lower_closed and f_stated_upper_closed as stated_low_closed,
        t_stated_upper_closed and f_stated_lower_closed as stated_high_closed,
        t_lower_closed and (f_upper_closed or coalesce(t_lower_bound = 0, false)) as ratio_low_closed,
        t_upper_closed and (f_lower_closed or coalesce(t_upper_bound = 0, false)) as ratio_high_closed,
        sign_of_low(change_low, low_closed) as at_low,
        sign_of_high(change_high, high_closed) as at_high
    from judged
), crossing as (
    select indicator_id, ref_area, a.number - 1 as from_segment, b.number as to_segment,
        string_agg(c.reason, '; ' order by c.break_date) as reason
    from break as a
    join break as b using (indicator_id, ref_area)
    join break as c using (indicator_id, ref_area)
    where a.number >= 1 and b.number >= a.number and c.number between a.number and b.number
    group by all
)
select
    computed.*,
    case
        when is_single then null
        when is_broken then 'BROKEN'
        when is_other_definition or is_since_unknown then 'NEAR'
        else 'SAME'
    end as comparability,
    crossing.reason as break_reason,
    if(place_of(f_evidence) > place_of(t_evidence), f_evidence, t_evidence) as evidence,
    f_evidence <> t_evidence as evidence_mixed,
    if(place_of_host(f_host_quality) > place_of_host(t_host_quality), f_host_quality, t_host_quality) as host_quality,
    nullif(
        array_to_string(
            list_filter(
                [
                    if(is_broken, 'SERIES_BROKEN', null),
                    if(comparable and is_other_definition, 'DEFINITION_DIFFERS', null),
                    if(comparable and is_since_unknown, 'START_NOT_STATED', null),
                    if(is_single, 'SINGLE_OBSERVATION', null),
                    if(is_undecided, 'TELLINGS_UNDECIDED', null),
                    if('E' in (f_obs_status, t_obs_status), 'ESTIMATE', null),
                    if('P' in (f_obs_status, t_obs_status), 'PRELIMINARY', null),
                    if(
                        comparable and not is_undecided and (f_obs_value is null or t_obs_value is null),
                        'NO_SINGLE_NUMBER',
                        null
                    ),
                    if(comparable and (change_low is null or change_high is null), 'END_UNBOUNDED', null),
                    if(comparable and at_low <> at_high, 'ENDS_DISAGREE', null),
                    if(comparable and is_zero, 'ZERO_BASE', null),
                    if(comparable and not is_zero and not is_ratio, 'NOT_POSITIVE', null),
                    if(has_ratio and f_lower_bound = 0, 'BASE_TOUCHES_ZERO', null),
                    if(days is null, 'DATE_NOT_EXACT', null),
                    if(pairs <> 'span' and has_ratio and days < 365, 'TOO_FEW_DAYS', null)
                ],
                lambda code: code is not null
            ),
            ';'
        ),
        ''
    ) as reason
from computed
left join
    crossing
    on crossing.indicator_id = t_indicator_id
    and crossing.ref_area = t_ref_area
    and crossing.from_segment = f_segment
    and crossing.to_segment = t_segment;

create table series_change as
select
    t_series_id as series_id,
    t_indicator_id as indicator_id,
    t_domain_id as domain_id,
    t_ref_area as ref_area,
    t_breakdown as breakdown,
    t_unit_measure as unit_measure,
    t_stock_flow as stock_flow,
    t_period_type as period_type,
    f_observation_id as from_observation_id,
    t_observation_id as to_observation_id,
    f_time_period_end as from_date,
    f_date_precision as from_date_precision,
    t_time_period_end as to_date,
    t_date_precision as to_date_precision,
    days,
    f_obs_value as from_value,
    f_lower_bound as from_lower_bound,
    f_lower_closed as from_lower_closed,
    f_upper_bound as from_upper_bound,
    f_upper_closed as from_upper_closed,
    f_obs_status as from_obs_status,
    t_obs_value as to_value,
    t_lower_bound as to_lower_bound,
    t_lower_closed as to_lower_closed,
    t_upper_bound as to_upper_bound,
    t_upper_closed as to_upper_closed,
    t_obs_status as to_obs_status,
    change, change_low, if(change_low is not null, low_closed, null) as change_low_closed,
    change_high, if(change_high is not null, high_closed, null) as change_high_closed,
    multiple, multiple_low, if(multiple_low is not null, ratio_low_closed, null) as multiple_low_closed,
    multiple_high, if(multiple_high is not null, ratio_high_closed, null) as multiple_high_closed,
    pct_change, pct_change_low, if(multiple_low is not null, ratio_low_closed, null) as pct_change_low_closed,
    pct_change_high, if(multiple_high is not null, ratio_high_closed, null) as pct_change_high_closed,
    annual_rate, annual_rate_low, if(annual_rate_low is not null, ratio_low_closed, null) as annual_rate_low_closed,
    annual_rate_high, if(annual_rate_high is not null, ratio_high_closed, null) as annual_rate_high_closed,
    if(at_low = at_high, at_low, null)::bigint as change_sign,
    comparability,
    step_note as comparability_note,
    break_reason,
    reason,
    evidence,
    evidence_mixed,
    host_quality
from change('neighbour');

create macro trend_of(sign, direction) as case
    when direction = 'NONE' then 'NO_DIRECTION'
    when sign = 0 then 'UNCHANGED'
    when sign = case direction when 'UP' then 1 when 'DOWN' then -1 end then 'IMPROVED'
    else 'WORSENED'
end;
create macro verdict(single, low, high, direction) as case
    when single then 'SINGLE_OBSERVATION'
    when direction <> 'NONE' and low <> high then 'INDETERMINATE'
    else trend_of(low, direction)
end;

create table integration_progress_history as
with signed as (
    select
        *,
        sign_of_low(stated_low, stated_low_closed) as stated_at_low,
        sign_of_high(stated_high, stated_high_closed) as stated_at_high
    from change('span')
)
select
    t_series_id as series_id,
    t_indicator_id as indicator_id,
    t_domain_id as domain_id,
    t_ref_area as ref_area,
    t_breakdown as breakdown,
    t_unit_measure as unit_measure,
    t_stock_flow as stock_flow,
    t_period_type as period_type,
    valid_from,
    valid_to,
    n_observations,
    n_comparable,
    f_observation_id as first_observation_id,
    f_time_period_end as first_date,
    f_date_precision as first_date_precision,
    f_obs_value as first_value,
    f_lower_bound as first_lower_bound,
    f_lower_closed as first_lower_closed,
    f_upper_bound as first_upper_bound,
    f_upper_closed as first_upper_closed,
    f_obs_status as first_obs_status,
    t_observation_id as latest_observation_id,
    t_time_period_end as latest_date,
    t_date_precision as latest_date_precision,
    t_obs_value as latest_value,
    t_lower_bound as latest_lower_bound,
    t_lower_closed as latest_lower_closed,
    t_upper_bound as latest_upper_bound,
    t_upper_closed as latest_upper_closed,
    t_obs_status as latest_obs_status,
    days,
    change, change_low, if(change_low is not null, low_closed, null) as change_low_closed,
    change_high, if(change_high is not null, high_closed, null) as change_high_closed,
    pct_change, pct_change_low, if(multiple_low is not null, ratio_low_closed, null) as pct_change_low_closed,
    pct_change_high, if(multiple_high is not null, ratio_high_closed, null) as pct_change_high_closed,
    rated as direction,
    if(is_single, null, trend_of(at_low, rated)) as trend_low,
    if(is_single, null, trend_of(at_high, rated)) as trend_high,
    verdict(is_single, at_low, at_high, rated) as trend,
    verdict(is_single, stated_at_low, stated_at_high, rated)
        as stated_trend,
    trend <> stated_trend as verdict_needs_policy,
    -- One period of a calendar kind there is a year, however often the indicator is told.
    (t_time_period_end + case
        when freq not in ('D', 'M', 'Q', 'A') then null
        when freq = 'A' or left(t_period_type, 1) in ('A', 'H', 'Q', 'M', 'Y') then interval 12 month
        when freq = 'Q' then interval 3 month
        when freq = 'M' then interval 1 month
        else interval 1 day
    end)::date as expected_by,
    t_next_break as next_break,
    comparability,
    step_note as comparability_note,
    reason,
    evidence,
    evidence_mixed,
    host_quality
from (
    -- A running total can only rise, which is neither better nor worse.
    select signed.*, freq, if(starts_with(t_period_type, 'SINCE:'), 'NONE', direction) as rated
    from signed
    left join indicator on indicator.indicator_id = t_indicator_id
);

-- Years speak for an indicator before levels, levels before running totals, those before parts of a year; the whole
-- before its parts, the indicator's own unit before others.
create table integration_progress as
with counted as (
    select series_id, string_agg(distinct source_id, ';' order by source_id) as source_ids
    from fct_observation
    where is_current_vintage
    group by all
), joined as (
    select
        history.*,
        indicator.name_zh as indicator_zh,
        indicator.name_en as indicator_en,
        is_headline::boolean as is_headline,
        area.name_zh as area_zh,
        area.name_en as area_en,
        source_ids,
        getvariable('as_of') - latest_date as days_since_latest,
        row_number() over (
            partition by history.indicator_id, history.ref_area
            order by
                breakdown <> '_T',
                history.unit_measure <> indicator.unit_measure,
                list_position(
                    ['A', 'P', 'S', '?', 'H', 'Y', 'Q', 'M', 'D'], if(period_type = 'SINCE:?', '?', period_type[1])
                ),
                n_observations desc,
                latest_date desc,
                history.series_id
        ) as place
    from integration_progress_history as history
    left join counted on counted.series_id = history.series_id
    left join indicator on indicator.indicator_id = history.indicator_id
    left join area on area.ref_area = history.ref_area
    where valid_to is null
)
select
    series_id, indicator_id, indicator_zh, indicator_en, domain_id, ref_area, area_zh, area_en, breakdown, unit_measure,
    stock_flow, period_type,
    place = 1 as is_representative,
    is_headline,
    direction,
    n_observations,
    n_comparable,
    first_observation_id, first_date, first_date_precision, first_value,
    first_lower_bound, first_lower_closed, first_upper_bound, first_upper_closed, first_obs_status,
    latest_observation_id, latest_date, latest_date_precision, latest_value,
    latest_lower_bound, latest_lower_closed, latest_upper_bound, latest_upper_closed, latest_obs_status,
    days,
    change, change_low, change_low_closed, change_high, change_high_closed,
    pct_change, pct_change_low, pct_change_low_closed, pct_change_high, pct_change_high_closed,
    trend_low, trend_high, trend, stated_trend, verdict_needs_policy,
    trend in ('IMPROVED', 'WORSENED') and trend = stated_trend and comparability is not distinct from 'SAME'
        and first_obs_status = 'A' and latest_obs_status = 'A' as is_settled,
    days_since_latest,
    expected_by,
    case
        when next_break <= getvariable('as_of') then 'DISCONTINUED'
        when getvariable('as_of') <= expected_by then 'CURRENT'
        when n_observations = 1 then 'ONCE_ONLY'
        when expected_by is null then 'CURRENT'
        else 'OVERDUE'
    end as reporting_status,
    comparability, comparability_note, reason, evidence, evidence_mixed, host_quality, source_ids
from joined;
