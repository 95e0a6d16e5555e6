"""Reads the gates of `expectations/`, evaluates them on a finished file and shows what came of each."""
