{#- The verdict is that of the counts. -#}
{{
    config(
        meta={
            "description": "COMPLETE 即无缺漏、无错误、全部覆盖 · COMPLETE means nothing missing, nothing wrong, all covered",
            "dagster": {"ref": {"name": "source_audit"}},
        }
    )
}}
with
    judged as (
        select *, missing = 0 and wrong = 0 and covered = tokens and told = statements as is_clean
        from {{ ref("source_audit") }}
    )
select document, status, tokens, covered, missing, statements, told, wrong
from judged
where (status = 'COMPLETE' and not coalesce(is_clean, false)) or (status = 'INCOMPLETE' and is_clean)
