"""What is handed out or shown of bazaars and expos, by subject."""
