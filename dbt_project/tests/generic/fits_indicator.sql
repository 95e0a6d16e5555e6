{#- A figure has its indicator's unit or one that converts to it, and lies within the limits of the definition. -#}
{% test fits_indicator(model) %}
    {{
        config(
            meta={"description": "单位与取值合乎指标定义 · unit and value fit the indicator's definition"}
        )
    }}
    select
        figure.observation_id, figure.value_text, figure.unit_measure, indicator.unit_measure as expected_unit
    from {{ model }} as figure
    join {{ ref("dim_indicator") }} as indicator on indicator.indicator_id = figure.indicator_id
    left join {{ ref("dim_unit") }} as unit on unit.unit_measure = figure.unit_measure
    left join {{ ref("dim_unit") }} as expected on expected.unit_measure = indicator.unit_measure
    where
        unit.base_unit is distinct from expected.base_unit
        or (
            figure.unit_measure = indicator.unit_measure
            and (figure.obs_value < indicator.min_value or figure.obs_value > indicator.max_value)
        )
{% endtest %}
