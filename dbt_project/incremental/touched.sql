-- Which rows of the seeds a night must read again, in schema touched of the scratch file (attached as
-- `scratch`).
-- raw.* is of today; marts.* is still of yesterday, as is before_private.*. Given: before.* and now.*, the
-- rows of seeds that differ; touched.named, the codes by which tables that models read in whole have changed
-- (`touches` in their meta), the register of sources known by today among them; touched.day, yesterday and
-- today in order.
--
-- A place is an indicator in an area: all that tells of one figure, its vintages, neighbours and conflicts,
-- is there.
create table scratch.touched.place as
select distinct indicator_id, ref_area
from
    (
        select indicator_id, ref_area
        from scratch.before.observations
        union all
        select indicator_id, ref_area
        from scratch.now.observations
        union all
        select indicator_id, ref_area
        from raw.observations
        where
            source_id in (select id from scratch.touched.named where name = 'source_id')
            or differs_from in (select id from scratch.touched.named where name = 'source_id')
            or initiative_id in (select id from scratch.touched.named where name = 'initiative_id')
            or indicator_id in (select id from scratch.touched.named where name = 'indicator_id')
            or ref_area in (select id from scratch.touched.named where name = 'ref_area')
            or value_text in (select id from scratch.touched.named where name = 'value_text')
    ) as rows_told
;

create table scratch.touched.observation as
select observation_id
from scratch.before.observations
union
select observations.observation_id
from raw.observations as observations
semi join
    scratch.touched.place as place
    on place.indicator_id = observations.indicator_id
    and place.ref_area = observations.ref_area
;

-- Promises whose own words changed, or what is said of them, or a figure that they are read on; with all
-- that replaces
-- them, that they replace, or that tells them again.
create table scratch.touched.commitment_link as
with
    versions as (
        select commitment_id, supersedes, restates, concat_ws('@', commitment_id, version) as version_id
        from raw.commitments
        union all
        select commitment_id, supersedes, restates, concat_ws('@', commitment_id, version) as version_id
        from scratch.before.commitments
    )
select distinct versions.commitment_id, others.commitment_id as other_id
from versions
join versions as others on others.version_id in (versions.supersedes, versions.restates)
where versions.supersedes is not null or versions.restates is not null
;

create table scratch.touched.commitment_first as
select commitment_id
from scratch.before.commitments
union
select commitment_id
from scratch.now.commitments
union
select commitments.commitment_id
from raw.commitments as commitments
where
    source_id in (select id from scratch.touched.named where name = 'source_id')
    or initiative_id in (
        select id
        from scratch.touched.named
        where name = 'initiative_id'
        union all
        select initiative_id
        from scratch.now.int_programme_bulletin
        where root_initiative_id in (select id from scratch.touched.named where name = 'root_initiative_id')
        union all
        select initiative_id
        from scratch.before.int_programme_bulletin
        where root_initiative_id in (select id from scratch.touched.named where name = 'root_initiative_id')
        union all
        select initiative_id
        from raw.initiatives
        where source_id in (select id from scratch.touched.named where name = 'source_id')
    )
    or indicator_id in (select id from scratch.touched.named where name = 'indicator_id')
    or ref_area in (select id from scratch.touched.named where name = 'ref_area')
    or value_text in (select id from scratch.touched.named where name = 'value_text')
    or base_observation_id in (select observation_id from scratch.touched.observation)
    or (indicator_id, ref_area) in (select indicator_id, ref_area from scratch.touched.place)
union
select id
from scratch.touched.named
where name in ('commitment_id', 'fulfils_commitment_id')
union
select commitment_id
from raw.outcomes
where
    event_id in (select id from scratch.touched.named where name = 'event_id')
    or source_id in (select id from scratch.touched.named where name = 'source_id')
union
select fulfils_commitment_id
from scratch.now.int_event
where source_id in (select id from scratch.touched.named where name = 'source_id')
union
-- Promises that stand otherwise from a day between yesterday's and today's on, whatever is said.
select split_part(turns.version_id, '@', 1)
from
    (
        select concat_ws('@', commitment_id, version) as version_id, unnest([valid_from, valid_to]) as turn
        from marts.commitment_progress_history
        union all
        select version_id, unnest([valid_from, valid_to, settles_from, settles_to])
        from before_private.intermediate.int_commitment_actual
    ) as turns
join scratch.touched.day as days on turns.turn > days.first_day and turns.turn <= days.last_day
;

-- Claims that changed, or a figure, a whole, a rival or a plan that they are held against; with all others
-- of the same
-- indicator and area, with which they may share a base.
create table scratch.touched.claim as
with
    changed as (
        select claim_id, indicator_id, ref_area
        from scratch.before.claims
        union all
        select claim_id, indicator_id, ref_area
        from scratch.now.claims
        union all
        select claim_id, indicator_id, ref_area
        from raw.claims
        where
            source_id in (select id from scratch.touched.named where name = 'source_id')
            or initiative_id in (select id from scratch.touched.named where name = 'initiative_id')
            or indicator_id in (select id from scratch.touched.named where name = 'indicator_id')
            or whole_indicator_id in (select id from scratch.touched.named where name = 'indicator_id')
            or ref_area in (select id from scratch.touched.named where name = 'ref_area')
            or whole_ref_area in (select id from scratch.touched.named where name = 'ref_area')
            or value_text in (select id from scratch.touched.named where name = 'value_text')
            or observation_id in (select observation_id from scratch.touched.observation)
            or whole_commitment_id in (select commitment_id from scratch.touched.commitment_first)
            or (indicator_id, ref_area) in (select indicator_id, ref_area from scratch.touched.place)
            or (coalesce(whole_indicator_id, indicator_id), coalesce(whole_ref_area, ref_area))
            in (select indicator_id, ref_area from scratch.touched.place)
            or (indicator_id, whole_ref_area) in (
                select place.indicator_id, members.group_area
                from scratch.touched.place as place
                join raw.area_members as members on members.member_area = place.ref_area
            )
    )
select claim_id
from changed
union
select claim_id
from raw.claims
where (indicator_id, ref_area) in (select indicator_id, ref_area from changed)
;

-- Rates of completion, told as figures, are relations under the name of the figure.
create table scratch.touched.rate as
select observation_id as relation_id, indicator_id, ref_area, whole_commitment_id
from scratch.before.observations
where whole_commitment_id is not null
union
select rates.observation_id, rates.indicator_id, rates.ref_area, rates.whole_commitment_id
from raw.observations as rates
join raw.commitments as commitments on commitments.commitment_id = rates.whole_commitment_id
where
    rates.whole_commitment_id in (select commitment_id from scratch.touched.commitment_first)
    or (rates.indicator_id, rates.ref_area) in (select indicator_id, ref_area from scratch.touched.place)
    or (commitments.indicator_id, rates.ref_area) in (
        select indicator_id, ref_area from scratch.touched.place
    )
;

-- The parts of one total have names that agree up to the last dot, and the total that name.
create table scratch.touched.relation as
with
    every as (
        select relation_id, subject_id, object_id, regexp_replace(relation_id, '[.][^.]*$', '') as total_id
        from raw.relations
        union all
        select relation_id, subject_id, object_id, regexp_replace(relation_id, '[.][^.]*$', '') as total_id
        from scratch.before.relations
    ),

    changed as (
        select total_id
        from every
        where
            relation_id in (
                select relation_id
                from scratch.before.relations
                union all
                select relation_id
                from scratch.now.relations
            )
            or subject_id in (select observation_id from scratch.touched.observation)
            or object_id in (select observation_id from scratch.touched.observation)
    )
select relation_id
from every
where total_id in (select total_id from changed)
union
select total_id
from changed
union
select relation_id
from scratch.touched.rate
;

-- A plan that a touched claim or rate is held against is read in whole too.
create table scratch.touched.commitment as
with recursive
    reached as (
        select commitment_id
        from
            (
                select commitment_id
                from scratch.touched.commitment_first
                union all
                select whole_commitment_id
                from raw.claims
                where claim_id in (select claim_id from scratch.touched.claim)
                union all
                select whole_commitment_id
                from scratch.touched.rate
            ) as named
        where commitment_id is not null
        union
        select links.other_id
        from reached
        join
            (
                select commitment_id, other_id
                from scratch.touched.commitment_link
                union all
                select other_id, commitment_id
                from scratch.touched.commitment_link
            ) as links
            on links.commitment_id = reached.commitment_id
    )
select commitment_id
from reached
;

-- The places that all these read, with the touched ones.
create table scratch.touched.context as
with
    claims as (
        select * from raw.claims where claim_id in (select claim_id from scratch.touched.claim)
    ),

    commitments as (
        select *
        from raw.commitments
        where commitment_id in (select commitment_id from scratch.touched.commitment)
    ),

    read_figures as (
        select observation_id
        from claims
        union all
        select base_observation_id
        from commitments
        union all
        select observation_id
        from raw.outcomes
        where commitment_id in (select commitment_id from scratch.touched.commitment)
        union all
        select unnest([subject_id, object_id])
        from raw.relations
        where relation_id in (select relation_id from scratch.touched.relation)
    ),

    read_places as (
        select indicator_id, ref_area
        from scratch.touched.place
        union
        select indicator_id, ref_area
        from claims
        union
        select coalesce(whole_indicator_id, indicator_id), coalesce(whole_ref_area, ref_area)
        from claims
        union
        select claims.indicator_id, members.member_area
        from claims
        join raw.area_members as members on members.group_area = claims.whole_ref_area
        where claims.claim_type = 'RANK'
        union
        select indicator_id, ref_area
        from commitments
        union
        select indicator_id, ref_area
        from scratch.touched.rate
        union
        select commitments.indicator_id, rates.ref_area
        from scratch.touched.rate as rates
        join commitments on commitments.commitment_id = rates.whole_commitment_id
        union
        select indicator_id, ref_area
        from raw.observations
        where observation_id in (select observation_id from read_figures)
    )
select indicator_id, ref_area
from read_places
union
-- What is told again is of the same place nearly always.
select told_first.indicator_id, told_first.ref_area
from raw.observations as told_first
where
    told_first.observation_id in (
        select again.repeats_observation_id
        from raw.observations as again
        where
            again.repeats_observation_id is not null
            and (again.indicator_id, again.ref_area) in (select indicator_id, ref_area from read_places)
    )
;

create table scratch.touched.version as
select concat_ws('@', commitment_id, version) as version_id
from raw.commitments
where commitment_id in (select commitment_id from scratch.touched.commitment)
union
select concat_ws('@', commitment_id, version)
from scratch.before.commitments
;
