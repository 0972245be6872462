"""Writes of the register: find double entries, answer them, join and part them."""
