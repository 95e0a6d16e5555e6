{#- How well something is known. The order stands here alone: audited, held, recorded, cited. -#}
{% macro evidence_grades() -%} {{ return(["AUDITED", "HELD", "RECORDED", "CITED"]) }} {%- endmacro %}

{% macro evidence_rank(evidence) -%}
    case
        {{ evidence }}
        {%- for grade in evidence_grades() %} when '{{ grade }}' then {{ loop.index }} {%- endfor %}
    end
{%- endmacro %}

{#- Of two the weaker; of one and none, the one. -#}
{% macro weaker_evidence(a, b) -%}
    case
        when {{ b }} is null or {{ evidence_rank(a) }} >= {{ evidence_rank(b) }} then {{ a }} else {{ b }}
    end
{%- endmacro %}

{#- The grade of a rank; of several ranks the greatest is the weakest grade. -#}
{% macro evidence_of_rank(rank) -%}
    case
        {{ rank }}
        {%- for grade in evidence_grades() %} when {{ loop.index }} then '{{ grade }}' {%- endfor %}
    end
{%- endmacro %}
