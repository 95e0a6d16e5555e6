{{ split_rows(ref("int_event"), "event_id", "actors", "actor") }}
