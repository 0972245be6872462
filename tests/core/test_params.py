"""Message parameters survive being stored as evidence."""

import json
from datetime import UTC, date, datetime

import pytest

from marketplace.core.params import (
    Count,
    Days,
    Money,
    PaperKind,
    Percent,
    Phrase,
    Region,
    UnitPrice,
    from_json,
    to_json,
)


def test_every_kind_of_parameter_comes_back_from_json_as_it_was() -> None:
    params = {
        "price": Money(15_000),
        "asked": UnitPrice(120_000, "bungkus", "250 g"),
        "shelf": Days(14),
        "share": Percent(30),
        "volume": Count(200, "karton"),
        "where": Region("19.71"),
        "missing": (PaperKind("md"), PaperKind("halal")),
        "choices": (Phrase("Chilled"), Phrase("%(n)s more", {"n": Count(2)})),
        "until": date(2028, 12, 31),
        "name": "Kemplang",
        "found": 12,
        "sure": 0.5,
        "known": True,
        "none": None,
    }
    assert from_json(json.loads(json.dumps(to_json(params)))) == params


def test_what_could_not_be_read_back_is_not_stored() -> None:
    for value in (object(), {"a": 1}, datetime(2026, 1, 1, tzinfo=UTC)):
        with pytest.raises(TypeError):
            to_json({"odd": value})


def test_parameters_print_readably_where_no_locale_is_at_hand() -> None:
    words = [str(each) for each in (Money(15_000), Days(3), Percent(9), Count(2, "kg"), Count(2))]
    assert words == ["Rp15.000", "3", "9%", "2 kg", "2"]
    prices = UnitPrice(15_000, "kg"), UnitPrice(15_000, "bungkus", "250 g"), UnitPrice(15_000)
    assert list(map(str, prices)) == [
        "Rp15.000 per kg",
        "Rp15.000 per bungkus 250 g",
        "Rp15.000",
    ]
    assert [str(Region("19")), str(PaperKind("nib"))] == ["19", "nib"]
