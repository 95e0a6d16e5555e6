"""One run of a build: alone, in a fresh folder, alive or not, with a record of every check that it did."""
