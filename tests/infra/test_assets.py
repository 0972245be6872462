"""Static files under hashed names, and the names templates give to icons."""

import gzip
import hashlib
import re
from pathlib import Path

import pytest

from marketplace.infra.assets import IMMUTABLE, REVALIDATE, Assets

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "marketplace" / "static"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "css").mkdir()
    (tmp_path / "css" / "app.css").write_text("body { color: black }")
    (tmp_path / ".hidden").write_text("not for anyone")
    return tmp_path


def test_a_hashed_name_leads_to_the_file_and_may_be_kept_for_a_year(folder: Path) -> None:
    assets = Assets.scan(folder)
    url = assets.url("css/app.css")
    assert re.fullmatch(r"/static/css/app\.[0-9a-f]{8}\.css", url)
    assert assets.resolve(url.removeprefix("/static/")) == ("css/app.css", IMMUTABLE)


def test_a_changed_file_has_a_changed_name(folder: Path) -> None:
    before = Assets.scan(folder).url("css/app.css")
    (folder / "css" / "app.css").write_text("body { color: navy }")
    assert Assets.scan(folder).url("css/app.css") != before


def test_yesterdays_name_gives_todays_file_but_is_not_kept(folder: Path) -> None:
    assert Assets.scan(folder).resolve("css/app.00000000.css") == ("css/app.css", REVALIDATE)


def test_the_plain_name_works_and_is_asked_for_again(folder: Path) -> None:
    assert Assets.scan(folder).resolve("css/app.css") == ("css/app.css", REVALIDATE)


@pytest.mark.parametrize(
    "name", ["css/none.css", "../setup.cfg", ".hidden", "css/../.hidden", "css/app.css.map", ""]
)
def test_what_is_not_an_asset_is_not_found(folder: Path, name: str) -> None:
    assert Assets.scan(folder).resolve(name) is None


def test_text_is_packed_once_and_a_picture_is_left_alone(folder: Path) -> None:
    (folder / "css" / "app.css").write_text("a { color: black } " * 100)
    noise = b"".join(hashlib.sha256(bytes([seed])).digest() for seed in range(16))
    (folder / "photo.webp").write_bytes(noise)
    assets = Assets.scan(folder)
    assert gzip.decompress(assets.packed["css/app.css"]).startswith(b"a { color")
    assert "photo.webp" not in assets.packed
    assert assets.packed == Assets.scan(folder).packed


def test_a_file_of_others_that_is_not_installed_breaks_nothing(folder: Path) -> None:
    assets = Assets.scan(folder)
    assert not assets.has("vendor/htmx.min.js")
    assert assets.url("vendor/htmx.min.js") == "/static/vendor/htmx.min.js"
    assert Assets.scan(folder / "nowhere").hashes == {}


def test_every_icon_a_template_or_the_menu_names_is_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="([a-z]+)"', (STATIC / "icons.svg").read_text()))
    named: set[str] = set()
    for template in (ROOT / "templates").rglob("*.html"):
        text = template.read_text()
        named |= set(re.findall(r"\bicon\('([a-z_]+)'", text))
        named |= set(re.findall(r"\bicon_name='([a-z_]+)'", text))
    menu = ROOT / "marketplace" / "home" / "navigation.py"
    named |= set(re.findall(r'_\("[^"]+"\), "([a-z_]+)"', menu.read_text()))
    assert named - drawn == set()


def test_the_style_sheet_and_the_script_stay_small() -> None:
    css = gzip.compress((STATIC / "css" / "app.css").read_bytes())
    js = gzip.compress((STATIC / "js" / "app.js").read_bytes())
    assert (len(css) < 16_000, len(js) < 6_000) == (True, True)
