"""Writes of the questions room, by subject."""
