-- Small marts in which every gate and every test of the models is green: the columns that they read, with the
-- pinned figures and a few more.
-- Changes and progress are derived from the observations, in the simplest way that is right for these rows.
create schema marts;
create table marts.build_info as select 'b1' as build_id, 'r1' as run_id, timestamp '2021-06-30 00:00:00' as built_at,
  date '2021-06-30' as as_of_date, 'abc' as git_revision, 'def' as seed_hash, '3' as python_version, '1' as dagster_version,
  '1' as engine, '1' as engine_version, '1' as dbt_version, '1' as duckdb_version, '1' as great_expectations_version;
create table marts.dim_source as select *, 'a bulletin' as title_en, 'I' as issuer, 'P' as publisher, 'FEATURE' as doc_type,
  'printed' as date_basis, 'd.txt' as document, repeat('0a', 32) as document_sha256, 'HANS' as script, 'c' as citation,
  'HELD' as evidence, 'PRESS' as host_quality, date_published as published_from, date_published as published_by
  from (values
    ('2020-02-28_scdaily_four_cities', '甲', date '2020-02-28', date '2020-02-25', null),
    ('2020-02-28_reprint', '甲', date '2020-02-28', date '2020-02-25', '2020-02-28_scdaily_four_cities'),
    ('2020-07-30_mianyang_eight_actions', '丙', date '2020-07-30', date '2020-07-30', null),
    ('2021-04-14_cdmz_third_meeting', '乙', date '2021-04-15', date '2021-04-14', null)
  ) as t (source_id, title_zh, date_published, as_of_default, primary_source_id);
create table marts.dim_area as select *, 'a place' as name_en, name_zh as label_zh, 'place ' || ref_area as label_en,
  null::date as valid_from, null::date as valid_to, null::varchar as predecessor from (values
    ('510000', '四川', 'PROVINCE', null), ('510100', '成都', 'PREFECTURE', '510000'),
    ('510600', '德阳', 'PREFECTURE', '510000'), ('511400', '眉山', 'PREFECTURE', '510000'),
    ('512000', '资阳', 'PREFECTURE', '510000'), ('X_CDMZ', '成德眉资', 'METRO_AREA', '510000')
  ) as t (ref_area, name_zh, area_type, parent_area);
create table marts.dim_domain as select 'D' || i as domain_id, '领域' as name_zh, 'domain' as name_en, i <= 7 as is_keyword
  from range(1, 9) as t (i);
create table marts.dim_code as select 'TREND' as code_list, 'IMPROVED' as code, '改善' as name_zh, 'improved' as name_en;
create table marts.dim_unit as select *, '单位' as name_zh, unit_measure as name_en from (values
    ('NUMBER', 'COUNT', 'COUNTED', 'NUMBER', 1, 1), ('PERCENT', 'SHARE', 'MEASURED', 'PERCENT', 1, 1),
    ('SQUARE_METRE', 'AREA', 'MEASURED', 'SQUARE_METRE', 1, 1), ('MU', 'AREA', 'MEASURED', 'SQUARE_METRE', 2000, 3)
  ) as t (unit_measure, dimension, unit_type, base_unit, factor_num, factor_den);
create table marts.dim_indicator as select *, '指标' as name_zh, id as name_en, '定义' as definition_zh, id as definition_en, '单位' as unit_zh, id as unit_en,
  'A' as freq, true as is_headline, 0::decimal(38, 9) as min_value,
  case unit_measure when 'PERCENT' then 100::decimal(38, 9) end as max_value, 'o' as owner, id as indicator_id
  from (values
    ('TRAIN_PAIRS_DAILY', 'D2', 'NUMBER', 'UP', 'DAILY_AVG'), ('CLASSES_SERVED', 'D5', 'NUMBER', 'UP', 'POINT'),
    ('STUDENTS_SERVED', 'D5', 'NUMBER', 'UP', 'POINT'), ('SCHOOLS_PAIRED', 'D5', 'NUMBER', 'UP', 'POINT'),
    ('MEDICAL_INSTITUTIONS_NETWORKED', 'D5', 'NUMBER', 'UP', 'POINT'), ('FOREST_PARK_GREENING', 'D6', 'MU', 'UP', 'CUMULATIVE'),
    ('RESIDENTIAL_QUARTERS', 'D7', 'NUMBER', 'NONE', 'POINT'), ('POPULATION', 'D7', 'NUMBER', 'NONE', 'POINT'),
    ('SHARE', 'D6', 'PERCENT', 'UP', 'RATE'), ('OTHER', 'D1', 'NUMBER', 'NONE', 'POINT'), ('DUST', 'D6', 'NUMBER', 'DOWN', 'POINT')
  ) as t (id, domain_id, unit_measure, direction, stock_flow);
alter table marts.dim_indicator drop column id;

create table marts.fct_observation as select
    indicator_id || '_' || year(day) || coalesce('_' || area, '') as observation_id,
    case year(day) when 2020 then '2020-02-28_scdaily_four_cities' else '2021-04-14_cdmz_third_meeting' end as source_id,
    indicator_id, i.domain_id, coalesce(area, 'X_CDMZ') as ref_area, '_T' as breakdown,
    indicator_id || '.' || coalesce(area, 'X_CDMZ') as series_id, null::date as time_period_start, day as time_period_end,
    'MEETING' as as_of_basis, s.date_published, text as value_text, value::decimal(38, 9) as obs_value, i.unit_measure,
    qualifier as value_qualifier, low::decimal(38, 9) as lower_bound, low_closed as lower_closed,
    high::decimal(38, 9) as upper_bound, high_closed as upper_closed, basis as bound_basis,
    case when qualifier in ('GT', 'ABOVE_NEAR') then 'STATED' else basis end as lower_basis,
    case when qualifier = 'BELOW_NEAR' then 'STATED' else basis end as upper_basis, '12#1' as locator,
    'A' as obs_status, case when indicator_id = 'STUDENTS_SERVED' and year(day) = 2021 then 'i2' end as initiative_id,
    null::varchar as time_text, null::varchar as comparability_note
  from (values
    ('TRAIN_PAIRS_DAILY', null, date '2020-02-25', '88对', 88, 'EQ', 88, true, 88, true, 'STATED'),
    ('TRAIN_PAIRS_DAILY', null, date '2021-04-14', '107.5对', 107.5, 'EQ', 107.45, true, 107.55, false, 'ROUNDING'),
    ('CLASSES_SERVED', null, date '2020-02-25', '118个', 118, 'EQ', 118, true, 118, true, 'STATED'),
    ('CLASSES_SERVED', null, date '2021-04-14', '508个', 508, 'EQ', 508, true, 508, true, 'STATED'),
    ('STUDENTS_SERVED', null, date '2020-02-25', '5551名', 5551, 'EQ', 5551, true, 5551, true, 'STATED'),
    ('STUDENTS_SERVED', null, date '2021-04-14', '27840人', 27840, 'EQ', 27840, true, 27840, true, 'STATED'),
    ('SCHOOLS_PAIRED', null, date '2021-04-14', '214所', 214, 'EQ', 214, true, 214, true, 'STATED'),
    ('MEDICAL_INSTITUTIONS_NETWORKED', null, date '2021-04-14', '17748家', 17748, 'EQ', 17748, true, 17748, true, 'STATED'),
    ('FOREST_PARK_GREENING', null, date '2020-02-25', '3.57万亩', 35700, 'EQ', 35650, true, 35750, false, 'ROUNDING'),
    ('FOREST_PARK_GREENING', null, date '2021-04-14', '15.7万亩', 157000, 'EQ', 156500, true, 157500, false, 'ROUNDING'),
    ('SHARE', null, date '2021-04-14', '超过70%', 70, 'GT', 70, false, 100, true, 'PRESUMED'),
    ('OTHER', '510000', date '2021-04-14', '若干', null, 'VAGUE', null, null, null, null, 'NONE'),
    ('OTHER', '510100', date '2021-04-14', '超过5个', 5, 'GT', 5, false, 6, false, 'PRESUMED'),
    ('OTHER', '510600', date '2021-04-14', '3至5个', null, 'RANGE', 3, true, 5, true, 'STATED'),
    ('OTHER', '511400', date '2021-04-14', '近60个', 60, 'BELOW_NEAR', 50, false, 60, false, 'PRESUMED'),
    ('OTHER', '512000', date '2020-02-25', '4个', 4, 'EQ', 4, true, 4, true, 'STATED'),
    ('OTHER', '512000', date '2021-04-14', '6个', 6, 'EQ', 6, true, 6, true, 'STATED'),
    ('DUST', null, date '2020-02-25', '9个', 9, 'EQ', 9, true, 9, true, 'STATED'),
    ('DUST', null, date '2021-04-14', '8个', 8, 'EQ', 8, true, 8, true, 'STATED')
  ) as t (indicator_id, area, day, text, value, qualifier, low, low_closed, high, high_closed, basis)
  join marts.dim_indicator as i using (indicator_id)
  join marts.dim_source as s on s.source_id like year(day) || '%' and s.primary_source_id is null
    and s.source_id <> '2020-07-30_mianyang_eight_actions';
-- Rows without a name of their own, so that each bulletin has as many as are pinned.
insert into marts.fct_observation by name
  select fct_observation.* replace ('plain_' || t.i || '_' || year(time_period_end) as observation_id,
    'DUST.plain' || t.i || '.' || year(time_period_end) as series_id, 'DUST' as indicator_id)
  from marts.fct_observation cross join range(25) as t (i) where observation_id in ('SCHOOLS_PAIRED_2021', 'DUST_2020');
insert into marts.fct_observation by name
  select o.* replace (t.indicator_id || '_2020' as observation_id, t.indicator_id as indicator_id, 'D7' as domain_id,
    '510100' as ref_area, t.indicator_id as series_id, s.source_id as source_id, s.date_published as date_published,
    s.date_published as time_period_end, t.text as value_text, t.value as obs_value, t.qualifier as value_qualifier,
    t.value as lower_bound, t.closed as lower_closed, t.high as upper_bound, t.closed as upper_closed, t.basis as bound_basis)
  from marts.fct_observation as o
  cross join (values ('RESIDENTIAL_QUARTERS', '59个', 59, 59, true, 'EQ', 'STATED'),
    ('POPULATION', '2万余人', 20000, 30000, false, 'ABOVE_NEAR', 'PRESUMED')) as t (indicator_id, text, value, high, closed, qualifier, basis)
  join marts.dim_source as s on s.source_id = '2020-07-30_mianyang_eight_actions'
  where o.observation_id = 'SCHOOLS_PAIRED_2021';

alter table marts.fct_observation add column segment bigint default 0;
alter table marts.fct_observation add column vintage_status varchar default 'CURRENT';
alter table marts.fct_observation add column repeats_observation_id varchar;
alter table marts.fct_observation add column differs_from varchar;
alter table marts.fct_observation add column stated_lower_bound decimal(38, 9);
alter table marts.fct_observation add column stated_upper_bound decimal(38, 9);
alter table marts.fct_observation add column realtime_start date;
alter table marts.fct_observation add column realtime_end date;
alter table marts.fct_observation add column is_current_vintage boolean default true;
update marts.fct_observation set realtime_start = date_published,
  stated_lower_bound = case when lower_basis <> 'PRESUMED' then lower_bound end,
  stated_upper_bound = case when upper_basis <> 'PRESUMED' then upper_bound end;
-- The same day and figure, told again a year later with other digits: two vintages.
insert into marts.fct_observation by name select fct_observation.* replace (
    'OTHER_2020_512000_later' as observation_id, 'STATED' as as_of_basis, '2020年2月25日' as time_text, '2021-04-14_cdmz_third_meeting' as source_id,
    date '2021-04-15' as date_published, date '2021-04-15' as realtime_start)
  from marts.fct_observation where observation_id = 'OTHER_2020_512000';
update marts.fct_observation set realtime_end = date '2021-04-15', is_current_vintage = false, vintage_status = 'REPLACED'
  where observation_id = 'OTHER_2020_512000';

create table marts.series_change as select f.series_id, f.indicator_id, f.domain_id, f.ref_area, f.breakdown, f.unit_measure,
    f.observation_id as from_observation_id, t.observation_id as to_observation_id, f.time_period_end as from_date,
    t.time_period_end as to_date, t.time_period_end - f.time_period_end as days, f.obs_value as from_value,
    t.obs_value as to_value, (t.obs_value - f.obs_value)::decimal(38, 9) as change,
    (t.lower_bound - f.upper_bound)::decimal(38, 9) as change_low, t.lower_closed and f.upper_closed as change_low_closed,
    (t.upper_bound - f.lower_bound)::decimal(38, 9) as change_high, t.upper_closed and f.lower_closed as change_high_closed,
    (t.obs_value::double / f.obs_value::double)::decimal(38, 9) as multiple,
    (floor(t.lower_bound::double / f.upper_bound::double * 1e9) / 1e9)::decimal(38, 9) as multiple_low,
    change_low_closed as multiple_low_closed,
    (ceil(t.upper_bound::double / f.lower_bound::double * 1e9) / 1e9)::decimal(38, 9) as multiple_high,
    change_high_closed as multiple_high_closed,
    (100 * (t.obs_value::double / f.obs_value::double - 1))::decimal(38, 9) as pct_change,
    (floor(100 * (t.lower_bound::double / f.upper_bound::double - 1) * 1e9) / 1e9)::decimal(38, 9) as pct_change_low,
    change_low_closed as pct_change_low_closed,
    (ceil(100 * (t.upper_bound::double / f.lower_bound::double - 1) * 1e9) / 1e9)::decimal(38, 9) as pct_change_high,
    change_high_closed as pct_change_high_closed,
    pct_change as annual_rate, pct_change_low as annual_rate_low, pct_change_low_closed as annual_rate_low_closed,
    pct_change_high as annual_rate_high, pct_change_high_closed as annual_rate_high_closed,
    sign(t.obs_value - f.obs_value)::bigint as change_sign, 'SAME' as comparability, null::varchar as reason
  from marts.fct_observation as f
  join marts.fct_observation as t on t.series_id = f.series_id and t.time_period_end > f.time_period_end
  where f.is_current_vintage and t.is_current_vintage;
create table marts.integration_progress as
  with latest as (select * from marts.fct_observation qualify row_number() over (partition by series_id order by time_period_end desc) = 1)
  select l.series_id, l.indicator_id, l.ref_area, row_number() over (partition by l.indicator_id, l.ref_area
      order by l.series_id) = 1 as is_representative, l.domain_id, l.breakdown, i.direction, i.is_headline,
    coalesce(f.observation_id, l.observation_id) as first_observation_id,
    coalesce(f.time_period_end, l.time_period_end) as first_date, coalesce(f.obs_value, l.obs_value) as first_value,
    l.observation_id as latest_observation_id, l.time_period_end as latest_date, l.obs_value as latest_value,
    l.lower_bound as latest_lower_bound, l.upper_bound as latest_upper_bound,
    case when f.series_id is null then 1 else 2 end as n_observations,
    c.change, c.change_low, c.change_low_closed, c.change_high, c.change_high_closed,
    c.pct_change, c.pct_change_low, c.pct_change_low_closed, c.pct_change_high, c.pct_change_high_closed,
    case when f.series_id is null then 'SINGLE_OBSERVATION' when i.direction = 'NONE' then 'NO_DIRECTION'
      else 'IMPROVED' end as trend,
    'SAME' as comparability, false as verdict_needs_policy, f.series_id is not null and i.direction <> 'NONE' as is_settled,
    case when f.series_id is null then 'a single observation' end as reason,
    date '2021-06-30' - l.time_period_end as days_since_latest, (l.time_period_end + interval 1 year)::date as expected_by,
    case when expected_by < date '2021-06-30' then 'OVERDUE' else 'CURRENT' end as reporting_status
  from latest as l
  join marts.dim_indicator as i using (indicator_id)
  left join marts.series_change as c on c.to_observation_id = l.observation_id
  left join marts.fct_observation as f on f.observation_id = c.from_observation_id;
create table marts.integration_progress_history as select series_id, date '2020-02-28' as valid_from,
    date '2021-04-15' as valid_to from marts.integration_progress
  union all select series_id, date '2021-04-15', null from marts.integration_progress;
create table marts.domain_scorecard as select domain_id, ref_area as area_group, count(*) as n_series,
    count(*) filter (where trend = 'IMPROVED') as n_improved, 0::bigint as n_worsened, 0::bigint as n_unchanged,
    0::bigint as n_indeterminate, count(*) filter (where trend = 'SINGLE_OBSERVATION') as n_single_observation,
    count(*) filter (where trend = 'NO_DIRECTION') as n_no_direction, count(*) filter (where is_headline) as n_headline,
    count(*) filter (where reporting_status = 'CURRENT') as n_current,
    count(*) filter (where reporting_status = 'OVERDUE') as n_overdue, 0::bigint as n_once_only, 0::bigint as n_discontinued,
    1::bigint as n_commitments, 0::bigint as n_commitments_not_assessable, 0::bigint as n_commitments_not_started,
    0::bigint as n_commitments_achieved, 0::bigint as n_commitments_achieved_late, 1::bigint as n_commitments_on_track,
    0::bigint as n_commitments_accelerate, 0::bigint as n_commitments_limited, 0::bigint as n_commitments_reversing,
    0::bigint as n_commitments_advanced, 0::bigint as n_commitments_reported, 0::bigint as n_commitments_not_reported, 0::bigint as n_commitments_contradicted,
    0::bigint as n_commitments_abandoned,
    0::bigint as n_commitments_overdue_unmet, 0::bigint as n_commitments_overdue_unknown,
    0::bigint as n_commitments_indeterminate
  from marts.integration_progress group by all;

create table marts.fct_claim as select *, 'X_CDMZ' as ref_area, '_T' as breakdown, null::date as time_period_start,
    date '2021-04-14' as time_period_end, date '2021-04-15' as date_published, 'SINCE_BASE' as comparison,
    null::date as base_period_start, null::date as base_period_end, '14' as locator,
    null::varchar as whole_commitment_id, case claim_id when 'c1' then 'i1' end as initiative_id,
    '2021-04-14_cdmz_third_meeting' as source_id, 'EQ' as value_qualifier, 'ROUNDING' as bound_basis
  from (values
    ('c1', 'TRAIN_PAIRS_DAILY', 'TRAIN_PAIRS_DAILY_2021', 'MULTIPLE_OF', '3倍', 3::decimal(38, 9), 2.5::decimal(38, 9), true, 3.5::decimal(38, 9), false),
    ('c2', 'SHARE', null, 'SHARE', '40%', 40, 39.5, true, 40.5, false)
  ) as t (claim_id, indicator_id, observation_id, claim_type, value_text, factor, lower_bound, lower_closed, upper_bound, upper_closed);
create table marts.fct_commitment as select 'k1' as commitment_id, version, 'k1' as promise_id, source_id, supersedes,
    null::varchar as restates, published_by, '目标' as title_zh, 'target' as title_en, 'X_CDMZ' as ref_area, 'TARGET' as commitment_type, 'WILL' as modality, '100列' as value_text,
    100::decimal(38, 9) as target_value, 'EQ' as value_qualifier, 100::decimal(38, 9) as lower_bound, true as lower_closed,
    100::decimal(38, 9) as upper_bound, true as upper_closed, 'STATED' as bound_basis, 'NUMBER' as unit_measure,
    'OVER_PERIOD' as accounting, date_announced, date '2021-01-01' as period_start, due_date, locator, 'i1' as initiative_id,
    'D1' as domain_id, 'PLAN' as authority
  from (values
    (1, '2020-02-28_scdaily_four_cities', null, date '2020-02-28', date '2020-02-25', date '2021-12-31', '20'),
    (2, '2021-04-14_cdmz_third_meeting', 'k1@1', date '2021-04-15', date '2021-04-14', date '2022-12-31', '22')
  ) as t (version, source_id, supersedes, published_by, date_announced, due_date, locator);
create table marts.commitment_change as select 'k1' as promise_id, 'k1' as to_commitment_id, 2 as to_version,
    'k1' as from_commitment_id, 1 as from_version, f.source_id as from_source_id, t.source_id as to_source_id,
    f.locator as from_locator, t.locator as to_locator, f.date_announced as from_date_announced,
    t.date_announced as to_date_announced, f.target_value as from_value, t.target_value as to_value,
    0::decimal(38, 9) as change, 0::decimal(38, 9) as change_low, true as change_low_closed,
    0::decimal(38, 9) as change_high, true as change_high_closed,
    'UNCHANGED' as target_change, f.due_date as from_due_date, t.due_date as to_due_date, 365::bigint as due_days,
    'LATER' as due_change
  from marts.fct_commitment as f, marts.fct_commitment as t where f.version = 1 and t.version = 2;
create table marts.commitment_series as select 'k1' as commitment_id, 1 as version, series_id, true as is_judged_by
  from marts.fct_observation where observation_id = 'TRAIN_PAIRS_DAILY_2021';
create table marts.commitment_outcome as select 'k1' as commitment_id, version, 'k1' as promise_id, basis,
    coalesce(outcome_id, event_id, observation_id) as report_id, outcome_type, outcome_id, event_id, observation_id,
    '2021-04-14_cdmz_third_meeting' as source_id, '12' as locator
  from (values
    (1, 'TYPED', 'ADVANCES', 'u1', null, null), (2, 'TYPED', 'ADVANCES', 'u1', null, null),
    (1, 'BY_EVENT', 'FULFILS', null, 'e1', null),
    (1, 'BY_INDICATOR', 'ADVANCES', null, null, 'TRAIN_PAIRS_DAILY_2021')
  ) as t (version, basis, outcome_type, outcome_id, event_id, observation_id);
create table marts.fct_event as select 'e1' as event_id, '2020-02-28_scdaily_four_cities' as source_id, 'MEETING' as event_type,
    'HELD' as status, '会议' as title_zh, 'meeting' as title_en, date '2019-05-01' as date_start, date '2019-05-31' as date_end,
    'MONTH' as date_precision, '去年5月' as date_text, 'inferred' as date_basis, date '2020-02-28' as date_published,
    '510100;510600' as areas, 'someone' as actors, '7' as locator, 'i2' as initiative_id,
    'D1' as domain_id;
create table marts.event_source as select *, 'HELD' as evidence, 'PRESS' as host_quality from (values
    ('e1', '2020-02-28_scdaily_four_cities', '7', 'e1', true), ('e1', '2021-04-14_cdmz_third_meeting', '9', 'e9', false)
  ) as t (event_id, source_id, locator, told_as, is_first_telling);
create table marts.event_timeline as select *, '成都、德阳' as areas_zh, 'Chengdu, Deyang' as areas_en, date_end as known_by,
    '段' as initiative_zh, 'part' as initiative_en, '带 / 段' as initiative_path_zh, 'belt / part' as initiative_path_en
  from marts.fct_event;
create table marts.event_area as select 'e1' as event_id, unnest(['510100', '510600']) as ref_area;
create table marts.event_actor as select 'e1' as event_id, 'someone' as actor;
create table marts.fct_initiative as select *, '2020-02-28_scdaily_four_cities' as source_id, 'BELT' as initiative_type, case initiative_id when 'i1' then 'someone' end as parties,
    case initiative_id when 'i1' then '510100' end as areas, '5' as locator, 'D1' as domain_id
  from (values ('i1', '带', 'belt', null), ('i2', '段', 'part', 'i1')) as t (initiative_id, name_zh, name_en, parent_initiative_id);
create table marts.initiative_area as select 'i1' as initiative_id, '510100' as ref_area;
create table marts.initiative_status as select *, initiative_id || '@' || coalesce(event_id, commitment) as statement_id,
    '2020-02-28_scdaily_four_cities' as source_id, '5' as locator, date '2020-02-28' as valid_from, 'HELD' as evidence,
    'PRESS' as host_quality
  from (values
    ('i1', 'PROPOSED', 10, 'PROMISE', null, 'k1@1', null::date, date '2020-02-25', true, false),
    ('i1', 'PLANNED', 20, 'PROMISE', null, 'k1@2', null, date '2021-04-14', true, true),
    ('i2', 'ESTABLISHED', 110, 'EVENT', 'e1', null, date '2019-05-01', date '2019-05-31', true, true)
  ) as t (initiative_id, status, stage, basis, event_id, commitment, date_from, date_by, may_be_latest, is_latest);
create table marts.fct_assessment as select 'a1' as assessment_id, '2020-02-28_scdaily_four_cities' as source_id,
    'LACKING' as assessment_type, 'D2' as domain_id, 'X_CDMZ' as ref_area, 'i1' as initiative_id, '不足' as title_zh, 'too little' as title_en,
    date '2020-02-25' as as_of, date '2020-02-28' as date_published, '54' as locator, 'HELD' as evidence, 'PRESS' as host_quality,
    null::varchar as answers;
create table marts.assessment_progress as select *, 'NEWS_IN_FIELD' as verdict, null::varchar as answer_id,
    1 as n_events_since, 0 as n_series_improved, 0 as n_series_worsened from marts.fct_assessment;
create table marts.initiative_party as select 'i1' as initiative_id, 'someone' as party;
create table marts.initiative_register as select f.*, s.status, s.basis as status_basis,
    s.date_by as status_date, s.source_id as status_source_id, s.event_id as status_event_id, 'i1' as root_initiative_id, depth, path_id, path_zh, path_en,
    f.source_id as first_source_id, date '2020-02-28' as first_mention, '2021-04-14_cdmz_third_meeting' as latest_source_id,
    date '2021-04-15' as latest_mention, date '2021-04-15' as latest_mention_with_parts, 2 as n_sources, n_parts,
    n_events, 1 as n_events_with_parts, 1 as n_figures, n_figures_with_parts, n_commitments,
    n_commitments as n_commitments_with_parts
  from (values
    ('i1', 0, 'i1', '带', 'belt', 1, 0, 2, 1), ('i2', 1, 'i1 / i2', '带 / 段', 'belt / part', 0, 1, 1, 0)
  ) as t (initiative_id, depth, path_id, path_zh, path_en, n_parts, n_events, n_figures_with_parts, n_commitments)
  join marts.fct_initiative as f using (initiative_id)
  join marts.initiative_status as s on s.initiative_id = f.initiative_id and s.is_latest;
create table marts.source_audit as select 'd.txt' as document, repeat('0a', 32) as document_sha256, 3 as n_bulletins,
    'COMPLETE' as status, 9 as tokens, 9 as covered, 0 as missing, 4 as statements, 4 as told,
    0 as wrong,
    timestamp '2021-06-29 00:00:00' as audited_at, 'def' as audited_seed_hash;
create table marts.commitment_progress as select commitment_id, version, promise_id, locator, accounting, due_date,
    version = 2 as is_current_version, date '2021-06-30' as as_of_date, date '2021-01-01' as start_date,
    null::date as actual_start, date '2021-04-14' as actual_date, null::varchar as judged_by_report_id,
    'TRAIN_PAIRS_DAILY_2020' as base_observation_id, 88::decimal(38, 9) as base,
    'TRAIN_PAIRS_DAILY_2021' as actual_observation_id, 107.5::decimal(38, 9) as actual, null::varchar as fulfilled_by_event_id,
    'DAY' as time_unit, 0.8::decimal(38, 9) as gap_closed, 0.5::decimal(38, 9) as time_elapsed, 1.6::decimal(38, 9) as pace,
    1.5::decimal(38, 9) as pace_low, 1.7::decimal(38, 9) as pace_high, null::decimal(38, 9) as cagr_ratio,
    'ON_TRACK' as status_low, 'ON_TRACK' as status_high, 'ON_TRACK' as status, 'ON_TRACK' as status_stated,
    false as verdict_needs_policy, 'NO_GROWTH_RATIO' as reason
  from marts.fct_commitment;
create table marts.commitment_progress_history as select p.* exclude (as_of_date), c.published_by,
    unnest([c.published_by, date '2021-05-01']) as valid_from, unnest([date '2021-05-01', null]) as valid_to
  from marts.commitment_progress as p join marts.fct_commitment as c using (commitment_id, version);
update marts.commitment_progress_history set actual_observation_id = null, actual = null where valid_to is not null;
create table marts.claim_check as select claim_id, source_id, locator, indicator_id, claim_type, value_text, factor,
    null::varchar as base_text, null::date as base_period_end, observation_id as level_observation_id,
    lower_bound as expected_low, lower_closed as expected_low_closed, upper_bound as expected_high,
    upper_closed as expected_high_closed, null::decimal(38, 9) as found_low, null::decimal(38, 9) as found_high,
    case claim_id when 'c1' then 35.833333333::decimal(38, 9) end as implied_base,
    case claim_id when 'c1' then 30.7::decimal(38, 9) end as implied_base_low,
    case claim_id when 'c1' then false end as implied_base_low_closed,
    case claim_id when 'c1' then 43.02::decimal(38, 9) end as implied_base_high,
    case claim_id when 'c1' then false end as implied_base_high_closed,
    null::varchar as compared_observation_id, null::varchar as compared_commitment_id, null::bigint as n_members,
    null::bigint as n_with_figure, 'UNTESTABLE' as verdict, 'BASE_UNDATED' as reason
  from marts.fct_claim;
create table marts.claim_base_agreement as select 'c1' as earlier_claim_id, 'c2' as later_claim_id,
    30.7::decimal(38, 9) as earlier_base_low, false as earlier_base_low_closed, 43.02::decimal(38, 9) as earlier_base_high,
    false as earlier_base_high_closed, 40::decimal(38, 9) as later_base_low, false as later_base_low_closed,
    41.230769231::decimal(38, 9) as later_base_high, false as later_base_high_closed, 'SAME_WORDS' as base_match, 'AGREES' as agreement_type;
create table marts.figure_relation as select *, true as ratio_low_closed, true as ratio_high_closed, 'HOLDS' as verdict, true as is_same_period,
    case relation_type when 'RATE_OF_PLAN' then 'k1@1' end as object_commitment_id from (values
    ('r1', 'SUBSET', 'OTHER_2021_510600', 'OTHER_2021_512000', 0.25::decimal(38, 9), 0.5::decimal(38, 9), 0.75::decimal(38, 9)),
    ('r2', 'RATE_OF_PLAN', 'TRAIN_PAIRS_DAILY_2021', null, 1.07, 1.075, 1.08)
  ) as t (relation_id, relation_type, subject_observation_id, object_observation_id, ratio_low, ratio, ratio_high);
create table marts.figure_conflict as select e.series_id, e.time_period_start, e.time_period_end,
    e.observation_id as earlier_observation_id, e.value_text as earlier_text, l.observation_id as later_observation_id,
    l.value_text as later_text, 0::decimal(38, 9) as gap, 'IDENTICAL' as conflict_type
  from marts.fct_observation as e
  join marts.fct_observation as l on l.series_id = e.series_id and l.time_period_end = e.time_period_end
    and l.date_published > e.date_published;
create table marts.data_freshness as select i.indicator_id, i.freq, max(p.latest_date) as latest_date,
    date '2021-06-30' - max(p.latest_date) as days_since_latest, max(p.expected_by) as expected_by, null::varchar as reason
  from marts.dim_indicator as i left join marts.integration_progress as p using (indicator_id) group by all;
create table marts.build_changes as select *, '2021-04-14_cdmz_third_meeting' as source_id, '12#1' as locator,
    'bulletins/x/observations.csv' as seed_file, row_number() over () + 1 as seed_line, 'b0' as compared_with,
    case verdict when 'APPROVED' then 2::bigint end as revision_line,
    case verdict when 'APPROVED' then date '2021-06-01' end as date_approved,
    case verdict when 'APPROVED' then 'a misprint' end as approval_reason, null::varchar as approved_by
  from (values
    ('fct_observation', 'o1', 'obs_value', 'CHANGED', '88', '89', 1.011363636, 'A', '89对', 'APPROVED'),
    ('fct_observation', 'o2', 'obs_value', 'CHANGED', '88', '99', 1.125, 'P', '99对', 'WITHIN_REASON'),
    ('fct_event', 'e1', '*', 'ADDED', null, null, null, null, '会议', 'FREE'),
    ('revisions', 'o1@obs_value@2021-06-01', '*', 'ADDED', null, null, null, null, null, 'FREE')
  ) as t (relation, row_id, column_name, change_type, old_value, new_value, multiple, obs_status, label, verdict);
create table marts.change_history as select 'b1' as build_id, timestamp '2021-06-30 00:00:00' as built_at,
    * exclude (compared_with, obs_status, multiple, revision_line) from marts.build_changes;
create table marts.finding as select 1::bigint as finding_rank, 'CHANGE' as finding_type, 1::bigint as n_of_type, indicator_id,
    series_id, null::varchar as commitment_id, null::bigint as version, domain_id, ref_area,
    first_observation_id as from_observation_id, latest_observation_id as to_observation_id, first_date as since,
    latest_date as until, pct_change_low as lower_bound, pct_change_low_closed as lower_closed,
    pct_change_high as upper_bound, pct_change_high_closed as upper_closed, 'HELD' as evidence, false as evidence_mixed
  from marts.integration_progress where trend = 'IMPROVED' order by series_id limit 1;

-- A source whose page is not held, and two cells of its fact record.
insert into marts.dim_source by name
  select * replace ('2021-05-10_recorded' as source_id, date '2021-05-10' as date_published, date '2021-05-10' as published_from,
    date '2021-05-10' as published_by, null as as_of_default,
    null as document, null as document_sha256, 'RECORDED' as evidence)
  from marts.dim_source where source_id like '2021%';
create table marts.record_cell as select '2021-05-10_recorded' as source_id, * from (values
    ('a', 'record:a', '三市产值', '5/6个', '2021-04', 2, 0, 2, 2), ('b', 'record:b', '预计', '约9个', '2022', 0, 1, 1, 1)
  ) as t (record_key, locator, label, value_text, as_of, n_rows, n_exclusions, n_parts, n_parts_covered);

alter table marts.fct_observation add column evidence varchar default 'HELD';
alter table marts.fct_observation add column host_quality varchar default 'PRESS';
alter table marts.fct_claim add column evidence varchar default 'HELD';
alter table marts.fct_claim add column host_quality varchar default 'PRESS';
alter table marts.fct_commitment add column evidence varchar default 'HELD';
alter table marts.fct_commitment add column host_quality varchar default 'PRESS';
alter table marts.fct_event add column evidence varchar default 'HELD';
alter table marts.fct_event add column host_quality varchar default 'PRESS';
alter table marts.fct_initiative add column evidence varchar default 'HELD';
alter table marts.fct_initiative add column host_quality varchar default 'PRESS';
