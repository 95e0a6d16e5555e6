{#- Not audited must not read as nothing missing. -#}
{{
    config(
        meta={
            "description": "已核对则计数、时间、种子指纹齐全，未核对则全空 · an audited document has counts, time and seeds; any other has none",
            "dagster": {"ref": {"name": "source_audit"}},
        }
    )
}}
with
    filled as (
        select
            *,
            (tokens is not null)::int
            + (covered is not null)::int
            + (missing is not null)::int
            + (statements is not null)::int
            + (told is not null)::int
            + (wrong is not null)::int
            + (audited_at is not null)::int
            + (audited_seed_hash is not null)::int as n_filled
        from {{ ref("source_audit") }}
    )
select document, status, tokens, covered, missing, statements, told, wrong, audited_at, audited_seed_hash
from filled
where n_filled <> case status when 'NOT_RUN' then 0 else 8 end
