"""Writes that must win a race, or lose it whole."""
