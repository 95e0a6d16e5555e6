{{ figures_of(ref("int_observation"), "is_current_vintage") }}
