"""Hashed names for our own static files, so that a browser may keep each of them for a year.

`css/app.css` is served as `/static/css/app.1a2b3c4d.css`; a changed file has a changed name.
Third-party files live under `vendor/` and may be missing on a machine without node: templates ask
`has()` first and every page works without them.
"""

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

# A year is the longest a cache is expected to keep anything (RFC 9111 practice).
IMMUTABLE = "public, max-age=31536000, immutable"
# The plain name stays reachable (favicons, manifests, links in old mails), but is asked for again.
REVALIDATE = "public, max-age=300"

_HASH_LENGTH = 8
# Pictures are packed already; text shrinks to a third.
_WORTH = 0.9
_HASHED = re.compile(rf"^(?P<stem>.+)\.(?P<hash>[0-9a-f]{{{_HASH_LENGTH}}})(?P<suffix>\.[^./]+)$")


@dataclass(frozen=True, slots=True)
class Assets:
    """The static files found at start.

    `hashes`: relative path, with `/` -> first 8 hex digits of sha256. `packed`: the gzip body of
    each file where packing pays; made once, so that no request spends time on it.
    """

    hashes: Mapping[str, str]
    packed: Mapping[str, bytes]
    prefix: str = "/static/"

    @classmethod
    def scan(cls, folder: Path, prefix: str = "/static/") -> "Assets":
        """Read every file below `folder` once; a missing folder gives no assets and no error."""
        hashes: dict[str, str] = {}
        packed: dict[str, bytes] = {}
        if folder.is_dir():
            for path in sorted(folder.rglob("*")):
                relative = path.relative_to(folder)
                if path.is_file() and not any(part.startswith(".") for part in relative.parts):
                    body = path.read_bytes()
                    name = relative.as_posix()
                    hashes[name] = hashlib.sha256(body).hexdigest()[:_HASH_LENGTH]
                    # A fixed time stamp: the same file packs to the same bytes in every process.
                    small = gzip.compress(body, 9, mtime=0)
                    if len(small) < len(body) * _WORTH:
                        packed[name] = small
        return cls(hashes, packed, prefix)

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

    @staticmethod
    def content_type(path: str) -> str:
        """The media type of a file by its name."""
        return mimetypes.guess_type(path)[0] or "application/octet-stream"

    def template_globals(self) -> dict[str, Callable[[str], object]]:
        """What templates and macros need in `app.jinja_env.globals`."""
        return {"asset_url": self.url, "has_asset": self.has}
