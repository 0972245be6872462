"""One application per database, and a fresh copy of a migrated, fact-filled database per test."""

import os
import shutil
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

import flask_migrate
from flask import Flask
from sqlalchemy import event

from marketplace.app import create_app
from marketplace.home.cli import fill_facts
from marketplace.infra.config import Settings
from marketplace.infra.db import db
from tests.support import postgres


class Backend(ABC):
    """`app` serves one database, which `renew` replaces by a copy of the template."""

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
            event.listen(db.engine, "connect", self.set_up)
            flask_migrate.upgrade()
            fill_facts()
        self.release()

    def release(self) -> None:
        """Close every connection, so that the database may be replaced."""
        with self.app.app_context():
            db.engine.dispose()

    def set_up(self, connection: Any, _record: object) -> None:
        """Give a new connection what only tests may have."""

    @abstractmethod
    def renew(self) -> None: ...


class Sqlite(Backend):
    name = "sqlite"

    def __init__(self, folder: Path) -> None:
        self.place, self.template = folder / "test.sqlite3", folder / "template.sqlite3"
        super().__init__(folder, f"sqlite:///{self.place}")
        shutil.copyfile(self.place, self.template)

    def set_up(self, connection: Any, _record: object) -> None:
        # Nobody keeps these rows: no commit waits for the disk (nor does it on the PostgreSQL of
        # the tests). A process that is killed loses nothing by it, only a power cut would.
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
        self.database = f"tg_test_{os.getpid()}"
        postgres.execute(server, f'CREATE DATABASE "{self.database}"')
        super().__init__(folder, postgres.with_database(server, self.database))
        postgres.execute(
            server, f'ALTER DATABASE "{self.database}" RENAME TO "{self.database}_template"'
        )

    def renew(self) -> None:
        self.drop()
        postgres.execute(
            self.server, f'CREATE DATABASE "{self.database}" TEMPLATE "{self.database}_template"'
        )

    def drop(self, suffix: str = "") -> None:
        self.release()
        postgres.execute(
            self.server, f'DROP DATABASE IF EXISTS "{self.database}{suffix}" WITH (FORCE)'
        )
