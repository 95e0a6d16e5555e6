{{ split_rows(ref("stg_events"), "event_id", "areas", "ref_area") }}
