with
    observations as (select * from {{ ref("stg_observations") }}),
    claims as (select * from {{ ref("stg_claims") }}),
    commitments as (select * from {{ ref("stg_commitments") }}),
    indicators as (select * from {{ ref("stg_indicators") }}),
    units as (select * from {{ ref("stg_units") }}),
    tokens as (select * from {{ ref("stg_token") }}),

    observation_figures as (
        select
            'OBSERVATION' as figure_type,
            observation_id as figure_id,
            indicator_id,
            unit_measure,
            value_text,
            obs_value as typed_value,
            value_qualifier as given_qualifier,
            lower_bound as given_lower_bound,
            lower_closed as given_lower_closed,
            upper_bound as given_upper_bound,
            upper_closed as given_upper_closed
        from observations
    ),

    commitment_figures as (
        select
            'COMMITMENT' as figure_type,
            {{ commitment_version_id() }} as figure_id,
            indicator_id,
            unit_measure,
            value_text,
            target_value as typed_value,
            value_qualifier as given_qualifier,
            lower_bound as given_lower_bound,
            lower_closed as given_lower_closed,
            upper_bound as given_upper_bound,
            upper_closed as given_upper_closed
        from commitments
        where value_text is not null
    ),

    levels as (
        select *
        from observation_figures
        union all
        select *
        from commitment_figures
    ),

    -- An indicator's limits are in its own unit; zero is zero in every unit of a dimension.
    limited_levels as (
        select
            levels.*,
            cast(null as {{ dbt.type_string() }}) as claim_type,
            false as is_of_printed_whole,
            units.unit_type as declared_unit_type,
            levels.figure_type = 'COMMITMENT' as is_nominal,
            case
                when indicators.unit_measure = levels.unit_measure or indicators.min_value = 0
                then indicators.min_value
            end as least_value,
            case
                when indicators.unit_measure = levels.unit_measure then indicators.max_value
            end as greatest_value
        from levels
        left join indicators on indicators.indicator_id = levels.indicator_id
        left join units on units.unit_measure = levels.unit_measure
    ),

    -- A claim's limits are those of its factor, not of the indicator it is about: a rank and a number of
    -- doublings are whole, a share is at most the whole, growth has no ceiling, nor has what is done of a
    -- plan.
    limited_claims as (
        select
            'CLAIM' as figure_type,
            claim_id as figure_id,
            indicator_id,
            cast(null as {{ dbt.type_string() }}) as unit_measure,
            value_text,
            factor as typed_value,
            value_qualifier as given_qualifier,
            lower_bound as given_lower_bound,
            lower_closed as given_lower_closed,
            upper_bound as given_upper_bound,
            upper_closed as given_upper_closed,
            claim_type,
            claim_type = 'SHARE' and observation_id is not null as is_of_printed_whole,
            case
                when claim_type in ('RANK', 'DOUBLED_N') then 'COUNTED' else 'MEASURED'
            end as declared_unit_type,
            false as is_nominal,
            cast(
                case
                    claim_type when 'RANK' then 1 when 'SHARE' then 0 when 'MULTIPLE_OF' then 0
                end as decimal(38, 9)
            ) as least_value,
            cast(
                case when claim_type = 'SHARE' and whole_commitment_id is null then 100 end as decimal(38, 9)
            ) as greatest_value
        from claims
    ),

    figures as (
        select *
        from limited_levels
        union all
        select *
        from limited_claims
    ),

    with_token as (
        select
            figures.*,
            tokens.hedge_id,
            tokens.value_qualifier,
            tokens.form,
            tokens.noun,
            tokens.sign,
            tokens.v as printed_v,
            tokens.u as printed_u,
            tokens.d as printed_d,
            tokens.v_to as printed_v_to,
            tokens.u_to as printed_u_to,
            tokens.d_to as printed_d_to,
            tokens.numerator as printed_numerator,
            tokens.denominator
        from figures
        left join tokens on tokens.value_text = figures.value_text
    ),

    -- One scale per column: a quarter as a share is 25, half (50 %) as a multiple is 0.5. The last digit of a
    -- fraction is one of its denominator, whatever the scale.
    on_scale as (
        select
            *,
            {{ on_claim_scale("printed_v") }} as v,
            {{ on_claim_scale("printed_u") }} as u,
            case when form = 'FRACTION' then printed_d else {{ on_claim_scale("printed_d") }} end as d,
            {{ on_claim_scale("printed_v_to") }} as v_to,
            {{ on_claim_scale("printed_u_to") }} as u_to,
            {{ on_claim_scale("printed_d_to") }} as d_to,
            {{ on_claim_scale("printed_numerator") }} as numerator
        from with_token
    ),

    -- A factor that nobody typed is the one that its token states.
    with_value as (
        select
            *,
            case
                when typed_value is null and figure_type = 'CLAIM'
                then {{ value_of_token() }}
                else typed_value
            end as stated_value
        from on_scale
    ),

    -- All of a printed number is exactly 100 %.
    with_type as (
        select
            *,
            case
                when is_of_printed_whole and stated_value = 100 then 'COUNTED' else declared_unit_type
            end as unit_type
        from with_value
    )

select *
from with_type
