"""Writes of the room: what an officer accepts from another system."""
