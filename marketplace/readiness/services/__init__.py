"""What the room does: measure gaps, change rules and remedies, write letters, invite."""
