"""Settings, read once from the environment (see docs/settings.md)."""

import secrets
import tempfile
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parents[2]


class Settings(BaseSettings):
    """Everything an operator may set; the defaults run on one machine without any of them."""

    model_config = SettingsConfigDict(extra="ignore")

    data_dir: Path = ROOT / "var"
    database_url: str = ""
    public_url: str = ""
    secret_key: str = ""
    trusted_hosts: str = "localhost,127.0.0.1,[::1]"
    office_name: str = "Dinas Koperasi dan UKM Provinsi Kepulauan Bangka Belitung"
    office_contact: str = ""
    listen_on: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65_535)
    proxy_hops: int = Field(default=0, ge=0, le=5)
    web_processes: int = Field(default=2, ge=1)
    web_threads: int = Field(default=4, ge=1)
    argon2_time_cost: int = Field(default=3, ge=1)
    argon2_memory_kib: int = Field(default=65_536, ge=8)
    jobs_inline: bool = False
    testing: bool = False

    @property
    def resolved_database_url(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir / 'temu_gerai.sqlite3'}"

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def uploads_dir(self) -> Path:
        return self.data_dir / "uploads"

    @property
    def hosts(self) -> list[str]:
        return [host.strip() for host in self.trusted_hosts.split(",") if host.strip()]

    def resolved_secret_key(self) -> str:
        """The signing key: from the environment, else made once and kept beside the database.

        "" where it can neither be read nor kept: commands on files need none, and `serve` refuses.
        """
        if self.secret_key:
            return self.secret_key
        place = self.data_dir / "secret_key"
        try:
            if not place.exists():
                self.data_dir.mkdir(parents=True, exist_ok=True)
                _keep_once(place, secrets.token_urlsafe(48))
            return place.read_text(encoding="ascii")
        except OSError:
            return ""


def _keep_once(place: Path, text: str) -> None:
    """Put a file there whole; of several who begin at once the first wins."""
    handle, name = tempfile.mkstemp(dir=place.parent)  # readable for its owner alone
    started = Path(name)
    try:
        with open(handle, "w", encoding="ascii") as lines:
            lines.write(text)
        place.hardlink_to(started)
    except FileExistsError:
        pass
    except OSError:  # a disk without links
        started.replace(place)
    finally:
        started.unlink(missing_ok=True)
