{#- Each promise has one first wording that all its versions lead back to, and names only versions that exist. -#}
{% test versions_follow(model) %}
    {{
        config(
            meta={
                "description": "各版本可追溯至首个版本 · every version leads back to a first wording, none to itself"
            }
        )
    }}
    select commitment_id, version, source_id, locator, supersedes, restates
    from {{ model }}
    where promise_id is null
{% endtest %}
