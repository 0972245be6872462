"""Inner loops of the planning, compiled once for a machine."""
