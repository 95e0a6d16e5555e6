{#- The keys of two relations are the same: no row is lost, none is invented. -#}
{% test same_rows(model, other, columns) %}
    {{ config(meta={"description": "行不增不减 · the same rows as " ~ other}) }}
    {%- set key = columns | join(", ") %}
    (
        select {{ key }}
        from {{ ref(other) }}
        except
        select {{ key }}
        from {{ model }}
    )
    union all
    (
        select {{ key }}
        from {{ model }}
        except
        select {{ key }}
        from {{ ref(other) }}
    )
{% endtest %}
