"""What analysts read: versions that appear by one rename, and what changed since the previous one."""
