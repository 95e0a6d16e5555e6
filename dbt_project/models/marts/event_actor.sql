{{ split_rows(ref("stg_events"), "event_id", "actors", "actor") }}
