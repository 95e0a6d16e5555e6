{{ pairs_of(ref("int_current_vintage"), ref("stg_breaks")) }}
