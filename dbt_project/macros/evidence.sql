{#- How well something is known. The order stands here alone: audited, held, recorded, cited. -#}
{% macro evidence_grades() -%} {{ return(["AUDITED", "HELD", "RECORDED", "CITED"]) }} {%- endmacro %}

{#- Who carries the page: from the issuer's own site to one that nobody answers for. -#}
{% macro host_grades() -%} {{ return(["OFFICIAL", "PRESS", "REPOST", "UNTRUSTED"]) }} {%- endmacro %}

{% macro evidence_rank(evidence, grades=evidence_grades()) -%}
    case {{ evidence }} {%- for grade in grades %} when '{{ grade }}' then {{ loop.index }} {%- endfor %} end
{%- endmacro %}

{#- Of two the weaker; of one and none, the one. -#}
{% macro weaker_evidence(a, b, grades=evidence_grades()) -%}
    case
        when {{ b }} is null or {{ evidence_rank(a, grades) }} >= {{ evidence_rank(b, grades) }}
        then {{ a }}
        else {{ b }}
    end
{%- endmacro %}

{% macro weaker_host(a, b) -%} {{ weaker_evidence(a, b, host_grades()) }} {%- endmacro %}

{#- The grade of a rank; of several ranks the greatest is the weakest grade. -#}
{% macro evidence_of_rank(rank, grades=evidence_grades()) -%}
    case {{ rank }} {%- for grade in grades %} when {{ loop.index }} then '{{ grade }}' {%- endfor %} end
{%- endmacro %}
