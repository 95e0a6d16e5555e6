"""`tongcheng sql`: one read-only statement of an untrusted user, run safely and shown plainly."""
