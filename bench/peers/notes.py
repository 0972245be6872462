"""What is to be said of the peers beside their figures."""

from bench.peers import PEERS, make_peer
from bench.peers.base import NotHere


def constraining() -> list[str]:
    """How each peer meets a constraint."""
    return [f"{name} {constrains}" for name, constrains, _ in _known() if constrains]


def noted() -> list[str]:
    """The setting of each peer."""
    return [f"{name}: {note}." for name, _, note in _known() if note]


def _known() -> list[tuple[str, str, str]]:
    found = []
    for name in PEERS:
        try:
            peer = make_peer(name)
        except NotHere:
            continue
        found.append((name, peer.constrains, peer.note))
    return found
