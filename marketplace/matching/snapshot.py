"""The engine on disk: written once, mapped into the memory of every process that opens it."""


class DamagedSnapshot(Exception):
    """A snapshot that cannot be used: incomplete, changed, or of another version. Build anew."""
