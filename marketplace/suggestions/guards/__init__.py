"""Conditional writes that must win a race."""
