"""Writes of deals: recording, signing, capacity, orders and money, notices."""
