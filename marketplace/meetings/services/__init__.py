"""Writes of temu bisnis."""
