"""Loads the seeds into schema raw: the bytes of a file, the cells of a row, then the rows together."""
