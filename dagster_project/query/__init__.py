"""`tongcheng sql`: one reading statement of somebody else, asked safely and shown plainly."""
