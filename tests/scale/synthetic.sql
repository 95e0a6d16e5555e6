-- Made-up facts in the shape of the seeds, as many as are asked for: one relation per seed table, its columns by
-- name; a column that is missing here is blank. `bulletin` says whose folder a row goes to.
-- Nothing is random: every choice is a hash of what the row is about and of the seed.
-- Variables: seed, n_series. A series is told of in ten periods, some of them again.
-- Hashed twice: once, hashes of several values share their low bits, and what two picks choose goes together.
create macro pick(what, a, b, n) as (hash(hash(getvariable('seed'), what, a, b)) % n)::integer;
-- A bulletin every quarter; 100 later in number is the reprint of one, 200 later a page of somebody else that tells some
-- of it too, of which only the month or the year is known.
create macro published(bulletin) as date '2010-01-15' + (bulletin % 100 * 90)::integer;
create macro slug(bulletin) as
    printf('%s_synthetic_%02d', published(bulletin), bulletin % 100)
    || case bulletin // 100 when 1 then '_reprint' when 2 then '_page' else '' end;
-- A series is told of by every fifth bulletin.
create macro told_by(series, period) as 5 * period + series % 5;
-- No longer than most real codes: DuckDB keeps eight bytes of a text to tell row groups apart.
create macro area_code(area) as printf('X_A%05d', area);
-- Some places change their territory: every second of them breaks off, the others follow a place that is no more.
create macro is_border(series) as series % 40 = 5;
create macro border_code(area, kind) as printf('X_%s%05d', substr('BCD', kind + 1, 1), area);
create macro place(series) as
    if(is_border(series), border_code(series // 400, series // 40 % 2), area_code(series // 400));
create macro tenths(m) as printf('%d.%d', m // 10, m % 10);

set variable n_indicators = least(400, getvariable('n_series'));
set variable n_areas = 1 + (getvariable('n_series') - 1) // 400;
set variable n_initiatives = 1 + getvariable('n_series') // 10;

create view areas as
select
    case when area >= 0 then area_code(area) else printf('X_G%05d', - area) end as ref_area,
    printf('示例地区%d', area) as name_zh,
    printf('Example area %d', area) as name_en,
    case when area >= 0 then 'COUNTY' else 'GROUPING' end as area_type,
    '510000' as parent_area,
    null as valid_from,
    null as valid_to,
    null as predecessor
from range(- 1 - getvariable('n_areas') // 20, getvariable('n_areas')) as r(area)
union all
select
    border_code(area, kind),
    printf('示例%s%d', list_extract(['边区', '新区', '旧区'], kind + 1), area),
    printf('Example %s %d', list_extract(['border', 'new border', 'old border'], kind + 1), area),
    'COUNTY',
    '510000',
    if(kind = 1, published(26) - 60, null),
    if(kind = 2, published(26) - 61, null),
    if(kind = 1, border_code(area, 2), null)
from range(getvariable('n_areas')) as r(area), range(3) as k(kind);

create view area_members as
select printf('X_G%05d', 1 + area // 20) as group_area, area_code(area) as member_area
from range(getvariable('n_areas')) as r(area);

-- Unit, printed noun, and the styles in which its numbers are printed.
create table measure(measure integer, unit_measure varchar, noun varchar, styles varchar[]);
insert into measure values
    (0, 'PERSON', '人', ['WHOLE', 'WAN', 'WAN_WHOLE']), (1, 'ENTERPRISE', '家', ['WHOLE']),
    (2, 'PROJECT', '个', ['WHOLE']), (3, 'CNY', '元', ['YI', 'WAN_WHOLE', 'YI']), (4, 'MU', '亩', ['WAN', 'DECIMAL']),
    (5, 'KILOMETRE', '公里', ['DECIMAL', 'WHOLE']), (6, 'PERCENT', '%', ['PERCENT']),
    (7, 'PERSON_VISIT', '人次', ['WAN', 'WAN_WHOLE', 'WHOLE']), (8, 'TONNE', '吨', ['WAN', 'DECIMAL']),
    (9, 'SCHOOL', '所', ['WHOLE']);

create table indicator as
select
    indicator,
    printf('SYN_%03d', indicator) as indicator_id,
    measure.* exclude (measure),
    list_extract(['POINT', 'PERIOD_TOTAL', 'CUMULATIVE', 'DAILY_AVG', 'RATE'], 1 + indicator % 5) as stock_flow
from range(getvariable('n_indicators')) as r(indicator)
join measure on measure.measure = r.indicator % 10;

create view indicators as
select
    indicator_id,
    printf('示例指标%d', indicator) as name_zh,
    printf('Example indicator %d', indicator) as name_en,
    '仅用于测速' as definition_zh,
    'made up for the benchmark' as definition_en,
    list_extract(
        ['TOP_DESIGN', 'TRANSPORT', 'INDUSTRY', 'REFORM', 'LIVING', 'ECOLOGY', 'BRAND'], 1 + indicator % 7
    ) as domain_id,
    unit_measure,
    list_extract(['UP', 'UP', 'DOWN', 'LEVEL', 'NONE', 'UP'], 1 + indicator % 6) as direction,
    stock_flow,
    list_extract(['A', 'Q', '_O'], 1 + indicator % 3) as freq,
    indicator % 40 = 0 as is_headline,
    0 as min_value,
    case when unit_measure = 'PERCENT' then 100 end as max_value,
    'benchmark' as owner
from indicator;

create table bulletin as
select bulletin
from range(50) as r(bulletin)
union all
select 100 + bulletin
from unnest([7, 23, 41]) as r(bulletin)
union all
select 200 + bulletin
from unnest([10, 20, 30, 40]) as r(bulletin);

create view sources as
select
    slug(bulletin) as source_id,
    printf('示例通报%d', bulletin) as title_zh,
    printf('Example bulletin %d', bulletin) as title_en,
    if(bulletin < 200, printf('示例机关%d', bulletin % 4), '示例转载者') as issuer,
    '示例日报' as publisher,
    'NEWS_REPORT' as doc_type,
    published(bulletin) as date_published,
    if(bulletin < 200, null, if(bulletin % 20 = 0, 'YEAR', 'MONTH')) as date_precision,
    '文首印有日期 · printed at the head' as date_basis,
    if(bulletin < 200, 'OFFICIAL', 'REPOST') as host_quality,
    if(bulletin < 200, printf('synthetic_%03d.txt', bulletin), null) as document,
    if(bulletin < 200, sha256(slug(bulletin)), null) as document_sha256,
    'HANS' as script,
    if(bulletin // 100 = 1, slug(bulletin - 100), null) as primary_source_id,
    'benchmark' as citation
from bulletin;

-- What a series is about: a point, a running total since a day or since nobody says when, or periods of one kind.
create table subject as
select
    series,
    indicator.stock_flow,
    case
        when stock_flow = 'POINT' then 'P'
        when stock_flow = 'CUMULATIVE' then if(pick('since', series, 0, 3) = 0, '?', 'SINCE')
        else list_extract(['A', 'A', 'A', 'H', 'Q', 'M', 'YTD', 'D'], 1 + pick('kind', series, 0, 8))
    end as kind,
    kind in ('P', 'SINCE', 'A', 'D') as is_one_series
from range(getvariable('n_series')) as r(series)
join indicator on indicator.indicator = series % 400;

-- The last whole one of them before the bulletin that tells it first.
create table span as
with told as (
    select *, published(told_by(series, period)) - 10 as until
    from subject, range(10) as q(period)
), ended as (
    select
        *,
        case kind
            when 'A' then make_date(year(until)::integer - 1, 12, 31)
            when 'H' then make_date(year(until)::integer, if(month(until) > 6, 7, 1), 1) - 1
            when 'Q' then date_trunc('quarter', until)::date - 1
            when 'M' then date_trunc('month', until)::date - 1
            when 'YTD' then date_trunc('month', until)::date - 1
            else until
        end as last_day
    from told
)
select
    series, period, kind, is_one_series,
    case kind
        when 'SINCE' then date '2005-01-01'
        when 'A' then date_trunc('year', last_day)::date
        when 'YTD' then date_trunc('year', last_day)::date
        when 'H' then make_date(year(last_day)::integer, if(month(last_day) > 6, 7, 1), 1)
        when 'Q' then date_trunc('quarter', last_day)::date
        when 'M' then date_trunc('month', last_day)::date
        when 'D' then last_day - 39
    end as first_day,
    last_day
from ended;

-- Who tells which figure: a series is told of by every fifth bulletin; one period in five again by the next bulletin,
-- a headline series by all that follow; a page tells every third figure of its bulletin; a level is said again now and
-- then two bulletins later, for no day of its own; a reprint repeats the whole bulletin.
create table telling as
with first_telling as (
    select series, period, told_by(series, period) as bulletin, 0 as telling
    from range(getvariable('n_series')) as r(series), range(10) as q(period)
), retold as (
    select series, period, bulletin + 1 as bulletin, 1 as telling
    from first_telling
    where pick('again', series, period, 5) = 0 and bulletin < 49
), retold_by_all as (
    select series, period, later.bulletin, later.bulletin as telling
    from first_telling
    join bulletin as later on later.bulletin > first_telling.bulletin + 1 and later.bulletin < 50
    where series % 1000 = 0 and period = 8
), retold_by_page as (
    select series, period, 200 + bulletin as bulletin, 200 as telling
    from first_telling
    where 200 + bulletin in (select bulletin from bulletin) and pick('page', series, period, 3) = 0
), repeated as (
    select series, period, bulletin + 2 as bulletin, 300 as telling
    from first_telling
    join subject using (series)
    where kind = 'P' and pick('repeated', series, period, 12) = 0 and bulletin < 48
), told as (
    from first_telling union all from retold union all from retold_by_all union all from retold_by_page
    union all from repeated
)
from told
union all
select series, period, bulletin + 100 as bulletin, telling + 1000 as telling
from told
where bulletin + 100 in (select bulletin from bulletin);

-- m is the printed number without its point.
create table numeral as
with sized as (
    select
        telling.*,
        -- What is said again is said in the same words, a page has words of its own.
        case telling % 1000 when 300 then 0 when 200 then 51 else telling % 1000 end as variant,
        series // 400 as area,
        indicator.*,
        list_extract(styles, 1 + series // 400 % len(styles)) as style,
        case
            when pick('size', series, 0, 20) < 10 then 12 + pick('base', series, 0, 60)
            when pick('size', series, 0, 20) < 17 then 100 + pick('base', series, 0, 400)
            else 1000 + pick('base', series, 0, 3000)
        end as base,
        pick('retold', series, variant * 10 + period, 16) as slip,
        stock_flow = 'CUMULATIVE' as only_grows
    from telling
    join indicator on indicator.indicator = telling.series % 400
), told as (
    select
        *,
        if(style = 'PERCENT', 30 + base % 500, base) * (
            100 + pick('noise', series, period, 4)
            + 6 * if(pick('falls', series, 0, 5) = 0 and not only_grows, 10 - period, period)
        ) // 100 + if(variant > 0 and slip < 5 and not only_grows, slip - 2, 0) as m
    from sized
), placed as (
    select
        *,
        pick('hedge', series, variant * 10 + period, 100) as hedge
    from told
)
select
    *,
    m + greatest(1, m // 10) as m_to,
    case style when 'WAN' then '万' when 'WAN_WHOLE' then '万' when 'YI' then '亿' else '' end as magnitude,
    case style when 'WAN' then 1000 when 'WAN_WHOLE' then 10000 when 'YI' then 10000000 when 'WHOLE' then 1 end as factor,
    case
        when style in ('WHOLE', 'WAN_WHOLE') then m::varchar else tenths(m)
    end as digits,
    case when style in ('WHOLE', 'WAN_WHOLE') then m_to::varchar else tenths(m_to) end as digits_to,
    case
        when hedge >= 96 and style = 'WHOLE' and not only_grows then 'ORDER'
        when hedge between 90 and 95 and style <> 'PERCENT' then 'RANGE'
        when hedge >= 50 then 'HEDGED'
        else 'PLAIN'
    end as form
from placed;

create view observations as
select
    bulletin,
    printf('syn-%06d-%d-%d', series, period, telling) as observation_id,
    indicator_id,
    place(series) as ref_area,
    case when series % 16 = 3 then 'FIRST_BATCH' else '_T' end as breakdown,
    first_day as time_period_start,
    if(telling % 1000 = 300, (published(bulletin) - 10)::date, last_day) as time_period_end,
    -- told again, or of a period that ended before, a figure is older than what a meeting or a publication vouches for
    case when variant = 0 and telling % 1000 < 300 and kind in ('P', 'SINCE', '?', 'D') then list_extract(['STATED', 'MEETING', 'PUBLICATION'], 1 + series % 3) else 'STATED' end
        as as_of_basis,
    '示例期' as time_text,
    case
        when form = 'ORDER' then
            case
                when m < 20 then '十几' when m < 100 then '数十' when m < 200 then '上百' when m < 1000 then '几百' else '上千'
            end || noun
        when form = 'RANGE' then digits || '至' || digits_to || magnitude || noun
        when form = 'PLAIN' then digits || magnitude || noun
        when hedge < 58 then '超' || digits || magnitude || noun
        when hedge < 64 then '近' || digits || magnitude || noun
        when hedge < 70 then '约' || digits || magnitude || noun
        when hedge < 78 and style <> 'PERCENT' then digits || magnitude || '余' || noun
        when hedge < 82 then digits || magnitude || noun || '以上'
        when hedge < 84 then '不足' || digits || magnitude || noun
        when hedge < 86 then '至少' || digits || magnitude || noun
        when hedge < 88 then '不超过' || digits || magnitude || noun
        else digits || magnitude || noun || '左右'
    end as value_text,
    case when form in ('ORDER', 'RANGE') then null when factor is null then digits else (m * factor::bigint)::varchar end
        as obs_value,
    unit_measure,
    if(bulletin < 200, 1 + (series + 5) // 10 % 200, null) as locator,  -- figures printed together stand in one line
    case
        when telling = 0 and series % 10 = 0 then 'P'
        when telling = 0 and series % 10 = 7 then 'E'
        when telling = 1 and series % 50 = 3 then 'E'
        else 'A'
    end as obs_status,
    case
        when series % 5 = 0 then printf('syn-i%06d', pick('initiative', series, 0, 1000000) % getvariable('n_initiatives'))
    end as initiative_id,
    case when differs then '口径略有出入 · the scope differs a little' end as comparability_note,
    -- from what the source before told, or from what was meant until a day
    case
        when differs and series % 4 > 0 then slug(told_by(series, period - 1))
        when differs then (published(told_by(series, period)) - 200)::varchar
    end as differs_from,
    case when telling % 1000 = 300 then printf('syn-%06d-%d-0', series, period) end as repeats_observation_id,
    case when series % 10 = 1 then '测速用例 · for the benchmark' end as comment
from (select *, period > 0 and variant < 51 and pick('note', series, period, 50) = 0 as differs from numeral)
join span using (series, period);

-- What only one bulletin tells of a period, reprints apart: nothing else can hold.
create view standing as
select series, period, any_value(m) as m
from numeral
where telling < 1000
group by all
having count(*) = 1;

-- One figure in twenty comes with a claim, in tenths. A dated base is the first period, and the claim is what the two
-- figures come to, unless that is nothing, or lies right between two tenths: either would do, and hedges decide.
create table claims as
with chosen as (
    select *, pick('claim', series, period, 6) as kind
    from numeral
    where telling = 0 and pick('claims', series, period, 16) = 0
), compared as (
    select chosen.*, span.* exclude (series, period, kind), span.kind as period_type, standing.m as standing_m, 2 * base.m as twice_base, if(chosen.kind = 1, 1000, 10) * 2 * chosen.m as level
    from chosen
    join span on span.series = chosen.series and span.period = chosen.period
    left join standing on standing.series = chosen.series and standing.period = chosen.period
    -- By equal columns alone: a condition beside them in an outer join compares each with each.
    left join standing as base
        on base.period = 0
        and base.series = case
            when
                chosen.period > 0 and chosen.kind in (0, 1, 2, 5)
                and span.is_one_series and not is_border(chosen.series)
            then standing.series
        end
), rounded as (
    select
        *,
        (level + twice_base // 2) // twice_base - case kind when 1 then 1000 when 2 then 10 else 0 end as found,
        (level + twice_base // 2) % twice_base = 0 as is_halfway
    from compared
), stated as (
    select
        *,
        coalesce(not is_halfway and if(kind = 1, found <> 0, found > 0), false) as is_dated,
        case
            when is_dated then found
            when kind = 1 then 1 + m % 900
            when kind = 3 then - 1 - m % 300
            when kind = 4 and style = 'PERCENT' and standing_m is not null then standing_m
            else 11 + m % 40
        end as n
    from rounded
)
select
    bulletin,
    printf('syn-c%06d-%d', series, period) as claim_id,
    indicator_id,
    place(series) as ref_area,
    case when series % 16 = 3 then 'FIRST_BATCH' else '_T' end as breakdown,
    stated.first_day as time_period_start,
    stated.last_day as time_period_end,
    case when kind <> 4 then printf('syn-%06d-%d-0', series, period) end as observation_id,
    case
        when kind = 4 and (style <> 'PERCENT' or standing_m is null) then 'MULTIPLE_OF'
        else list_extract(
            ['MULTIPLE_OF', 'PCT_CHANGE', 'INCREASED_BY_TIMES', 'PCT_CHANGE', 'SHARE', 'INCREASED_TO_TIMES'], 1 + kind
        )
    end as claim_type,
    if(n < 0, '下降', '') || tenths(abs(n)) || if(kind in (1, 3) or claim_type = 'SHARE', '%', '倍') as value_text,
    if(n < 0, '-', '') || tenths(abs(n)) as factor,
    case when is_dated then base.first_day end as base_period_start,
    case when is_dated then base.last_day end as base_period_end,
    -- A made-up growth would be found out where a figure of the year before is on record.
    case
        when kind = 4 or (kind = 3 and period_type in ('A', 'H', 'Q', 'M', 'YTD')) then 'OTHER'
        when kind = 3 then 'YOY'
        else 'SINCE_BASE'
    end as comparison,
    1 + series % 200 as locator
from stated
join (select series, first_day, last_day from span where period = 0) as base using (series);

create table commitments as
with chosen as (
    select *, pick('promise', series, period, 8) as kind
    from numeral
    where telling = 0 and pick('promises', series, period, 40) = 0
)
select
    bulletin,
    printf('syn-p%06d-%d', series, period) as commitment_id,
    1 as version,
    case when kind < 6 then indicator_id end as indicator_id,
    printf('示例目标%d', series) as title_zh,
    printf('Example target %d', series) as title_en,
    place(series) as ref_area,
    list_extract(
        ['TARGET', 'TARGET', 'TARGET', 'TARGET', 'PLAN_COUNT', 'STANDARD', 'MILESTONE', 'MILESTONE'], 1 + kind
    ) as commitment_type,
    list_extract(['ENSURE', 'WILL', 'STRIVE', 'PLAN', 'EXPLORE'], 1 + series % 5) as modality,
    case
        when kind < 2 then digits || magnitude || noun
        when kind = 2 then '超' || digits || magnitude || noun
        when kind = 3 and style <> 'PERCENT' then digits || '至' || digits_to || magnitude || noun
        when kind < 6 then digits || magnitude || noun || '以上'
    end as value_text,
    case
        when kind >= 6 or (kind = 3 and style <> 'PERCENT') then null
        when factor is null then digits
        else (m * factor::bigint)::varchar
    end as target_value,
    case when kind < 6 then unit_measure end as unit_measure,
    case when kind = 4 then 'OVER_PERIOD' else 'AT_DATE' end as accounting,
    case when kind = 0 then printf('syn-%06d-%d-0', series, period) end as base_observation_id,
    published(bulletin) as date_announced,
    case when kind = 4 then published(bulletin) end as period_start,
    case when kind <> 5 then published(bulletin) + (365 * (1 + series % 6))::integer end as due_date,
    'PLAN' as authority,
    case when kind >= 6 then 'TOP_DESIGN' end as domain_id,
    printf('示例机关%d', series % 4) as responsible,
    1 + series % 200 as locator
from chosen;

create table events as
select
    bulletin,
    printf('syn-e%06d-%d', series, period) as event_id,
    list_extract(['MEETING', 'AGREEMENT', 'CONSTRUCTION', 'SERVICE'], 1 + series % 4) as event_type,
    list_extract(['HELD', 'SIGNED', 'CONSTRUCTION_STARTED', 'OPENED'], 1 + series % 4) as status,
    printf('示例事件%d', series) as title_zh,
    printf('Example event %d', series) as title_en,
    'TOP_DESIGN' as domain_id,
    case series % 3 when 1 then published(bulletin) - 5 when 2 then date_trunc('month', published(bulletin) - 40)::date end
        as date_start,
    case series % 3 when 2 then last_day(published(bulletin) - 40) else published(bulletin) - 5 end as date_end,
    list_extract(['NONE', 'DAY', 'MONTH'], 1 + series % 3) as date_precision,
    '文中写明 · stated' as date_basis,
    area_code(area) || case when area > 0 then ';' || area_code(area - 1) else '' end as areas,
    printf('示例机关%d;示例机关%d', series % 4, 4 + series % 3) as actors,
    printf('syn-i%06d', pick('initiative', series, period, 1000000) % getvariable('n_initiatives')) as initiative_id,
    case
        when pick('promises', series, period, 40) = 0 and pick('promise', series, period, 8) = 6
        then printf('syn-p%06d-%d', series, period)
    end as fulfils_commitment_id,
    1 + series % 200 as locator
from numeral
where telling = 0 and (pick('events', series, period, 50) = 0 or pick('promises', series, period, 40) = 0);

create table initiatives as
select
    (initiative % 50)::integer as bulletin,
    printf('syn-i%06d', initiative) as initiative_id,
    printf('示例项目%d', initiative) as name_zh,
    printf('Example initiative %d', initiative) as name_en,
    list_extract(['PROGRAMME', 'MECHANISM', 'PROJECT', 'ZONE'], (1 + initiative % 4)::integer) as initiative_type,
    'TOP_DESIGN' as domain_id,
    case when initiative >= 8 then printf('syn-i%06d', initiative // 8) end as parent_initiative_id,
    printf('示例机关%d', initiative % 4) as parties,
    area_code(initiative % getvariable('n_areas')) as areas,
    1 + initiative % 200 as locator
from range(getvariable('n_initiatives')) as r(initiative);

create table exclusions as
select bulletin, row_number() over (order by series, period) as locator, printf('第%d', series % 9 + 1) as token, 'ORDINAL' as reason
from telling
where telling = 0 and pick('exclusions', series, period, 200) = 0;

-- One series in a hundred breaks off; the day lies between two of its periods.
create view breaks as
select distinct
    indicator_id,
    area_code(series // 400) as ref_area,
    published(told_by(series, 1 + pick('broken', series, 0, 9))) - 60 as break_date,
    '口径调整 · definition changed' as reason
from range(getvariable('n_series')) as r(series)
join indicator on indicator.indicator = r.series % 400
where pick('breaks', series, 0, 100) = 0 and not is_border(series)
union all
select null, border_code(area, 0), published(25) - 60, '辖区调整 · the territory changed'
from range(getvariable('n_areas')) as r(area);

-- Figures of two series that one bulletin tells of one place and day.
create view relations as
select
    printf('syn-r%06d-%d', series, period) as relation_id,
    'GOES_WITH' as relation_type,
    printf('syn-%06d-%d-0', series, period) as subject_id,
    printf('syn-%06d-%d-0', series + 5, period) as object_id,
    '同句并列 · printed together' as reason
from telling
where telling = 0 and series % 400 = 15 and period % 3 = 0 and series + 5 < getvariable('n_series');
