{#- Every initiative leads up to a root: no parent that does not exist, no two that contain each other. -#}
{% test leads_to_root(model) %}
    {{
        config(
            meta={
                "description": "逐级向上可达根，无断链与循环 · every path starts at a root: no lost parent, no cycle"
            }
        )
    }}
    select initiative_id, parent_initiative_id, source_id, locator
    from {{ model }}
    where path_id is null
{% endtest %}
