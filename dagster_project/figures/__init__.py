"""A printed figure: what it says, where it stands in a line, and the interval that it allows."""
