"""Size classes: the bounds of PP 7/2021, each of them still inside its class."""

import pytest

from marketplace.core.size_class import SizeClass, size_class

BILLION = 10**9


@pytest.mark.parametrize(
    ("sales", "expected"),
    [
        (0, SizeClass.MICRO),
        (2 * BILLION, SizeClass.MICRO),
        (2 * BILLION + 1, SizeClass.SMALL),
        (15 * BILLION, SizeClass.SMALL),
        (15 * BILLION + 1, SizeClass.MEDIUM),
        (50 * BILLION, SizeClass.MEDIUM),
        (50 * BILLION + 1, SizeClass.LARGE),
    ],
)
def test_yearly_sales_decide_the_class(sales: int, expected: SizeClass) -> None:
    assert size_class(sales) is expected


@pytest.mark.parametrize(
    ("capital", "expected"),
    [
        (1 * BILLION, SizeClass.MICRO),
        (5 * BILLION, SizeClass.SMALL),
        (10 * BILLION, SizeClass.MEDIUM),
        (10 * BILLION + 1, SizeClass.LARGE),
    ],
)
def test_capital_decides_for_a_new_firm(capital: int, expected: SizeClass) -> None:
    assert size_class(None, capital=capital) is expected


def test_sales_count_before_capital_and_nothing_known_is_no_class() -> None:
    assert size_class(1, capital=100 * BILLION) is SizeClass.MICRO
    assert size_class(None) is None
