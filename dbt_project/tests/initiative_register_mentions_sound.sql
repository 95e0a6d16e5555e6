{#- The bulletin that it is registered from mentions it. -#}
{{
    config(
        meta={
            "description": "首末提及有来源与日期，先后有序，含登记来源在内 · first and latest mention have source and date, in order, around the bulletin that registers it",
            "dagster": {"ref": {"name": "initiative_register"}},
        }
    )
}}
select
    r.initiative_id,
    r.source_id,
    r.locator,
    r.first_source_id,
    r.first_mention,
    r.latest_source_id,
    r.latest_mention,
    r.latest_mention_with_parts,
    r.n_sources
from {{ ref("initiative_register") }} as r
left join {{ ref("dim_source") }} as own on own.source_id = r.source_id
left join {{ ref("dim_source") }} as first on first.source_id = r.first_source_id
left join {{ ref("dim_source") }} as latest on latest.source_id = r.latest_source_id
where
    not coalesce(
        first.date_published = r.first_mention
        and latest.date_published = r.latest_mention
        and own.date_published between r.first_mention and r.latest_mention
        and r.latest_mention <= r.latest_mention_with_parts
        and (r.n_sources = 1) = (r.first_source_id = r.latest_source_id)
        and r.n_sources >= 1,
        false
    )
