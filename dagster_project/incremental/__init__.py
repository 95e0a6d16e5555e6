"""A night on which little is new: models are made anew only where seeds changed, the rest is yesterday's."""
