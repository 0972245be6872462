"""Micro, small, medium or large: computed from stored figures, never typed."""

from enum import StrEnum


class SizeClass(StrEnum):
    MICRO = "micro"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


BASIS = "PP 7/2021 art. 35"
_BILLION = 10**9
# Upper bounds in rupiah, themselves still inside the class.
MOST_YEARLY_SALES = {
    SizeClass.MICRO: 2 * _BILLION,
    SizeClass.SMALL: 15 * _BILLION,
    SizeClass.MEDIUM: 50 * _BILLION,
}
MOST_CAPITAL = {
    SizeClass.MICRO: 1 * _BILLION,
    SizeClass.SMALL: 5 * _BILLION,
    SizeClass.MEDIUM: 10 * _BILLION,
}


def size_class(yearly_sales: int | None, *, capital: int | None = None) -> SizeClass | None:
    """The class by yearly sales in rupiah; for a new firm without sales yet, by its capital.

    `capital` is without land and building for the business. None when neither is known.
    """
    if yearly_sales is not None:
        return _class_of(yearly_sales, MOST_YEARLY_SALES)
    if capital is not None:
        return _class_of(capital, MOST_CAPITAL)
    return None


def _class_of(amount: int, bounds: dict[SizeClass, int]) -> SizeClass:
    for size, most in bounds.items():
        if amount <= most:
            return size
    return SizeClass.LARGE
