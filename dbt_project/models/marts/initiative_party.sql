{{ split_rows(ref("stg_initiatives"), "initiative_id", "parties", "party") }}
