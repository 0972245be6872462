"""A small world of Bangka goods for the engine's tests."""

from datetime import date

import pytest

from marketplace.matching import Category, HeldPaper, Leg, World

TODAY = date(2026, 11, 23)


def papers(
    *kinds: str, verified: bool = True, valid_to: date | None = None
) -> tuple[HeldPaper, ...]:
    return tuple(HeldPaper(kind, verified, valid_to) for kind in kinds)


def zone_of(region: str) -> str:
    province = region.partition(".")[0]
    if province in {"31", "36"}:
        return "jabodetabek"
    return "sumatera" if province in {"16", "19"} else "other" if region else ""


def leg(origin: str, destination: str) -> Leg | None:
    if origin == destination:
        return Leg(1_000, 1, 2)
    return Leg(5_000, 4, 7, estimated=destination.startswith("31"))


CATEGORIES = {
    category.code: category
    for category in (
        Category("camilan", "", "Camilan", "food"),
        Category("kemplang", "camilan", "Kemplang", "food"),
        Category("getas", "camilan", "Getas", "food"),
        Category("beku", "", "Makanan beku", "food"),
        Category("otak-otak", "beku", "Otak-otak beku", "food", is_animal=True, needs_md=True),
        Category("laut", "", "Hasil laut", "food"),
        Category("bakso", "laut", "Bakso ikan", "food", is_animal=True),
        Category("minuman", "", "Minuman", "drink"),
        Category("sirup", "minuman", "Sirup", "drink", needs_md=True),
        Category("kerajinan", "", "Kerajinan", "craft"),
        Category("batik", "kerajinan", "Batik cual", "craft"),
    )
}


@pytest.fixture(scope="session")
def world() -> World:
    return World(TODAY, CATEGORIES, leg, zone_of)
