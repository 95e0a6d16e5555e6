"""Checks the seeds against the documents themselves, by a reading of its own."""
