"""Bazaars, expos and trainings: the office's other work, in the same records."""
