"""Writes of the learning room: what decisions teach, and what the office makes of it."""
