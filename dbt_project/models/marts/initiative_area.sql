{{ split_rows(ref("stg_initiatives"), "initiative_id", "areas", "ref_area") }}
