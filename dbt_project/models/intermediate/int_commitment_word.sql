with
    tellings as (select * from {{ ref("int_commitment") }}),
    commitments as (select * from {{ ref("int_commitment") }} where {{ is_promise() }}),
    spans as (select * from {{ ref("int_commitment_span") }}),
    reports as (select * from {{ ref("int_commitment_report") }}),
    silences as (select * from {{ ref("int_commitment_silence") }}),

    heard as (
        select
            spans.version_id,
            spans.valid_from,
            reports.report_id,
            reports.event_id,
            reports.outcome_type,
            reports.outcome_type in ('FULFILS', 'CONTRADICTS', 'ABANDONS') as is_decisive,
            reports.happened_from,
            reports.happened_by,
            reports.published_by,
            reports.evidence,
            reports.host_quality
        from spans
        join reports on reports.version_id = spans.version_id
        where reports.published_by <= spans.valid_from
    ),

    -- The last word decides. Of two words of one day that differ, the worse is one end, the better the other.
    ranked as (
        select
            *,
            row_number() over (
                partition by version_id, valid_from, outcome_type order by happened_by nulls last, report_id
            ) as place_of_type,
            -- Where nothing is decided, a word of progress says more than a mere mention.
            row_number() over (
                partition by version_id, valid_from, is_decisive
                order by case outcome_type when 'ADVANCES' then 1 else 2 end, published_by desc, report_id
            ) as place_of_word,
            {% for end, types in {
                "low": ["CONTRADICTS", "ABANDONS", "FULFILS"],
                "high": ["FULFILS", "ABANDONS", "CONTRADICTS"],
            }.items() -%}
                row_number() over (
                    partition by version_id, valid_from, is_decisive
                    order by
                        published_by desc,
                        case
                            outcome_type
                            {% for type in types %} when '{{ type }}' then {{ loop.index }} {% endfor %}
                        end,
                        happened_by nulls last,
                        report_id
                ) as place_{{ end }}
                {{- "," if not loop.last }}
            {% endfor %}
        from heard
    ),

    summed as (
        select
            version_id,
            valid_from,
            {% for end in ["low", "high"] -%}
                max(case when is_decisive and place_{{ end }} = 1 then outcome_type end) as told_{{ end }},
            {% endfor -%}
            max(case when is_decisive and place_low = 1 then report_id end) as decided_by_report_id,
            max(case when is_decisive and place_low = 1 then published_by end) as decided_on,
            max(case when is_decisive and place_low = 1 then evidence end) as decided_evidence,
            max(case when is_decisive and place_low = 1 then host_quality end) as decided_host,
            max(
                case when outcome_type = 'FULFILS' and place_of_type = 1 then event_id end
            ) as fulfilled_by_event_id,
            max(
                case when outcome_type = 'FULFILS' and place_of_type = 1 then happened_by end
            ) as fulfilled_low,
            max(
                case when outcome_type = 'FULFILS' and place_of_type = 1 then happened_from end
            ) as fulfilled_high,
            max(case when not is_decisive and place_of_word = 1 then outcome_type end) as word_outcome_type,
            max(case when not is_decisive and place_of_word = 1 then report_id end) as word_report_id,
            max(case when not is_decisive and place_of_word = 1 then evidence end) as word_evidence,
            max(case when not is_decisive and place_of_word = 1 then host_quality end) as word_host,
            max(case when not is_decisive then published_by end) as last_word_on
        from ranked
        group by version_id, valid_from
    ),

    -- Each bulletin that tells the promise, itself or as a reprint, is one witness.
    told_by as (
        select
            coalesce(restates, version_id) as version_id,
            original_source_id,
            min(published_by) as published_by
        from tellings
        group by coalesce(restates, version_id), original_source_id
    ),

    witnesses_so_far as (
        select
            spans.version_id,
            spans.valid_from,
            cast(
                row_number() over (
                    partition by spans.version_id, spans.valid_from order by told_by.original_source_id
                ) as {{ dbt.type_bigint() }}
            ) as n_sources,
            {{
                running_list(
                    "told_by.original_source_id",
                    "';'",
                    "spans.version_id, spans.valid_from",
                    "told_by.original_source_id",
                )
            }} as source_ids,
            row_number() over (
                partition by spans.version_id, spans.valid_from order by told_by.original_source_id desc
            ) as place
        from spans
        join told_by on told_by.version_id = spans.version_id
        where told_by.published_by <= spans.valid_from
    ),

    witnesses as (select version_id, valid_from, n_sources, source_ids from witnesses_so_far where place = 1),

    replacements as (
        select supersedes as version_id, min(published_by) as replaced_from
        from commitments
        where supersedes is not null
        group by supersedes
    ),

    joined as (
        select
            spans.version_id,
            spans.valid_from,
            spans.valid_to,
            summed.told_low,
            summed.told_high,
            summed.decided_by_report_id,
            summed.decided_on,
            summed.decided_evidence,
            summed.decided_host,
            summed.fulfilled_by_event_id,
            summed.fulfilled_low,
            summed.fulfilled_high,
            summed.word_outcome_type,
            summed.word_report_id,
            summed.word_evidence,
            summed.word_host,
            summed.last_word_on,
            summed.version_id is null
            and coalesce(silences.silent_from <= spans.valid_from, false) as is_silent,
            summed.version_id is null
            and coalesce(silences.mentioned_from <= spans.valid_from, false) as is_mentioned,
            witnesses.n_sources,
            witnesses.source_ids,
            replacements.replaced_from is null
            or replacements.replaced_from > spans.valid_from as is_current_version
        from spans
        left join summed on summed.version_id = spans.version_id and summed.valid_from = spans.valid_from
        left join
            witnesses on witnesses.version_id = spans.version_id and witnesses.valid_from = spans.valid_from
        left join silences on silences.version_id = spans.version_id
        left join replacements on replacements.version_id = spans.version_id
    )

select *
from joined
