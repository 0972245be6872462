"""What holds for deals: states, places and volumes, conditions, orders and money."""
