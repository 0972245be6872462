"""How long something lasts, as lists of this trade write it."""

import pytest

from marketplace.core.errors import InvalidInput
from marketplace.core.sheet_kinds import days_of


@pytest.mark.parametrize(
    ("cell", "days"),
    [
        (120, 120),
        (120.0, 120),
        ("120", 120),
        ("120 hari", 120),
        ("120hr", 120),
        ("2 minggu", 14),
        ("6 Bulan", 180),
        ("6 bln.", 180),
        ("1 tahun", 365),
    ],
)
def test_days_are_said_in_days_weeks_months_and_years(cell: str | float, days: int) -> None:
    assert days_of(cell, max=3650) == days


@pytest.mark.parametrize("cell", ["lama", "6 purnama", "bulan", "100 tahun", "0 hari", "1,5 bulan"])
def test_what_is_no_number_of_days_is_refused(cell: str) -> None:
    with pytest.raises(InvalidInput):
        days_of(cell, max=3650, min=1)
