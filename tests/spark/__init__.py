"""What needs a Spark cluster: not part of `make test`, whose users have none."""
