-- fct_observation, series_change and integration_progress as somebody who knows DuckDB would write them for this one
-- purpose: no layers, no contracts, no tests, the engine's own dialect. The measure that `make bench-scale` holds the
-- models against, and a second opinion on their results.
-- Given: variables `seeds` and `as_of`; a table `token` with what each distinct value_text was read as.

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
    from read_csv(getvariable('seeds') || name, all_varchar = true, header = true, delim = ',', quote = '"', escape = '"');

create table told as
select
    observation_id, indicator_id, ref_area, breakdown, time_text, as_of_basis, value_text, unit_measure, locator,
    obs_status, initiative_id, comparability_note, comment,
    parse_filename(parse_dirpath(filename)) as source_id,
    number(obs_value) as obs_value,
    time_period_start::date as time_period_start,
    time_period_end::date as time_period_end
from
    read_csv(
        getvariable('seeds') || '/bulletins/*/observations.csv',
        all_varchar = true,
        header = true,
        delim = ',',
        quote = '"',
        escape = '"',
        filename = true
    );

create table indicator as
select * exclude (min_value, max_value), number(min_value) as min_value, number(max_value) as max_value
from seed('/indicators.csv');

create table rule as
select
    hedge_id as bound_rule,
    bound_basis as rule_basis,
    step_multiple::decimal(9, 4) as step_multiple,
    (number(pct_of_value) * 0.01)::decimal(9, 6) as share,
    number(min_step) as min_step,
    number(order_low) as order_low,
    number(order_high) as order_high
from seed('/hedge_terms.csv');

create table break as
select
    *,
    row_number() over place - 1 as number,
    lead(break_date) over place as next_break
from
    (
        select indicator_id, ref_area, break_date::date as break_date, reason
        from seed('/breaks.csv')
        union all
        select distinct indicator_id, ref_area, date '0001-01-01' as break_date, null as reason
        from seed('/breaks.csv')
    )
window place as (partition by indicator_id, ref_area order by break_date);

create table fct_observation as
with joined as (
    select
        told.*,
        indicator.domain_id,
        indicator.stock_flow,
        source.date_published::date as date_published,
        source.primary_source_id is not null as is_reprint,
        unit.base_unit,
        unit.factor_num::bigint as factor_num,
        unit.factor_den::bigint as factor_den,
        unit.kind = 'COUNTED' as counted,
        if(indicator.unit_measure = told.unit_measure or min_value = 0, min_value, null) as least_value,
        if(indicator.unit_measure = told.unit_measure, max_value, null) as greatest_value,
        token.value_qualifier as qualifier,
        token.form, token.sign, token.v, token.u, token.d, token.v_to, token.numerator, token.denominator,
        coalesce(
            token.hedge_id,
            case
                when form in ('NONE', 'ORDER') then null
                when form = 'DECIMAL_MAGNITUDE' then 'none_decimal_magnitude'
                when form = 'WHOLE_MAGNITUDE' then 'none_whole_magnitude'
                when unit.kind = 'MEASURED' or form = 'FRACTION' then 'none_measured'
                when form = 'DECIMAL' then 'none_decimal'
                when form is not null then 'none_counted'
            end
        ) as bound_rule,
        coalesce(break.number, 0) as segment,
        break.next_break,
        concat_ws('.', told.indicator_id, told.ref_area, breakdown, told.unit_measure, stock_flow) as series_id
    from told
    left join indicator using (indicator_id)
    left join seed('/units.csv') as unit on unit.unit_measure = told.unit_measure
    left join seed('/sources.csv') as source using (source_id)
    left join token using (value_text)
    left join
        break
        on break.indicator_id = told.indicator_id
        and break.ref_area = told.ref_area
        and break.break_date <= told.time_period_end
        and coalesce(break.next_break, date '9999-12-31') > told.time_period_end
), stepped as (
    select
        joined.* exclude (bound_rule),
        rule.*,
        joined.bound_rule as rule_id,
        coalesce(rule_basis, 'NONE') <> 'NONE' as has_interval,
        form = 'FRACTION' and qualifier = 'EQ' as is_fraction,
        qualifier in ('APPROX', 'RANGE') as is_wide,
        case when qualifier = 'EQ' and form <> 'WHOLE_MAGNITUDE' then d else coalesce(u, d) end::decimal(27, 9) as place,
        if(form = 'FRACTION', div_down(numerator, denominator), v) as v_low,
        if(form = 'FRACTION', div_up(numerator, denominator), v) as v_high,
        (v::decimal(27, 9) * share)::decimal(38, 15) as part,
        (v_to::decimal(27, 9) * share)::decimal(38, 15) as part_to,
        (step_multiple * place)::decimal(38, 15) as reach
    from joined
    left join rule on rule.bound_rule = joined.bound_rule
), sized as (
    select
        *,
        up9(
            case
                when is_wide and counted and part < min_step then min_step::decimal(38, 15)
                when is_wide then coalesce(part, 0)
                when part < reach and not is_fraction then part
                else coalesce(reach, 0)
            end
        ) as step,
        up9(if(counted and part_to < min_step, min_step::decimal(38, 15), coalesce(part_to, 0))) as step_to
    from stepped
), unsigned as (
    select
        *,
        case
            when is_fraction then div_down(numerator, denominator + step)
            when qualifier in ('EQ', 'APPROX', 'BELOW_NEAR', 'RANGE') then v_low - step
            when qualifier in ('GT', 'GE', 'ABOVE_NEAR') then v_low
            when qualifier = 'ORDER' then order_low
        end as low,
        case
            when is_fraction then div_up(numerator, denominator - step)
            when qualifier in ('EQ', 'APPROX', 'ABOVE_NEAR') then v_high + step
            when qualifier in ('LT', 'LE', 'BELOW_NEAR') then v_high
            when qualifier = 'RANGE' then v_to + step_to
            when qualifier = 'ORDER' then order_high + if(counted, 0, 1)
        end as high,
        qualifier in ('APPROX', 'GE', 'RANGE', 'ORDER') or (qualifier = 'EQ' and form <> 'FRACTION') as low_closed,
        qualifier in ('APPROX', 'LE', 'RANGE')
        or (qualifier = 'EQ' and (step = 0 or form = 'FRACTION'))
        or (qualifier = 'ORDER' and counted) as high_closed
    from sized
), signed as (
    select
        * replace (
            if(sign < 0, -high, low) as low,
            if(sign < 0, -low, high) as high,
            if(sign < 0, high_closed, low_closed) as low_closed,
            if(sign < 0, low_closed, high_closed) as high_closed
        ),
        has_interval and coalesce(least_value > if(sign < 0, -high, low), least_value is not null) as at_least,
        has_interval and coalesce(greatest_value < if(sign < 0, -low, high), greatest_value is not null) as at_greatest
    from unsigned
), bounded as (
    select
        *,
        case when at_least then least_value when has_interval then low end::decimal(38, 9) as lower_bound,
        case when at_greatest then greatest_value when has_interval then high end::decimal(38, 9) as upper_bound
    from signed
)
select
    observation_id, source_id, indicator_id, domain_id, ref_area, breakdown, stock_flow, series_id,
    time_period_start, time_period_end, time_text, as_of_basis, date_published, value_text, obs_value, unit_measure,
    qualifier as value_qualifier,
    lower_bound,
    if(lower_bound is not null, at_least or low_closed, null) as lower_closed,
    upper_bound,
    if(upper_bound is not null, at_greatest or high_closed, null) as upper_closed,
    case
        when not has_interval then 'NONE' when at_greatest and high is null then 'PRESUMED' else rule_basis
    end as bound_basis,
    rule_id as bound_rule,
    base_unit,
    if(factor_den = 1, (obs_value * factor_num)::decimal(38, 9),
        div_even_up((obs_value * factor_num)::decimal(38, 9), factor_den::decimal(38, 9))) as base_value,
    if(factor_den = 1, (lower_bound * factor_num)::decimal(38, 9),
        div_down((lower_bound * factor_num)::decimal(38, 9), factor_den::decimal(38, 9))) as base_lower_bound,
    if(factor_den = 1, (upper_bound * factor_num)::decimal(38, 9),
        div_up((upper_bound * factor_num)::decimal(38, 9), factor_den::decimal(38, 9))) as base_upper_bound,
    locator, obs_status, initiative_id, comparability_note, comment,
    segment,
    next_break,
    if(is_reprint, null, date_published) as realtime_start,
    if(is_reprint, null, lead(date_published) over vintage) as realtime_end,
    not is_reprint and lead(true) over vintage is null as is_current_vintage
from bounded
window
    vintage as (
        partition by series_id, time_period_end, is_reprint
        order by date_published nulls first, obs_status = 'A', observation_id desc
    );

create macro growth(new, old, days, slack) as list_transform(
    [new::double / nullif(old::double, 0)],
    lambda r: case
        when new = old and old > 0 then 0
        when new = 0 and old > 0 then -100
        when 365.25::double / days * ln(nullif(r, 0)) < ln(1e11)
        then 100 * (
            power(r, 365.25::double / days) - 1 + slack * (
                (power(r, 365.25::double / days) + 1) * 4e-15 * (1 + 365.25::double / days) * (1 + abs(ln(nullif(r, 0))))
            )
        )
    end
)[1];
create macro whole9(x) as (x::decimal(38, 0) * 0.000000001::decimal(9, 9))::decimal(38, 9);

-- Pairs of figures in, changes out: of neighbours and of the first with the latest.
create macro change(pairs) as table
with judged as (
    select
        *,
        date_diff('day', f_time_period_end, t_time_period_end) as days,
        f_segment <> t_segment as is_broken,
        coalesce(f_period_length <> t_period_length, false) as is_other_length,
        f_observation_id = t_observation_id as is_single,
        nullif(concat_ws('; ', f_comparability_note, nullif(t_comparability_note, f_comparability_note)), '') as note,
        not (is_broken or is_other_length or is_single) as comparable,
        coalesce(f_lower_bound >= 0 and (f_upper_bound is null or f_upper_bound > 0), false)
        and coalesce(t_lower_bound >= 0, t_upper_bound > 0, true) as is_ratio,
        coalesce(f_upper_bound = 0, false) and coalesce(f_lower_bound = 0, false) as is_zero,
        coalesce(f_lower_bound + f_upper_bound + t_lower_bound + t_upper_bound, null) is not null as bounded
    from query_table(pairs)
), computed as (
    select
        *,
        comparable and is_ratio as has_ratio,
        if(comparable and bounded, t_obs_value - f_obs_value, null)::decimal(38, 9) as change,
        if(comparable, t_lower_bound - f_upper_bound, null)::decimal(38, 9) as change_low,
        if(comparable, t_upper_bound - f_lower_bound, null)::decimal(38, 9) as change_high,
        if(has_ratio and bounded, div_even_up(t_obs_value, f_obs_value), null) as multiple,
        if(has_ratio, div_down(t_lower_bound, f_upper_bound), null) as multiple_low,
        if(has_ratio, div_up(t_upper_bound, f_lower_bound), null) as multiple_high,
        if(has_ratio and bounded, div_even_up((100 * (t_obs_value - f_obs_value))::decimal(38, 9), f_obs_value), null)
            as pct_change,
        if(has_ratio, div_down((100 * (t_lower_bound - f_upper_bound))::decimal(38, 9), f_upper_bound), null)
            as pct_change_low,
        if(has_ratio, div_up((100 * (t_upper_bound - f_lower_bound))::decimal(38, 9), f_lower_bound), null)
            as pct_change_high,
        if(has_ratio and bounded, whole9(floor(growth(t_obs_value, f_obs_value, days, 0) * 1e9 + 0.5)), null) as annual_rate,
        if(has_ratio, whole9(floor(growth(t_lower_bound, f_upper_bound, days, -1) * 1e9)), null) as annual_rate_low,
        if(has_ratio, whole9(ceil(growth(t_upper_bound, f_lower_bound, days, 1) * 1e9)), null) as annual_rate_high,
        t_lower_closed and f_upper_closed as low_closed,
        t_upper_closed and f_lower_closed as high_closed,
        t_lower_closed and (f_upper_closed or coalesce(t_lower_bound = 0, false)) as ratio_low_closed,
        t_upper_closed and (f_lower_closed or coalesce(t_upper_bound = 0, false)) as ratio_high_closed
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
        when is_broken or is_other_length then 'BROKEN'
        when note is not null then 'NEAR'
        else 'SAME'
    end as comparability,
    nullif(
        concat_ws(
            '; ',
            case
                when is_single then null
                when is_broken or is_other_length
                    then concat_ws('; ', crossing.reason, if(is_other_length, '期间长短不同 · periods of different length', null))
                else note
            end,
            if((is_broken or is_other_length) and not is_single, '序列中断,不作计算 · series broken: nothing computed', null),
            if(is_single, '仅一次观测 · a single observation', null),
            if(comparable and (f_obs_value is null or t_obs_value is null), '原文未给单一数值 · no single number is printed', null),
            if(
                comparable and (change_low is null or change_high is null),
                '一端无界,差与倍数亦无界,不给点值 · an end is unbounded, and so are change and multiple: no point',
                null
            ),
            case
                when comparable and is_zero then '基数为零,无倍数与百分比 · zero base: no multiple, no percentage'
                when comparable and not is_ratio
                then '未必皆为正数,无倍数与百分比 · not known to be positive: no multiple, no percentage'
            end,
            if(
                has_ratio and f_lower_bound = 0,
                '基数区间触零,倍数无上界 · base interval touches zero: multiple unbounded above',
                null
            ),
            if(
                (annual_rate_low is null and multiple_low is not null)
                or (annual_rate_high is null and multiple_high is not null),
                '间隔过短,不作年率 · too few days for a yearly rate',
                null
            )
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

create view figure as
select
    series_id, indicator_id, domain_id, ref_area, breakdown, unit_measure, stock_flow, observation_id,
    time_period_end, obs_value, lower_bound, lower_closed, upper_bound, upper_closed, segment, next_break,
    comparability_note,
    case
        when stock_flow <> 'PERIOD_TOTAL' or time_period_start is null then null
        when day(time_period_start) = 1 and time_period_end = last_day(time_period_end)
            then date_diff('month', time_period_start, time_period_end) + 1 || ' months'
        else date_diff('day', time_period_start, time_period_end) + 1 || ' days'
    end as period_length
from fct_observation
where is_current_vintage;
create view t_figure as select columns('(.*)') as 't_\1' from figure;
create view f_figure as select columns('(.*)') as 'f_\1' from figure;

create view neighbour as
select
    *,
    lag(columns('^t_((observation|time|obs_value|lower|upper|segment|compar|period).*)')) over (
        partition by t_series_id order by t_time_period_end
    ) as 'f_\1'
from t_figure
qualify f_observation_id is not null;

create view span as
with latest as (
    select *, row_number() over (partition by t_series_id order by t_time_period_end desc) as place
    from t_figure
    qualify place = 1
), first as (
    select series_id, min(time_period_end) as first_date
    from figure
    join latest on t_series_id = series_id and t_segment = segment and coalesce(t_period_length = period_length, true)
    group by series_id
)
from latest
join first on series_id = t_series_id
join f_figure on f_series_id = series_id and f_time_period_end = first_date;

create table series_change as
select
    t_series_id as series_id,
    t_indicator_id as indicator_id,
    t_domain_id as domain_id,
    t_ref_area as ref_area,
    t_breakdown as breakdown,
    t_unit_measure as unit_measure,
    f_observation_id as from_observation_id,
    t_observation_id as to_observation_id,
    f_time_period_end as from_date,
    t_time_period_end as to_date,
    days,
    f_obs_value as from_value,
    f_lower_bound as from_lower_bound,
    f_lower_closed as from_lower_closed,
    f_upper_bound as from_upper_bound,
    f_upper_closed as from_upper_closed,
    t_obs_value as to_value,
    t_lower_bound as to_lower_bound,
    t_lower_closed as to_lower_closed,
    t_upper_bound as to_upper_bound,
    t_upper_closed as to_upper_closed,
    change, change_low, if(change_low is not null, low_closed, null) as change_low_closed,
    change_high, if(change_high is not null, high_closed, null) as change_high_closed,
    multiple, multiple_low, if(multiple_low is not null, ratio_low_closed, null) as multiple_low_closed,
    multiple_high, if(multiple_high is not null, ratio_high_closed, null) as multiple_high_closed,
    pct_change, pct_change_low, if(multiple_low is not null, ratio_low_closed, null) as pct_change_low_closed,
    pct_change_high, if(multiple_high is not null, ratio_high_closed, null) as pct_change_high_closed,
    annual_rate, annual_rate_low, if(annual_rate_low is not null, ratio_low_closed, null) as annual_rate_low_closed,
    annual_rate_high, if(annual_rate_high is not null, ratio_high_closed, null) as annual_rate_high_closed,
    comparability,
    reason
from change('neighbour');

create macro trend_of(sign, direction) as case
    when direction = 'NONE' then 'NO_DIRECTION'
    when sign = 0 then 'UNCHANGED'
    when sign = case direction when 'UP' then 1 when 'DOWN' then -1 end then 'IMPROVED'
    else 'WORSENED'
end;

create table integration_progress as
with counted as (
    select series_id, count(*) as n_observations, string_agg(distinct source_id, ';' order by source_id) as source_ids
    from fct_observation
    where is_current_vintage
    group by all
), signed as (
    select
        *,
        case
            when change_low > 0 or (change_low = 0 and not low_closed) then 1 when change_low = 0 then 0 else -1
        end as sign_low,
        case
            when change_high < 0 or (change_high = 0 and not high_closed) then -1 when change_high = 0 then 0 else 1
        end as sign_high
    from change('span')
), joined as (
    select
        signed.*,
        indicator.* exclude (indicator_id, domain_id, unit_measure, stock_flow),
        area.name_zh as area_zh,
        area.name_en as area_en,
        n_observations,
        source_ids,
        f_observation_id <> t_observation_id as moved,
        date_diff('day', t_time_period_end, getvariable('as_of')) as days_since_latest,
        case freq
            when 'D' then t_time_period_end + interval 1 day
            when 'M' then t_time_period_end + interval 1 month
            when 'Q' then t_time_period_end + interval 3 month
            when 'A' then t_time_period_end + interval 12 month
        end::date as expected_by
    from signed
    left join counted on counted.series_id = t_series_id
    left join indicator on indicator.indicator_id = t_indicator_id
    left join seed('/areas.csv') as area on area.ref_area = t_ref_area
)
select
    t_series_id as series_id,
    t_indicator_id as indicator_id,
    name_zh as indicator_zh,
    name_en as indicator_en,
    t_domain_id as domain_id,
    t_ref_area as ref_area,
    area_zh,
    area_en,
    t_breakdown as breakdown,
    t_unit_measure as unit_measure,
    t_stock_flow as stock_flow,
    is_headline::boolean as is_headline,
    direction,
    n_observations,
    f_observation_id as first_observation_id,
    f_time_period_end as first_date,
    f_obs_value as first_value,
    f_lower_bound as first_lower_bound,
    f_lower_closed as first_lower_closed,
    f_upper_bound as first_upper_bound,
    f_upper_closed as first_upper_closed,
    t_observation_id as latest_observation_id,
    t_time_period_end as latest_date,
    t_obs_value as latest_value,
    t_lower_bound as latest_lower_bound,
    t_lower_closed as latest_lower_closed,
    t_upper_bound as latest_upper_bound,
    t_upper_closed as latest_upper_closed,
    days,
    change, change_low, if(change_low is not null, low_closed, null) as change_low_closed,
    change_high, if(change_high is not null, high_closed, null) as change_high_closed,
    pct_change, pct_change_low, if(multiple_low is not null, ratio_low_closed, null) as pct_change_low_closed,
    pct_change_high, if(multiple_high is not null, ratio_high_closed, null) as pct_change_high_closed,
    if(moved, trend_of(sign_low, direction), null) as trend_low,
    if(moved, trend_of(sign_high, direction), null) as trend_high,
    case
        when not moved then 'SINGLE_OBSERVATION'
        when direction <> 'NONE' and sign_low <> sign_high then 'INDETERMINATE'
        else trend_of(sign_low, direction)
    end as trend,
    days_since_latest,
    expected_by,
    case
        when t_next_break <= getvariable('as_of') then 'DISCONTINUED'
        when getvariable('as_of') <= expected_by then 'CURRENT'
        when n_observations = 1 then 'ONCE_ONLY'
        when expected_by is null then 'CURRENT'
        else 'OVERDUE'
    end as reporting_status,
    comparability,
    reason,
    source_ids
from joined;
