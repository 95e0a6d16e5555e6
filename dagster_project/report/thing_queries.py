"""The queries of the pages of one thing each: an area, a domain, an initiative, a promise.

What several kinds of pages list is one query, whose column `page` says where a row is listed: `areas/510100`.
"""

from dagster_project.report.queries import (
    INITIATIVES_FIRST,
    LONGER,
    PER_PAGE,
    PROMISES,
    PROMISES_FIRST,
    _bounded,
    in_order,
)

_AREAS = """
    select a.*, coalesce(said.figures, 0) as figures
    from marts.dim_area as a
    left join (select ref_area, count(*) as figures from marts.fct_observation group by all) as said
        using (ref_area)"""
_AREAS_FIRST = ("figures desc", "ref_area")  # those of which most is said
# What is of no page is not read: at any size, only so many areas, initiatives and promises have one.
_PAGES = f"""
    select concat('areas/', ref_area)
    from (select * from ({_AREAS}) order by {in_order(_AREAS_FIRST)} limit {LONGER})
    union all select concat('domains/', domain_id) from marts.dim_domain
    union all select concat('initiatives/', initiative_id)
    from (select * from marts.initiative_register order by {in_order(INITIATIVES_FIRST)} limit {PROMISES})"""
_PROMISE_PAGES = f"""
    select promise_id
    from (select * from marts.commitment_progress order by {in_order(PROMISES_FIRST)} limit {PROMISES})"""

# An initiative's page lists what belongs to its parts as well, as its counts do.
_WITH_PARTS = """
    select concat('initiatives/', unnest(string_split(path_id, ' / '))) as page, initiative_id
    from marts.initiative_register"""
_IN_AREA = "select concat('areas/', ref_area) as page,"
_IN_DOMAIN = "select concat('domains/', domain_id) as page,"

_EVENTS = f"""
    {_IN_AREA} event_id from marts.event_area
    union all {_IN_DOMAIN} event_id from marts.fct_event
    union all select page, event_id from marts.fct_event join ({_WITH_PARTS}) using (initiative_id)"""
# Of several versions of a promise the one in force counts. An initiative also counts what only one telling
# puts under it, and rules in force, which are no promises.
_PROMISES = f"""
    {_IN_AREA} commitment_id, version from marts.commitment_progress where is_current_version
    union all {_IN_DOMAIN} commitment_id, version from marts.commitment_progress where is_current_version
    union all select distinct page, held.commitment_id, held.version
    from marts.fct_commitment as told
    join ({_WITH_PARTS}) using (initiative_id)
    join (
        select promise_id, commitment_id, version from marts.commitment_progress where is_current_version
        union all select promise_id, commitment_id, version from marts.fct_commitment
        where modality = 'IN_FORCE'
    ) as held on held.promise_id = told.promise_id"""
_INITIATIVES = f"""
    {_IN_AREA} initiative_id from marts.initiative_area
    union all {_IN_DOMAIN} initiative_id from marts.fct_initiative
    union all select concat('initiatives/', parent_initiative_id), initiative_id
    from marts.fct_initiative where parent_initiative_id is not null"""
_SERIES = f"""
    {_IN_AREA} series_id from marts.integration_progress where is_representative
    union all {_IN_DOMAIN} series_id from marts.integration_progress where is_representative"""

THING_QUERIES = {
    "area_register": _bounded(_AREAS, "ref_area", "()", _AREAS_FIRST, LONGER),
    "page_series": _bounded(
        f"""
        select pages.page, p.series_id, p.indicator_id, p.indicator_zh, p.indicator_en, p.domain_id,
            p.ref_area, p.breakdown, p.unit_measure, p.period_type, p.is_headline, p.n_observations,
            p.first_observation_id, p.first_date, p.first_value, p.first_lower_bound, p.first_lower_closed,
            p.first_upper_bound, p.first_upper_closed, p.latest_observation_id, p.latest_date, p.latest_value,
            p.latest_lower_bound, p.latest_lower_closed, p.latest_upper_bound, p.latest_upper_closed,
            p.change, p.change_low, p.change_low_closed, p.change_high, p.change_high_closed,
            p.pct_change, p.pct_change_low, p.pct_change_low_closed, p.pct_change_high,
            p.pct_change_high_closed, p.trend, p.first_obs_status, p.latest_obs_status,
            p.first_date_precision, p.latest_date_precision, p.verdict_needs_policy, p.evidence,
            p.evidence_mixed
        from ({_SERIES}) as pages join marts.integration_progress as p using (series_id)
        where page in ({_PAGES})""",
        "page, series_id",
        "page",
        ("is_headline desc", "n_observations desc", "series_id"),
        2 * PER_PAGE,
    ),
    "page_promises": _bounded(
        f"""
        select pages.page, f.commitment_id, f.version, f.title_zh, f.title_en, f.value_text, f.ref_area,
            f.initiative_id, f.indicator_id, f.due_date, f.modality, f.unit_measure, f.value_qualifier,
            f.target_value, f.stated_lower_bound, f.stated_lower_closed, f.stated_upper_bound,
            f.stated_upper_closed,
            p.status, p.verdict_needs_policy, f.source_id, f.locator,
            coalesce(p.evidence, f.evidence) as evidence, p.evidence_mixed
        from ({_PROMISES}) as pages
        join marts.fct_commitment as f using (commitment_id, version)
        left join marts.commitment_progress as p using (commitment_id, version)
        where page in ({_PAGES})""",
        "page, commitment_id",
        "page",
        ("coalesce(status, 'NOT_ASSESSABLE') = 'NOT_ASSESSABLE'", "due_date", "commitment_id"),
    ),
    "page_events": _bounded(
        f"""
        select pages.page, t.event_id, t.title_zh, t.title_en, t.date_start, t.date_end, t.date_precision,
            t.known_by, t.event_type, t.status, t.initiative_id, t.source_id, t.locator
        from ({_EVENTS}) as pages join marts.event_timeline as t using (event_id)
        where page in ({_PAGES})""",
        "page, event_id",
        "page",
        ("coalesce(date_start, known_by) desc", "event_id"),
    ),
    "page_initiatives": _bounded(
        f"""
        select pages.page, r.initiative_id, r.initiative_type, r.name_zh, r.name_en, r.status, r.n_parts,
            r.n_figures_with_parts, r.n_events_with_parts, r.n_commitments_with_parts
        from ({_INITIATIVES}) as pages join marts.initiative_register as r using (initiative_id)
        where page in ({_PAGES})""",
        "page, initiative_id",
        "page",
        ("n_figures_with_parts + n_events_with_parts + n_commitments_with_parts desc", "initiative_id"),
    ),
    "page_figures": _bounded(
        f"""
        select pages.page, said.*
        from ({_WITH_PARTS}) as pages
        join (
        select observation_id as id, initiative_id, indicator_id, ref_area, value_text, period_type,
            time_period_start, time_period_end, source_id, locator, evidence
        from marts.fct_observation
        union all
        select claim_id, initiative_id, indicator_id, ref_area, value_text, null,
            time_period_start, time_period_end, source_id, locator, evidence
        from marts.fct_claim) as said using (initiative_id)
        where page in ({_PAGES})""",
        "page, id",
        "page",
        ("time_period_end desc", "indicator_id", "id"),
    ),
    # Where a change of territory or definition keeps figures of an area apart: between which days, at least.
    "area_breaks": _bounded(
        """
        select ref_area, break_reason, max(from_date) as after, min(to_date) as until,
            string_agg(distinct indicator_id, ';' order by indicator_id) as indicators
        from marts.series_change where break_reason is not null group by ref_area, break_reason""",
        "ref_area, break_reason",
        "ref_area",
        ("until", "break_reason"),
    ),
    # What is said of an area is news of what is done there, though it names no initiative.
    "area_news": """
        select ref_area, max(date_published) as latest,
            max_by(source_id, (date_published, source_id)) as source_id
        from (
            select ref_area, source_id from marts.fct_observation
            union all select ref_area, source_id from marts.fct_commitment
            union all select ref_area, source_id from marts.fct_event join marts.event_area using (event_id))
        join marts.dim_source using (source_id)
        group by ref_area order by ref_area""",
    "initiative_statuses": _bounded(
        f"""
        select s.*, c.commitment_id, coalesce(e.title_zh, c.title_zh) as title_zh,
            coalesce(e.title_en, c.title_en) as title_en
        from marts.initiative_status as s
        left join marts.fct_event as e using (event_id)
        left join marts.fct_commitment as c on concat(c.commitment_id, '@', c.version) = s.commitment
        where concat('initiatives/', s.initiative_id) in ({_PAGES})""",
        "statement_id",
        "initiative_id",
        ("not is_latest", "coalesce(date_from, date_by, valid_from) desc", "statement_id"),
    ),
    "tellings": _bounded(
        f"""
        select f.*, p.is_current_version
        from marts.fct_commitment as f
        left join marts.commitment_progress as p using (commitment_id, version)
        where f.promise_id in ({_PROMISE_PAGES})""",
        "commitment_id, version",
        "promise_id",
        ("published_by", "commitment_id", "version"),
    ),
    "promise_changes": _bounded(
        "select * from marts.commitment_change",
        "to_commitment_id, to_version",
        "promise_id",
        ("published_by", "to_commitment_id", "to_version"),
    ),
    "outcomes": _bounded(
        # Of several versions that one report tells of, that in force.
        f"""
        select o.*
        from marts.commitment_outcome as o
        left join marts.commitment_progress as p using (commitment_id, version)
        where o.promise_id in ({_PROMISE_PAGES})
        qualify row_number() over (
            partition by o.promise_id, o.basis, o.report_id
            order by p.is_current_version desc nulls last, commitment_id, version
        ) = 1""",
        "promise_id, basis, report_id",
        "promise_id",
        ("date_published", "basis", "report_id"),
    ),
}
