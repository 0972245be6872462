"""A PostgreSQL server for the tests: a given one, else a throw-away one in a temporary folder."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

INITDB_OPTIONS = ("-U", "tests", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
NO_SERVER = "no PostgreSQL server binary here (Debian: apt-get install postgresql)"


def find_binaries() -> Path | None:
    """The folder with `initdb` and `pg_ctl`: Debian keeps them off the PATH."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    on_path = shutil.which("initdb")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    return next((one for one in folders if (one / "pg_ctl").exists()), None)


def _unprivileged() -> list[str]:
    # The server refuses to run as root; "nobody" owns nothing else.
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv"):
        return ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
    return ["runuser", "-u", "nobody", "--"]


@contextmanager
def running_server() -> Iterator[str]:
    """The URL of a server's maintenance database; the server is gone afterwards.

    TEST_DATABASE_URL names a server to use instead; its user must be allowed to create databases.
    Raises LookupError where there is neither.
    """
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    binaries = find_binaries()
    if binaries is None:
        raise LookupError(NO_SERVER)
    # A short path: a socket's name may not exceed 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="tgpg"))
    folder.chmod(0o755)
    place = folder / "data"
    place.mkdir()
    if os.geteuid() == 0:
        shutil.chown(place, "nobody", "nogroup")
    run = _unprivileged()
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "cwd": "/"}
    options = (
        f"-k {place} -c listen_addresses='' -c fsync=off -c full_page_writes=off"
        " -c synchronous_commit=off -c max_connections=60"
    )
    try:
        subprocess.run(
            [*run, str(binaries / "initdb"), "-D", str(place / "db"), *INITDB_OPTIONS],
            **quiet,
        )
        ctl = [*run, str(binaries / "pg_ctl"), "-D", str(place / "db"), "-s"]
        log = ["-l", str(place / "log")]
        subprocess.run([*ctl, "-w", "-o", options, *log, "start"], **quiet)
        try:
            yield f"postgresql://tests@/postgres?host={place}"
        finally:
            subprocess.run([*ctl, "-m", "immediate", "stop"], **quiet)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def with_database(url: str, name: str) -> str:
    """The same server, another database."""
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def execute(url: str, statement: str) -> None:
    """Run one statement outside any transaction (CREATE DATABASE needs that)."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload]
