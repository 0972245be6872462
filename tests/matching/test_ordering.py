"""Numbers put in order by counting stand as they would if they were sorted."""

import numpy as np
import pytest

from marketplace.matching.kernels.ordering import highest_first, how_many_above


@pytest.mark.parametrize("count", [0, 1, 3, 4, 15, 16, 17, 150, 512, 513, 700])
@pytest.mark.parametrize("different", [2, 20, 1_000_000])
def test_the_highest_come_first_and_equal_ones_stay_as_they_lie(count: int, different: int) -> None:
    values = np.random.default_rng(count).integers(-different, different, count) / 7
    found = highest_first(values)
    assert found.tolist() == sorted(range(count), key=lambda place: -values[place])


@pytest.mark.parametrize("values", [0, 1, 16, 151])
@pytest.mark.parametrize("bounds", [0, 1, 5, 270])
def test_how_many_are_above_each_bound_is_counted(values: int, bounds: int) -> None:
    random = np.random.default_rng(values + bounds)
    numbers, asked = random.integers(-9, 9, values) / 3, random.integers(-9, 9, bounds) / 3
    found = how_many_above(numbers, asked)
    assert found.tolist() == [int((numbers > bound).sum()) for bound in asked]
