"""What the suggestions room does, by subject."""
