"""`tongcheng ui`: the web page, and who stands in front of it."""
