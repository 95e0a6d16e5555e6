{{ changes_of(ref("int_pair")) }}
