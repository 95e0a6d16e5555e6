{#- A figure has its indicator's unit or one that converts to it; its limits are a gate's business. -#}
{% test fits_indicator(model) %}
    {{ config(meta={"description": "单位合乎指标定义 · the unit fits the indicator's definition"}) }}
    select
        figure.observation_id, figure.value_text, figure.unit_measure, indicator.unit_measure as expected_unit
    from {{ model }} as figure
    join {{ ref("dim_indicator") }} as indicator on indicator.indicator_id = figure.indicator_id
    left join {{ ref("dim_unit") }} as unit on unit.unit_measure = figure.unit_measure
    left join {{ ref("dim_unit") }} as expected on expected.unit_measure = indicator.unit_measure
    where unit.base_unit is distinct from expected.base_unit
{% endtest %}
