"""The contract of the index seam, for every index that is installed, against a search in plain float64."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairouz_site.registry import registry
from retrieval.index.base import Capability, DamagedIndex, Index

INDEXES = registry("index").keys()
every_index = pytest.mark.parametrize("key", INDEXES)
laws = settings(max_examples=60, deadline=None, derandomize=True)

# few distinct coordinates make ties, the odd ones make float32 round
COORDINATES = st.sampled_from([0.0, 1.0, -1.0, 0.1, 1e-3, 3e4, 1 / 3])
DIMENSION = 3
VECTORS = st.lists(st.tuples(*[COORDINATES] * DIMENSION), min_size=1, max_size=40)


def new(key: str) -> Index:
    return type(registry("index").get(key))()


def built(key: str, vectors, ids=None) -> Index:
    index = new(key)
    matrix = np.array(vectors, dtype=np.float32)
    index.build(np.arange(len(matrix)) * 7 + 3 if ids is None else np.array(ids), matrix)
    return index


def nearest(vectors: dict[int, np.ndarray], query: np.ndarray, k: int) -> list[tuple[int, float]]:
    """The k nearest with every tie at the k-th distance, by distance and id."""
    wide = query.astype(np.float64)
    found = sorted((float(((v.astype(np.float64) - wide) ** 2).sum()), i) for i, v in vectors.items())
    return [(i, d) for d, i in found if d <= found[min(k, len(found)) - 1][0]] if found else []


def answer(index: Index, query: np.ndarray, k: int, allow: np.ndarray | None = None) -> list[tuple[int, float]]:
    (found,) = index.search(query[None], k, allow=allow)
    return list(zip(found.ids.tolist(), found.distances.tolist(), strict=True))


def agree(found: list[tuple[int, float]], expected: list[tuple[int, float]]) -> None:
    assert [i for i, _ in found] == [i for i, _ in expected]
    assert [d for _, d in found] == pytest.approx([d for _, d in expected], rel=1e-12)


def holding(index: Index) -> dict[int, np.ndarray]:
    return dict(zip(*index.vectors(index.ids()), strict=True))


@every_index
@laws
@given(vectors=VECTORS, k=st.integers(1, 50))
def test_search_is_exact_with_all_ties(key: str, vectors: list, k: int) -> None:
    index = built(key, vectors)
    for query in np.array(vectors, dtype=np.float32)[:5]:
        agree(answer(index, query, k), nearest(holding(index), query, k))


@every_index
@laws
@given(vectors=VECTORS, k=st.integers(1, 50), data=st.data())
def test_a_filter_gives_the_nearest_of_those_allowed(key: str, vectors: list, k: int, data: st.DataObject) -> None:
    index = built(key, vectors)
    allow = data.draw(st.lists(st.sampled_from([*index.ids().tolist(), -5, 10**9]), max_size=60))
    query = np.array(vectors[0], dtype=np.float32)
    expected = nearest({i: v for i, v in holding(index).items() if i in allow}, query, k)
    agree(answer(index, query, k, np.array(allow, dtype=np.int64)), expected)


@every_index
@laws
@given(vectors=VECTORS, data=st.data())
def test_adding_and_removing_is_as_building_anew(key: str, vectors: list, data: st.DataObject) -> None:
    index = built(key, vectors)
    expected = holding(index)
    for _ in range(data.draw(st.integers(1, 5))):
        ids = data.draw(st.lists(st.integers(0, 120), min_size=1, max_size=8, unique=True))
        if data.draw(st.booleans()):
            fresh = np.array(data.draw(st.lists(st.tuples(*[COORDINATES] * 3), min_size=len(ids), max_size=len(ids))))
            index.add(np.array(ids), fresh)
            expected |= dict(zip(ids, fresh.astype(np.float32), strict=True))
        else:
            index.remove(np.array(ids))
            expected = {i: v for i, v in expected.items() if i not in ids}
        assert len(index) == len(expected)
        assert index.ids().tolist() == sorted(expected)
    query = np.array(vectors[0], dtype=np.float32)
    agree(answer(index, query, 10), nearest(expected, query, 10))


@every_index
@laws
@given(vectors=VECTORS)
def test_ranks_count_exactly_what_is_nearer_and_within(key: str, vectors: list) -> None:
    index = built(key, vectors)
    if Capability.SCAN not in index.capabilities:
        pytest.skip(f"{key} does not scan")
    query = np.array(vectors[-1], dtype=np.float32)
    distances = np.array([d for _, d in nearest(holding(index), query, len(vectors))])
    below, within = index.ranks(query, distances)
    assert below.tolist() == [np.count_nonzero(distances < d) for d in distances]
    assert within.tolist() == [np.count_nonzero(distances <= d) for d in distances]


@every_index
def test_float32_rounding_does_not_change_the_order(key: str) -> None:
    """All on a sphere around the query: their distances differ by less than a float32 sum of 128 terms can tell."""
    random = np.random.default_rng(1)
    directions = random.standard_normal((2000, 128))
    query = random.standard_normal(128).astype(np.float32)
    index = built(key, query + directions / np.linalg.norm(directions, axis=1, keepdims=True))
    for k in (1, 5, 50, 1990):
        agree(answer(index, query, k), nearest(holding(index), query, k))


@every_index
def test_a_hundred_equal_vectors_all_come_back_in_the_order_of_their_ids(key: str) -> None:
    index = built(key, np.ones((100, 4)))
    assert [i for i, _ in answer(index, np.ones(4, np.float32), 3)] == index.ids().tolist()


@every_index
def test_several_queries_are_answered_in_their_order(key: str) -> None:
    vectors = np.random.default_rng(2).standard_normal((30, 4)).astype(np.float32)
    index = built(key, vectors)
    together = index.search(vectors, 6)
    for query, found in zip(vectors, together, strict=True):
        assert list(zip(found.ids.tolist(), found.distances.tolist(), strict=True)) == answer(index, query, 6)


@every_index
def test_vectors_come_back_bit_for_bit_in_the_asked_order_without_the_unknown(key: str) -> None:
    vectors = np.random.default_rng(3).standard_normal((9, 5)).astype(np.float32)
    index = built(key, vectors, ids=[10, 20, 30, 40, 50, 60, 70, 80, 90])
    index.add(np.array([5]), vectors[:1] + 1)
    ids, found = index.vectors(np.array([90, 7, 5, 10]))
    assert ids.tolist() == [90, 5, 10]
    assert np.array_equal(found, np.stack([vectors[8], vectors[0] + 1, vectors[0]]))


@every_index
def test_ids_need_not_be_sorted_nor_small(key: str) -> None:
    big = 2**62
    index = built(key, [[0.0], [1.0], [2.0]], ids=[big, 5, 17])
    assert [i for i, _ in answer(index, np.array([1.9], np.float32), 3)] == [17, 5, big]


@every_index
def test_saved_and_loaded_is_the_same_also_with_pending_changes(key: str, tmp_path: Path) -> None:
    index = built(key, np.random.default_rng(4).standard_normal((50, 4)))
    index.remove(np.array([3, 10]))
    index.add(np.array([1, 17]), np.ones((2, 4)))
    index.save(tmp_path)
    loaded = new(key)
    loaded.load(tmp_path)
    assert len(loaded) == len(index) == 49
    assert loaded.pending == 0
    assert np.array_equal(loaded.vectors(index.ids())[1], index.vectors(index.ids())[1])
    query = np.ones(4, np.float32)
    assert answer(loaded, query, 20) == answer(index, query, 20)


@every_index
def test_a_loaded_index_takes_changes_and_leaves_its_files_alone(key: str, tmp_path: Path) -> None:
    built(key, np.eye(4)).save(tmp_path)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    loaded = new(key)
    loaded.load(tmp_path)
    loaded.remove(np.array([3]))
    loaded.add(np.array([1000]), np.zeros((1, 4)))
    assert loaded.ids().tolist() == [10, 17, 24, 1000]
    assert loaded.pending == 2
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


@every_index
def test_a_loaded_flat_index_is_mapped_not_copied(key: str, tmp_path: Path) -> None:
    if key != "flat":
        pytest.skip("only the flat index promises it")
    built(key, np.random.default_rng(5).standard_normal((1000, 64))).save(tmp_path)
    loaded = new(key)
    loaded.load(tmp_path)
    ids, _ = loaded.vectors(loaded.ids())
    address = loaded._live.base.__array_interface__["data"][0]
    assert not loaded._live.base.flags.owndata
    assert len(ids) == 1000
    assert any(
        int(span.split("-")[0], 16) <= address < int(span.split("-")[1], 16)
        for span, *_, name in (line.split() for line in Path("/proc/self/maps").read_text().splitlines() if "/" in line)
        if name.startswith(str(tmp_path))
    )


@every_index
def test_files_that_are_no_index_are_refused(key: str, tmp_path: Path) -> None:
    built(key, np.eye(3)).save(tmp_path)
    for file in list(tmp_path.iterdir()):
        whole = file.read_bytes()
        for spoiled in (b"", whole[: len(whole) // 2], bytes(len(whole))):
            file.write_bytes(spoiled)
            with pytest.raises(DamagedIndex):
                new(key).load(tmp_path)
        file.write_bytes(whole)
    new(key).load(tmp_path)
