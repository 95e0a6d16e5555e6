{{ split_rows(ref("int_event"), "event_id", "areas", "ref_area") }}
