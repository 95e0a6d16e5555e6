{#- What a printed factor means. Value rules, sections 2 and 3: 增加 N 倍 leaves the base out, 增加到 N 倍 and 为…的 N 倍
    include it, 翻 n 番 is twofold n times; per cent and percentage points are told apart. -#}
{% macro ratio_claims() -%}
    {{ return("('MULTIPLE_OF', 'INCREASED_BY_TIMES', 'INCREASED_TO_TIMES', 'DOUBLED_N', 'PCT_CHANGE')") }}
{%- endmacro %}

{#- A number of a token on the scale of the claim's factor: shares and growth in percentage points, multiples in times.
    Levels and targets have no claim_type and stay as printed. -#}
{% macro on_claim_scale(number) -%}
    case
        when claim_type in ('SHARE', 'PCT_CHANGE') and form = 'FRACTION'
        then cast(100 * cast({{ number }} as decimal(27, 9)) as decimal(38, 9))
        when
            claim_type in ('MULTIPLE_OF', 'INCREASED_BY_TIMES', 'INCREASED_TO_TIMES')
            and substring(noun, 1, 1) = '%'
        then cast(cast({{ number }} as decimal(27, 9)) * cast(0.01 as decimal(3, 2)) as decimal(38, 9))
        else {{ number }}
    end
{%- endmacro %}

{#- The one number that a token states, signed; null for a range, an order and a vague word. -#}
{% macro value_of_token() -%}
    case
        when value_qualifier in ('RANGE', 'ORDER', 'VAGUE')
        then null
        when form = 'FRACTION'
        then sign * {{ quotient("numerator", "denominator", "half_up") }}
        else sign * v
    end
{%- endmacro %}

{#- Times the base, at one end of the factor; a difference in points, a share or a rank stays what it is. -#}
{% macro expected_factor(factor, end) -%}
    case
        claim_type
        when 'INCREASED_BY_TIMES'
        then cast(1 + {{ factor }} as decimal(38, 9))
        when 'DOUBLED_N'
        then {{ round_double(exact_power_of_two("cast(" ~ factor ~ " as double)"), end) }}
        when 'PCT_CHANGE'
        then {{ quotient("100 + " ~ factor, "100", end) }}
        else cast({{ factor }} as decimal(38, 9))
    end
{%- endmacro %}

{#- What the level makes of a factor or of a recorded base: level ÷ other, in per cent of a whole, or their difference
    in points; null where it makes nothing. Columns <other>, <other>_low and <other>_high; `end` as in rounding.sql. -#}
{% macro level_against(other, end) -%}
    {%- set level, other = {
        "down": ("level_low", other ~ "_high"),
        "up": ("level_high", other ~ "_low"),
        "half_up": ("level", other),
    }[end] -%}
    case
        when claim_type = 'PP_CHANGE'
        then cast({{ level }} - {{ other }} as decimal(38, 9))
        when claim_type in {{ ratio_claims() }} and is_ratio_scale and {{ other }} > 0
        then {{ quotient(level, other, end) }}
        when claim_type = 'SHARE' and is_ratio_scale and {{ other }} > 0
        then {{ quotient("100 * cast(" ~ level ~ " as decimal(27, 9))", other, end) }}
    end
{%- endmacro %}

{#- The base, or the whole, that the printed factor implies; of a fraction from its two sides: of 1/6 six times the level,
    not the level by 0.166666667. What would leave the digits of the exact product goes by the factor itself. -#}
{% macro exact_base() -%}
    {%- set scale = "case when claim_type = 'SHARE' then 100 else 1 end" -%}
    {%- set product -%}
        cast(level as decimal(26, 9)) * cast(factor_denominator * {{ scale }} as decimal(9, 0))
    {%- endset -%}
    case
        when
            factor_denominator > 1
            and claim_type in ('MULTIPLE_OF', 'INCREASED_TO_TIMES', 'SHARE')
            and is_ratio_scale
            and factor_numerator > 0
            and factor_denominator < 1000000
            and factor_denominator = floor(factor_denominator)
            and cast(level as double) * cast(factor_denominator as double) < 1e15
        then {{ quotient(product, "factor_numerator", "half_up") }}
        else {{ level_against("expected", "half_up") }}
    end
{%- endmacro %}

{#- The line of a locator, without the number of the occurrence in it. -#}
{% macro line_of(locator) -%} split_part({{ locator }}, '#', 1) {%- endmacro %}

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

{#- Why a claim cannot be tested or is not decided, or why its base is not known; null where nothing is missing. -#}
{% macro claim_reason() -%}
    {%- set of_base = "claim_test = 'BASE'" -%}
    {%- set of_ratio = "claim_type in " ~ ratio_claims() -%}
    {%- set has_level = "level_observation_id is not null" -%}
    {%- set no_compared = "compared_observation_id is null" -%}
    {{
        reason_codes(
            {
                "WORDING_WITHOUT_INTERVAL": "expected_low is null and expected_high is null",
                "LEVEL_OF_OTHER_PERIOD": "is_level_of_other_period",
                "NO_FIGURE_OF_ITS_PERIOD": "claim_test in ('BASE', 'WHOLE', 'PLAN', 'RANKING') "
                ~ "and level_observation_id is null and not is_level_of_other_period",
                "PRICE_BASIS_DIFFERS": "is_other_price",
                "NOT_POSITIVE": has_level
                ~ " and ("
                ~ of_ratio
                ~ " or claim_test in ('WHOLE', 'PLAN')) and not is_ratio_scale",
                "END_UNBOUNDED": has_level
                ~ " and not is_other_price and claim_test <> 'RANKING' and (is_ratio_scale or claim_type = 'PP_CHANGE') "
                ~ "and (implied_base_low is null or implied_base_high is null)",
                "NO_SINGLE_NUMBER": has_level
                ~ " and claim_test <> 'RANKING' and implied_base_low is not null and implied_base_high is not null "
                ~ "and implied_base is null",
                "COMPARED_WITH_OTHER_THING": of_base ~ " and comparison = 'OTHER'",
                "BASE_UNDATED": of_base ~ " and comparison <> 'OTHER' and base_end is null",
                "SERIES_BROKEN": "is_broken",
                "ESTIMATE_ONLY": "is_estimate",
                "NO_FIGURE_OF_BASE_PERIOD": of_base
                ~ " and comparison <> 'OTHER' and base_end is not null and not is_broken and not is_estimate and not is_other_price and "
                ~ no_compared,
                "DEFINITION_DIFFERS": "is_other_definition",
                "START_NOT_STATED": "is_of_unknown_start and compared_observation_id is not null",
                "WHOLE_NOT_STATED": "claim_test is null",
                "NO_FIGURE_OF_THE_WHOLE": "claim_test = 'WHOLE' and level_observation_id is not null and not is_estimate and not is_other_price and "
                ~ no_compared,
                "PLAN_WITHOUT_NUMBER": "claim_test = 'PLAN' and is_plan_there and not is_plan_a_number",
                "PLAN_OF_OTHER_PERIOD": "claim_test = 'PLAN' and is_plan_a_number and level_observation_id is not null "
                ~ "and not is_estimate and not is_other_price and compared_commitment_id is null",
                "NO_FIGURE_OF_THE_SHARE": "claim_test = 'SHARE' and not is_told_by_itself and not is_estimate and "
                ~ no_compared,
                "OWN_WITNESS": "is_told_by_itself or is_own_witness",
                "SHARE_TOLD_ELSEWHERE": "claim_test = 'SHARE' and compared_observation_id is not null",
                "REVISED_SINCE": "verdict = 'REFUTED' and is_revised_since",
                "GROUP_NOT_STATED": "claim_test = 'RANKING' and whole_ref_area is null",
                "MEMBERS_NOT_KNOWN": "claim_test = 'RANKING' and whole_ref_area is not null and n_members is null",
                "NOT_A_MEMBER": "not is_member",
                "MEMBER_WITHOUT_FIGURE": "is_member and level_observation_id is not null and n_with_figure < n_members",
            }
        )
    }}
{%- endmacro %}
