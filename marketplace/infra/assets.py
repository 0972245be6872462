"""Hashed names for our own static files, so that a browser may keep each of them for a year.

`css/app.css` is served as `/static/css/app.1a2b3c4d.css`; a changed file has a changed name.
Third-party files live under `vendor/` and may be missing on a machine without node: templates ask
`has()` first and every page works without them.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

# A year is the longest a cache is expected to keep anything (RFC 9111 practice).
IMMUTABLE = "public, max-age=31536000, immutable"
# The plain name stays reachable (favicons, manifests, links in old mails), but is asked for again.
REVALIDATE = "public, max-age=300"

_HASH_LENGTH = 8
_HASHED = re.compile(rf"^(?P<stem>.+)\.(?P<hash>[0-9a-f]{{{_HASH_LENGTH}}})(?P<suffix>\.[^./]+)$")


@dataclass(frozen=True, slots=True)
class Assets:
    """The static files found at start: relative path, with `/` -> first 8 hex digits of sha256."""

    hashes: Mapping[str, str]
    prefix: str = "/static/"

    @classmethod
    def scan(cls, folder: Path, prefix: str = "/static/") -> "Assets":
        """Read every file below `folder` once; a missing folder gives no assets and no error."""
        hashes: dict[str, str] = {}
        if folder.is_dir():
            for path in sorted(folder.rglob("*")):
                relative = path.relative_to(folder)
                if path.is_file() and not any(part.startswith(".") for part in relative.parts):
                    digest = hashlib.sha256(path.read_bytes()).hexdigest()
                    hashes[relative.as_posix()] = digest[:_HASH_LENGTH]
        return cls(hashes, prefix)

    def has(self, path: str) -> bool:
        """Whether `path` (such as `vendor/htmx.min.js`) is installed."""
        return path in self.hashes

    def url(self, path: str) -> str:
        """The hashed URL of `path`; the plain one for a file that is not there."""
        digest = self.hashes.get(path)
        if digest is None:
            return self.prefix + path
        stem, dot, suffix = path.rpartition(".")
        return f"{self.prefix}{stem}.{digest}{dot}{suffix}" if dot else self.prefix + path

    def resolve(self, requested: str) -> tuple[str, str] | None:
        """The file behind a requested name and the Cache-Control it deserves; None: no such file.

        A page of the release before may still ask for yesterday's hash. It gets today's file, which
        is better than a bare page, but may not keep it under that name.
        """
        if requested in self.hashes:
            return requested, REVALIDATE
        match = _HASHED.match(requested)
        if match is None:
            return None
        path = match["stem"] + match["suffix"]
        if path not in self.hashes:
            return None
        return path, IMMUTABLE if self.hashes[path] == match["hash"] else REVALIDATE

    def template_globals(self) -> dict[str, Callable[[str], object]]:
        """What templates and macros need in `app.jinja_env.globals`."""
        return {"asset_url": self.url, "has_asset": self.has}
