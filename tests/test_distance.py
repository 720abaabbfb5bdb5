"""Laws of distance, cosine and closeness."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from retrieval.distance import closeness, cosine, rounding_bound, squared_l2, stretched_closeness

VECTOR = arrays(np.float32, 12, elements=st.floats(-1e6, 1e6, width=32))


@given(a=VECTOR, b=VECTOR)
def test_distance_is_symmetric_and_zero_only_for_equals(a: np.ndarray, b: np.ndarray) -> None:
    there, back = squared_l2(a, b[None])[0], squared_l2(b, a[None])[0]
    assert there == back >= 0
    assert (there == 0) == np.array_equal(a, b)


@given(a=VECTOR, b=VECTOR)
def test_distance_is_exact_to_the_last_digits(a: np.ndarray, b: np.ndarray) -> None:
    exact = math.fsum((float(x) - float(y)) ** 2 for x, y in zip(a, b, strict=True))
    assert squared_l2(a, b[None])[0] == pytest.approx(exact, rel=1e-14)


@given(a=VECTOR, rows=st.lists(VECTOR, min_size=1, max_size=9))
def test_distance_does_not_depend_on_the_company(a: np.ndarray, rows: list[np.ndarray]) -> None:
    together = squared_l2(a, np.stack(rows))
    assert together.tolist() == [squared_l2(a, row[None])[0] for row in rows]


@given(a=VECTOR, b=VECTOR)
def test_float32_never_errs_by_more_than_the_bound(a: np.ndarray, b: np.ndarray) -> None:
    exact, single = squared_l2(a, b[None])[0], np.float32(0)
    for x, y in zip(a, b, strict=True):
        single += (x - y) * (x - y)
    assert abs(float(single) - exact) <= rounding_bound(len(a)) * exact + len(a) * 2.0**-125


@given(a=VECTOR, b=VECTOR)
def test_cosine_is_bounded_symmetric_and_one_with_itself(a: np.ndarray, b: np.ndarray) -> None:
    value = cosine(a, b)
    assert value == cosine(b, a)
    assert (value is None) == (not a.any() or not b.any())
    if value is not None:
        assert -1 <= value <= 1
        assert cosine(a, a) == pytest.approx(1)


@given(others=st.integers(1, 5000), data=st.data())
def test_closeness_falls_with_the_number_within(others: int, data: st.DataObject) -> None:
    near, far = sorted(data.draw(st.lists(st.integers(1, others), min_size=2, max_size=2)))
    assert 1 > closeness(others, near) >= closeness(others, far) >= 0
    assert closeness(others, 0) == 1
    assert closeness(others, others) == 0


@given(others=st.integers(3, 100_000))
def test_the_stretched_closeness_is_one_half_and_nothing_at_its_marks(others: int) -> None:
    assert stretched_closeness(others, 1) == 1
    assert stretched_closeness(others, others) == pytest.approx(0, abs=1e-9)
    if others % 2:
        assert stretched_closeness(others, (others + 1) // 2) == pytest.approx(0.5)


@pytest.mark.parametrize("others", [2, 3, 10, 821])
def test_the_stretched_closeness_falls_with_every_rank(others: int) -> None:
    values = [stretched_closeness(others, rank) for rank in range(1, others + 1)]
    assert all(a > b for a, b in pairwise(values))
    assert all(0 <= value <= 1 for value in values)


@pytest.mark.parametrize("others", [0, 1])
def test_nobody_else_means_nearest(others: int) -> None:
    assert stretched_closeness(others, 1) == 1
    assert closeness(0, 0) == 0
