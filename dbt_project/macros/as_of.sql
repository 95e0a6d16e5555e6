{#- As of a day: what was published by that day. Marts and the table macros of the published file ask the same relations
    the same way; only where they read them and which day they mean differs. Dialect: one statement, none where the
    engine has no table macros; the marts themselves never depend on them. -#}
{% macro create_table_macro(name, query) -%}
    {{ return(adapter.dispatch("create_table_macro", "tongcheng")(name, query)) }}
{%- endmacro %}

{% macro default__create_table_macro(name, query) -%} {{ return("") }} {%- endmacro %}

{% macro duckdb__create_table_macro(name, query) -%}
    {{
        return(
            "create or replace macro "
            ~ ref("build_info").schema
            ~ "."
            ~ name
            ~ "(d, catalog := null, indicator := null, area := null) as table "
            ~ query
        )
    }}
{%- endmacro %}

{#- Dialect: a mart of the file that is in use, or of the one attached as `catalog`. A table macro of DuckDB looks its
    tables up where the caller stands, not where it lives: nothing in it may name the file. -#}
{% macro mart_in_use(mart) -%}
    query_table('"' || coalesce(catalog, current_database()) || '".marts.{{ mart }}')
{%- endmacro %}

{#- A macro of one file must never answer from the tables of another that happens to be in use. -#}
{% macro same_build() -%}
    case
        when (select max(build_id) from {{ mart_in_use("build_info") }}) = '{{ build_id() }}'
        then true
        else
            error('所用数据库不是本文件 · the database in use is not this file: USE it, or say catalog := ''its name''')
    end
{%- endmacro %}

{% macro build_id() -%}
    {%- if execute -%}
        {{ return(run_query("select max(build_id) as build_id from " ~ ref("build_info"))[0][0]) }}
    {%- endif -%}
{%- endmacro %}

{#- The day of the build. -#}
{% macro as_of_date() -%} (select max(as_of_date) from {{ ref("build_info") }}) {%- endmacro %}

{#- The series asked for. Said inside a table macro, where a filter from outside arrives too late. -#}
{% macro asked_for() -%}
    (indicator is null or indicator_id = {{ known_code("indicator", "dim_indicator", "indicator_id") }})
    and (area is null or ref_area = {{ known_code("area", "dim_area", "ref_area") }})
{%- endmacro %}

{#- The code that was asked for. One that does not exist has no rows, which would read as nothing known: it is an error
    that names the three nearest. -#}
{% macro known_code(asked, mart, column) -%}
    {%- set near = [] -%}
    {%- for name in [column, "name_zh", "name_en"] -%}
        {%- do near.append("levenshtein(lower(" ~ name ~ "), lower(" ~ asked ~ "))") -%}
    {%- endfor -%}
    (
        select
            case
                when bool_or({{ column }} = {{ asked }})
                then max({{ asked }})
                else
                    error(
                        '没有此代码 · no such code: {{ asked }} '
                        || max({{ asked }})
                        || '; 是否要找 · did you mean: '
                        || array_to_string(
                            (
                                list(
                                    {{ column }} || ' ' || name_zh || ' ' || name_en
                                    order by least({{ near | join(", ") }}), {{ column }}
                                )
                            )[1:3],
                            ', '
                        )
                    )
            end
        from {{ mart_in_use(mart) }}
    )
{%- endmacro %}

{#- A state holds on the days from valid_from until before valid_to. -#}
{% macro valid_on(day) -%}
    valid_from <= {{ day }} and (valid_to > {{ day }} or valid_to is null)
{%- endmacro %}

{#- An initiative has no name before the bulletin that registers it. -#}
{% macro observations_known_on() -%}
    select
        * replace (
            case
                when
                    initiative_id in (
                        select initiatives.initiative_id
                        from {{ mart_in_use("fct_initiative") }} as initiatives
                        join
                            {{ mart_in_use("dim_source") }} as sources
                            on sources.source_id = initiatives.source_id
                        where sources.published_by <= cast(d as date)
                    )
                then initiative_id
            end as initiative_id
        )
    from {{ mart_in_use("fct_observation") }}
    where {{ known_on("cast(d as date)") }} and {{ asked_for() }} and {{ same_build() }}
{%- endmacro %}

{% macro integration_progress_in_use() -%}
    {%- set marts = {} -%}
    {%- for mart in ["integration_progress_history", "fct_observation", "dim_indicator", "dim_area"] -%}
        {%- do marts.update({mart: mart_in_use(mart)}) -%}
    {%- endfor -%}
    select *
    from ({{ progress_on("cast(d as date)", marts, asked_for()) }}) as progress
    where {{ same_build() }}
{%- endmacro %}

{% macro commitment_progress_in_use() -%}
    select *, cast(d as date) as as_of_date
    from {{ mart_in_use("commitment_progress_history") }}
    where {{ valid_on("cast(d as date)") }} and {{ asked_for() }} and {{ same_build() }}
{%- endmacro %}

{#- What the post-hooks of the marts make, for a file whose marts were computed elsewhere: `dbt run-operation`. -#}
{% macro create_table_macros() -%}
    {%- for name, query in {
        "observation_as_of": observations_known_on(),
        "integration_progress_as_of": integration_progress_in_use(),
        "commitment_progress_as_of": commitment_progress_in_use(),
    }.items() -%}
        {%- do run_query(create_table_macro(name, query)) -%}
    {%- endfor -%}
{%- endmacro %}

{#- A row if a table macro, asked of the day of the build, differs from its mart: how many rows each has, and sums. -#}
{% macro as_of_differences(model, table_macro) -%}
    {{ return(adapter.dispatch("as_of_differences", "tongcheng")(model, table_macro)) }}
{%- endmacro %}

{% macro default__as_of_differences(model, table_macro) -%} select 1 as difference where false {%- endmacro %}

{% macro duckdb__as_of_differences(model, table_macro) -%}
    {#- Sums of hashes of all rows: half the cost of comparing them one by one. -#}
    {%- set sums = "select count(*) as n, bit_xor(hash(one)) as exclusive, sum(hash(one)) as total" -%}
    {%- set answer = model.schema ~ "." ~ table_macro ~ "(" ~ as_of_date() ~ ")" %}
    select asked.n as asked_rows, held.n as held_rows, asked.total as asked_total, held.total as held_total
    from ({{ sums }} from {{ answer }} as one) as asked
    cross join ({{ sums }} from {{ model }} as one) as held
    where asked is distinct from held
{%- endmacro %}
