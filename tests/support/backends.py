"""One application per database, and for each test that database migrated, filled with facts and
otherwise empty."""

import os
import shutil
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

import flask_migrate
from flask import Flask
from sqlalchemy import Engine, event

from marketplace.app import create_app
from marketplace.home.cli import fill_facts
from marketplace.infra.config import Settings
from marketplace.infra.db import db
from tests.support import postgres
from tests.support.cleared import Original


class Backend(ABC):
    """`app` serves one database, which `renew` makes like the template again."""

    name: str

    def __init__(self, folder: Path, url: str) -> None:
        settings = Settings(
            data_dir=folder,
            database_url=url,
            secret_key="only for tests",
            public_url="",
            argon2_time_cost=1,
            argon2_memory_kib=8,
            testing=True,
        )
        self.url = url
        self.app: Flask = create_app(settings)
        with self.app.app_context():
            # All rooms together send more statements than an engine keeps compiled.
            db.engine.update_execution_options(compiled_cache={})
            self.prepare(db.engine)
            flask_migrate.upgrade()
            fill_facts()
        self.release()

    def prepare(self, engine: Engine) -> None:  # noqa: B027 (most need nothing)
        """Give the engine what only tests may have."""

    def release(self) -> None:
        """Close every connection, so that the database may be replaced."""
        with self.app.app_context():
            db.engine.dispose()

    @abstractmethod
    def renew(self) -> None: ...


class Sqlite(Backend):
    name = "sqlite"

    def __init__(self, folder: Path) -> None:
        self.place, self.template = folder / "test.sqlite3", folder / "template.sqlite3"
        super().__init__(folder, f"sqlite:///{self.place}")
        shutil.copyfile(self.place, self.template)

    def prepare(self, engine: Engine) -> None:
        # Nobody keeps these rows: no commit waits for the disk (nor does it on the PostgreSQL of
        # the tests). A process that is killed loses nothing by it, only a power cut would.
        @event.listens_for(engine, "connect")
        def hurry(connection: Any, _record: object) -> None:
            connection.execute("PRAGMA synchronous=OFF")

    def renew(self) -> None:
        self.release()
        for suffix in ("-wal", "-shm"):
            self.place.with_name(self.place.name + suffix).unlink(missing_ok=True)
        shutil.copyfile(self.template, self.place)


class Postgres(Backend):
    name = "postgres"

    def __init__(self, folder: Path, server: str) -> None:
        self.server = server
        self.original: Original | None = None
        self.database = f"tg_test_{os.getpid()}"
        postgres.execute(server, f'CREATE DATABASE "{self.database}"')
        super().__init__(folder, postgres.with_database(server, self.database))
        postgres.execute(
            server, f'ALTER DATABASE "{self.database}" RENAME TO "{self.database}_template"'
        )

    def renew(self) -> None:
        self.release()
        if self.original is None or not self.original.bring_back(self.url):
            self.drop()
            postgres.execute(
                self.server,
                f'CREATE DATABASE "{self.database}" TEMPLATE "{self.database}_template"',
            )
            self.original = Original.of(self.url)

    def drop(self, suffix: str = "") -> None:
        self.release()
        postgres.execute(
            self.server, f'DROP DATABASE IF EXISTS "{self.database}{suffix}" WITH (FORCE)'
        )
