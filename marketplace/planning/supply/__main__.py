"""Compile the network simplex for this machine: `python -m marketplace.planning.supply`."""

from marketplace.planning.supply import Need, Pairing, Producer, SupplyTask, plan_supply

if __name__ == "__main__":
    pairings = [Pairing("a", "x", 1)]
    plan_supply(SupplyTask([Producer("a", (1,))], [Need("x", (2,))], pairings))
