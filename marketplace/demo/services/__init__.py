"""Fill a database with demonstration data, and play what happened in it so far."""
