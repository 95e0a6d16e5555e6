{#- What a printed factor means. Value rules, sections 2 and 3: 增加 N 倍 leaves the base out, 增加到 N 倍 and 为…的 N 倍
    include it, 翻 n 番 is twofold n times; per cent and per cent points are told apart. -#}
{% macro ratio_claims() -%}
    {{ return("('MULTIPLE_OF', 'INCREASED_BY_TIMES', 'INCREASED_TO_TIMES', 'DOUBLED_N', 'PCT_CHANGE')") }}
{%- endmacro %}

{#- Times the base, at one end of the factor; a difference in points, a share or a rank stays what it is. -#}
{% macro expected_factor(factor, end) -%}
    case
        claim_type
        when 'INCREASED_BY_TIMES'
        then cast(1 + {{ factor }} as decimal(38, 9))
        when 'DOUBLED_N'
        then {{ round_double("power(cast(2 as double), cast(" ~ factor ~ " as double))", end) }}
        when 'PCT_CHANGE'
        then {{ quotient("100 + " ~ factor, "100", end) }}
        else cast({{ factor }} as decimal(38, 9))
    end
{%- endmacro %}

{#- What the level makes of a factor or of a recorded base: level ÷ other, or their difference in points; null where it
    makes nothing. Columns <other>, <other>_low and <other>_high; `end` as in rounding.sql. -#}
{% macro level_against(other, end) -%}
    {%- set level, other = {
        "down": ("level_lower_bound", other ~ "_high"),
        "up": ("level_upper_bound", other ~ "_low"),
        "half_up": ("level", other),
    }[end] -%}
    case
        when claim_type = 'PP_CHANGE'
        then cast({{ level }} - {{ other }} as decimal(38, 9))
        when claim_type in {{ ratio_claims() }} and is_ratio_scale and {{ other }} > 0
        then {{ quotient(level, other, end) }}
    end
{%- endmacro %}

{#- Whether every value of the interval `found` lies in `expected`; a missing end is unbounded. -#}
{% macro found_inside() -%}
    (
        expected_low is null
        or found_low > expected_low
        or (found_low = expected_low and (expected_low_closed or not found_low_closed))
    )
    and (
        expected_high is null
        or found_high < expected_high
        or (found_high = expected_high and (expected_high_closed or not found_high_closed))
    )
{%- endmacro %}

{% macro found_apart() -%}
    found_high < expected_low
    or (found_high = expected_low and not (found_high_closed and expected_low_closed))
    or found_low > expected_high
    or (found_low = expected_high and not (found_low_closed and expected_high_closed))
{%- endmacro %}

{#- Why a claim cannot be tested, or why its base is not known; null where nothing is missing. -#}
{% macro claim_reason() -%}
    nullif(
        concat_ws(
            '; ',
            case when claim_type = 'RANK' then '位次须知其余各方 a rank needs the figures of the others' end,
            case
                when expected_low is null and expected_high is null then '措辞无区间 the wording has no interval'
            end,
            case
                when claim_type in {{ ratio_claims() }} or claim_type = 'PP_CHANGE'
                then
                    case
                        when level_observation_id is null
                        then '无同期数值,推不出基数 no figure of its own period, hence no implied base'
                        when claim_type in {{ ratio_claims() }} and not is_ratio_scale
                        then '未必皆为正数,推不出基数 not known to be positive: no implied base'
                        when implied_base_low is null or implied_base_high is null
                        then '一端无界,基数亦无界 an end is unbounded, and so is the base'
                        when implied_base is null
                        then '原文未给单一数值 no single number is printed'
                    end
            end,
            case
                when claim_type in {{ ratio_claims() }} or claim_type = 'PP_CHANGE'
                then
                    case
                        when comparison = 'OTHER'
                        then '与另一对象比,不是与另一时期比 compared with another thing, not with another time'
                        when base_end is null
                        then '基期未注日期,不与任何有日期之数相比 the base has no date and is matched with no dated figure'
                        when compared_observation_id is null
                        then '基期无同口径数值 no figure of the base period in its series'
                    end
                when claim_type = 'SHARE' and compared_observation_id is null
                then '同期无此占比的数值 no figure of this share for its period'
            end
        ),
        ''
    )
{%- endmacro %}
