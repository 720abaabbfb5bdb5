"""What an index refuses before faiss sees it: faiss would assert, cast or answer -1 without a word."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from fairouz_site.registry import registry
from retrieval.index.base import MAX_K, Index, InvalidVectors

pytestmark = pytest.mark.parametrize("key", registry("index").keys())

IDS, VECTORS = np.array([4, 8]), np.array([[0.0, 1.0], [2.0, 3.0]])


def index_of(key: str) -> Index:
    index = type(registry("index").get(key))()
    index.build(IDS, VECTORS)
    return index


BAD_VECTORS = {
    "NaN": ([[0.0, np.nan]], "finite"),
    "infinity": ([[np.inf, 0.0]], "finite"),
    "too large for float32": ([[1e39, 0.0]], "finite"),
    "another dimension": ([[0.0, 1.0, 2.0]], "have 3 dimensions; this space has 2"),
    "one axis": ([0.0, 1.0], r"matrix \(n, dimension\)"),
    "three axes": ([[[0.0, 1.0]]], "matrix"),
    "texts": ([["a", "b"]], "must be numbers, not <U1"),
    "objects": (np.array([[None, None]]), "must be numbers, not object"),
    "complex": ([[1j, 0]], "must be numbers, not complex128"),
    "truth values": ([[True, False]], "must be numbers, not bool"),
}
BAD_IDS = {
    "twice the same": ([1, 1], "occurs twice"),
    "fractions": ([1.0, 2.5], "whole numbers"),
    "negative": ([-1, 2], "negative|not be"),
    "too large": (np.array([2**63, 1], dtype=np.uint64), "Ids must"),
    "two axes": ([[1], [2]], "one-dimensional"),
    "texts": (["1", "2"], "whole numbers"),
    "too few": ([1], "1 ids for 2 vectors"),
}


@pytest.mark.parametrize(("vectors", "sentence"), BAD_VECTORS.values(), ids=BAD_VECTORS)
def test_bad_vectors_are_refused_and_change_nothing(key: str, vectors: list, sentence: str) -> None:
    index = index_of(key)
    calls: list[Callable[[], object]] = [
        lambda: index.add(np.array([9]), np.array(vectors)),
        lambda: index.search(np.array(vectors), 1),
    ]
    for call in calls:
        with pytest.raises(InvalidVectors, match=sentence):
            call()
    assert index.ids().tolist() == [4, 8]


@pytest.mark.parametrize(("ids", "sentence"), BAD_IDS.values(), ids=BAD_IDS)
def test_bad_ids_are_refused_and_change_nothing(key: str, ids: list, sentence: str) -> None:
    index = index_of(key)
    for write in (index.add, index.build):
        with pytest.raises(InvalidVectors, match=sentence):
            write(np.array(ids), VECTORS)
    assert index.ids().tolist() == [4, 8]


@pytest.mark.parametrize("k", [0, -1, MAX_K + 1, 10**9, 2**70, 1.5, 1.0, "3", None, True, np.float64(2), [1]])
def test_a_bad_k_is_refused(key: str, k: object) -> None:
    with pytest.raises(InvalidVectors, match=f"k must be a whole number from 1 to {MAX_K}"):
        index_of(key).search(VECTORS, k)  # type: ignore[arg-type]


@pytest.mark.parametrize("k", [2, 3, 1000, MAX_K, np.int32(5)])
def test_more_than_there_are_gives_all_there_are(key: str, k: int) -> None:
    (found,) = index_of(key).search(VECTORS[:1], k)
    assert found.ids.tolist() == [4, 8]
    assert found.distances.tolist() == [0.0, 8.0]


@pytest.mark.parametrize("allow", [[], [5], [-1], [10**12]])
def test_nothing_allowed_finds_nothing(key: str, allow: list[int]) -> None:
    (found,) = index_of(key).search(VECTORS[:1], 5, allow=np.array(allow, dtype=np.int64))
    assert len(found) == 0


def test_unknown_and_repeated_ids_in_a_filter_do_no_harm(key: str) -> None:
    (found,) = index_of(key).search(VECTORS[:1], 5, allow=np.array([8, 8, 5, -1]))
    assert found.ids.tolist() == [8]


def test_any_layout_and_kind_of_number_is_taken(key: str) -> None:
    index = index_of(key)
    odd = np.asfortranarray(np.array([[0, 9, 0], [1, 9, 1]]).T)[::2]
    (found, _) = index.search(odd, 1)
    assert found.ids.tolist() == [4]


@pytest.mark.parametrize("vectors", [np.empty((0, 7), np.float32), np.empty((0, 2))])
def test_an_index_of_nothing_finds_nothing_and_takes_its_first_vector(key: str, vectors: np.ndarray) -> None:
    index = type(registry("index").get(key))()
    index.build(np.empty(0, dtype=np.int64), vectors)
    query = np.zeros((1, vectors.shape[1]))
    assert (len(index), len(index.search(query, 3)[0])) == (0, 0)
    assert len(index.search(query, 3, allow=np.array([1]))[0]) == 0
    index.add(np.array([6]), query)
    assert index.search(query, 3)[0].ids.tolist() == [6]


def test_an_index_that_was_never_built_says_so(key: str) -> None:
    index = type(registry("index").get(key))()
    for call in (lambda: len(index), lambda: index.search(VECTORS, 1), lambda: index.add(IDS, VECTORS), index.ids):
        with pytest.raises(InvalidVectors, match="build or load it first"):
            call()


def test_vectors_without_columns_are_refused(key: str) -> None:
    index = type(registry("index").get(key))()
    with pytest.raises(InvalidVectors, match="matrix"):
        index.build(IDS, np.empty((2, 0)))


def test_a_matrix_given_away_can_change_without_changing_the_index(key: str) -> None:
    vectors = VECTORS.astype(np.float32)
    index = type(registry("index").get(key))()
    index.build(IDS, vectors)
    index.add(np.array([9]), vectors[:1])
    vectors[:] = 77
    assert index.vectors(np.array([4, 9]))[1].tolist() == [[0.0, 1.0], [0.0, 1.0]]
