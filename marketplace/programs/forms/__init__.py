"""Input of the room, by subject."""
