{{ figures_of(ref("fct_observation"), "is_current_vintage") }}
