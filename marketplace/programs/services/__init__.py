"""Writes of the room, by subject."""
