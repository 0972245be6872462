"""Figures of the office's work, every one of them counted from rows."""
