"""Tools of those who work on the code; the service does not need them."""
