{#- An initiative whose own bulletin was not published by the as-of day has no name yet: a fact that is filed under it
    later stands without one. -#}
{% macro known_initiative(column) -%}
    case
        when
            {{ column }} in (
                select initiative_id
                from {{ source("raw", "initiatives") }}
                where source_id in (select source_id from {{ ref("stg_sources") }})
            )
        then {{ column }}
    end
{%- endmacro %}
