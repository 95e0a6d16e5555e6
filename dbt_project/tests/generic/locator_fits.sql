{#- A locator is a line of the document, #n where a token stands there more than once; the key of a fact record's cell;
    or blank where the address alone is known. -#}
{% test locator_fits(model) %}
    {{
        config(
            meta={
                "description": "位置与依据相符：行号、行号#序号、record:键，仅有出处则空 · a locator is a line, #n where needed; a cell's key; or blank"
            }
        )
    }}
    select *
    from {{ model }}
    where
        case
            evidence
            when 'CITED'
            then locator is not null
            when 'RECORDED'
            then coalesce(regexp_replace(locator, '^record:[a-z0-9][a-z0-9_.-]*$', ''), 'none') <> ''
            else coalesce(regexp_replace(locator, '^[1-9][0-9]*(#[1-9][0-9]*)?$', ''), 'none') <> ''
        end
{% endtest %}
