with
    figures as (select * from {{ ref("int_figure") }}),

    -- Narrow decimals keep the product with a number exact within 38 digits.
    lexicon as (
        select
            hedge_id,
            lower_basis as lower_rule,
            upper_basis as upper_rule,
            cast(step_multiple as decimal(9, 4)) as step_multiple,
            cast(pct_of_value * 0.01 as decimal(9, 6)) as share_of_value,
            min_step,
            order_low,
            order_high
        from {{ ref("stg_hedge_terms") }}
    ),

    -- The digits of a fraction end before nine places do: its two sides stand in for v at the two ends.
    with_rule_id as (
        select
            *,
            coalesce(hedge_id, {{ unhedged_rule() }}) as bound_rule,
            case
                when form = 'FRACTION' then {{ quotient("numerator", "denominator", "down") }} else v
            end as v_floor,
            case
                when form = 'FRACTION' then {{ quotient("numerator", "denominator", "up") }} else v
            end as v_ceiling
        from figures
    ),

    with_rule as (
        select
            with_rule_id.*,
            lexicon.step_multiple,
            lexicon.share_of_value,
            lexicon.min_step,
            lexicon.order_low,
            lexicon.order_high,
            lexicon.lower_rule,
            lexicon.upper_rule
        from with_rule_id
        left join lexicon on lexicon.hedge_id = with_rule_id.bound_rule
    ),

    with_exact_step as (
        select
            *,
            {{ bound_step("v", "u", "d") }} as exact_step,
            {{ bound_step("v_to", "u_to", "d_to") }} as exact_step_to
        from with_rule
    ),

    with_step as (
        select
            *,
            {{ round_outward("exact_step", "up") }} as step,
            {{ round_outward("exact_step_to", "up") }} as step_to
        from with_exact_step
    ),

    -- A wording without numbers has no interval, nor has a token that nothing explains.
    with_unsigned as (
        select
            *,
            coalesce(lower_rule, 'NONE') <> 'NONE' as has_interval,
            {{ stated_lower() }} as low,
            {{ stated_upper() }} as high,
            {{ stated_lower_closed() }} as low_closed,
            {{ stated_upper_closed() }} as high_closed
        from with_step
    ),

    -- A fall is negative, and its ends change places.
    with_signed as (
        select
            *,
            case when sign < 0 then - high else low end as signed_low,
            case when sign < 0 then - low else high end as signed_high,
            case when sign < 0 then high_closed else low_closed end as signed_low_closed,
            case when sign < 0 then low_closed else high_closed end as signed_high_closed
        from with_unsigned
    ),

    with_limits as (
        select
            *,
            has_interval
            and least_value is not null
            and (signed_low is null or signed_low < least_value) as at_least,
            has_interval
            and greatest_value is not null
            and (signed_high is null or signed_high > greatest_value) as at_greatest
        from with_signed
    ),

    with_bounds as (
        select
            *,
            case when at_least then least_value when has_interval then signed_low end as lower_bound,
            case when at_greatest then greatest_value when has_interval then signed_high end as upper_bound,
            {{ end_basis("lower") }} as lower_basis,
            {{ end_basis("upper") }} as upper_basis
        from with_limits
    ),

    with_closed as (
        select
            *,
            case when lower_bound is not null then at_least or signed_low_closed end as lower_closed,
            case when upper_bound is not null then at_greatest or signed_high_closed end as upper_closed
        from with_bounds
    ),

    -- The second reading: ends that we presume are left open, as far as the quantity can go.
    with_stated as (
        select
            *,
            case when lower_basis = 'PRESUMED' then least_value else lower_bound end as stated_lower_bound,
            case
                when lower_basis <> 'PRESUMED' then lower_closed when least_value is not null then true
            end as stated_lower_closed,
            case when upper_basis = 'PRESUMED' then greatest_value else upper_bound end as stated_upper_bound,
            case
                when upper_basis <> 'PRESUMED' then upper_closed when greatest_value is not null then true
            end as stated_upper_closed
        from with_closed
    )

select
    figure_type,
    figure_id,
    value_text,
    stated_value,
    form,
    sign,
    numerator,
    denominator,
    value_qualifier,
    bound_rule,
    lower_bound,
    lower_closed,
    upper_bound,
    upper_closed,
    lower_basis,
    upper_basis,
    {{ weaker_basis("lower_basis", "upper_basis") }} as bound_basis,
    stated_lower_bound,
    stated_lower_closed,
    stated_upper_bound,
    stated_upper_closed,
    given_qualifier,
    given_lower_bound,
    given_lower_closed,
    given_upper_bound,
    given_upper_closed
from with_stated
