"""What stands between a producer and an outlet, and what would open it."""
