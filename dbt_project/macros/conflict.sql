{#- How two figures for one series and period stand to each other. Value rules, section 3; columns earlier_* and
    later_* of figure_conflict. A missing end is unbounded. -#}
{#- Whether the interval of one figure reaches at least as far as the other's, at both ends. -#}
{% macro encloses(outer, inner) -%}
    coalesce(
        {{ outer }}_lower_bound < {{ inner }}_lower_bound
        or (
            {{ outer }}_lower_bound = {{ inner }}_lower_bound
            and ({{ outer }}_lower_closed or not {{ inner }}_lower_closed)
        ),
        {{ outer }}_lower_bound is null
    )
    and coalesce(
        {{ outer }}_upper_bound > {{ inner }}_upper_bound
        or (
            {{ outer }}_upper_bound = {{ inner }}_upper_bound
            and ({{ outer }}_upper_closed or not {{ inner }}_upper_closed)
        ),
        {{ outer }}_upper_bound is null
    )
{%- endmacro %}

{% macro lies_below(left, right) -%}
    coalesce(
        {{ left }}_upper_bound < {{ right }}_lower_bound
        or (
            {{ left }}_upper_bound = {{ right }}_lower_bound
            and not ({{ left }}_upper_closed and {{ right }}_lower_closed)
        ),
        false
    )
{%- endmacro %}

{#- Within 2 % of a power of ten, of 2 (pairs counted twice) or of 15 (mu in a hectare). -#}
{% macro is_unit_slip(ratio) -%}
    (
        {%- for factor in [
            "2",
            "15",
            "10",
            "1e2",
            "1e3",
            "1e4",
            "1e5",
            "1e6",
            "1e7",
            "1e8",
            "1e9",
            "1e10",
            "1e11",
            "1e12",
        ] %}
            {{ ratio }} / cast({{ factor }} as double) between 0.9799999995e0 and 1.0200000005e0
            {{- " or" if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}

{#- The first that fits. A later telling that reaches further confirms, a narrower one refines; where nobody knows which
    came later, the narrower refines. An estimate, or a preliminary figure, gives way to a more final one without
    contradicting it, unless nobody answers for its page. -#}
{% macro conflict_type() -%}
    case
        when is_within_later and is_within_earlier and earlier_value is not distinct from later_value
        then 'IDENTICAL'
        when is_within_later and is_order_known
        then 'CONFIRMED'
        when is_within_later or is_within_earlier
        then 'REFINED'
        when not is_disjoint
        then 'COMPATIBLE'
        when coalesce({{ is_unit_slip("ratio") }}, false)
        then 'UNIT_SUSPECT'
        when
            (earlier_finality < later_finality and not coalesce(earlier_host_quality = 'UNTRUSTED', false))
            or (is_order_known and is_same_issuer)
        then 'REVISED'
        else 'CONTRADICTION'
    end
{%- endmacro %}
