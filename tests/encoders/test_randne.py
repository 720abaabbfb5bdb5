"""RandNE: the formula, and that a song that comes or goes moves no other without need."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.randne import RandNEEncoder, adjacency, combine, embed, place, project

WORLDS = st.dictionaries(
    st.integers(0, 30).map("song:{}".format),
    st.dictionaries(st.integers(0, 8).map("artist:{}".format), st.floats(0.1, 5), max_size=4),
    min_size=2,
    max_size=20,
).map(lambda songs: list(songs.items()))


def two_scenes(songs: int = 40) -> list[tuple[str, dict[str, float]]]:
    """Songs of two scenes that share no artist and no genre."""
    return [(f"song:{i}", {f"artist:{i % 2}/{i % 5}": 1.0, f"genre:{i % 2}": 1.0}) for i in range(songs)]


def test_iterates_follow_the_papers_recurrence():
    edges, names = adjacency(two_scenes())
    dense = edges.toarray()
    transitions = dense / dense.sum(axis=1, keepdims=True)
    iterates = project(edges, names, dim=64, order=3, seed=2)
    for before, after in pairwise(iterates):
        np.testing.assert_allclose(after, transitions @ before, atol=1e-5)
    weights = (1.0, 0.3, 0.2, 0.1)
    expected = sum(w * u for w, u in zip(weights, iterates, strict=True))
    np.testing.assert_allclose(combine(iterates, weights), expected, atol=1e-5)
    np.testing.assert_allclose(embed(edges, names, dim=64, weights=weights, seed=2), expected, atol=1e-5)


def test_random_rows_are_nearly_orthonormal():
    edges, names = adjacency([(f"song:{i}", {"artist": 1.0}) for i in range(300)])
    rows = project(edges, names, dim=1024, order=0)[0]
    products = rows @ rows.T
    np.testing.assert_allclose(np.diag(products), 1, atol=1e-5)
    assert np.abs(products - np.eye(len(rows))).max() < 0.25


def test_songs_of_one_scene_are_neighbours():
    vectors = RandNEEncoder().encode(two_scenes())
    distances = np.linalg.norm(vectors[:, None] - vectors, axis=2) + np.diag(np.full(40, np.inf))
    assert all((np.argsort(row)[:10] % 2 == i % 2).all() for i, row in enumerate(distances))


@settings(max_examples=50, deadline=None)
@given(WORLDS, st.randoms())
def test_the_order_of_nodes_does_not_matter(nodes, random):
    shuffled = random.sample(nodes, len(nodes))
    one = dict(zip((name for name, _ in nodes), RandNEEncoder().encode(nodes), strict=True))
    other = dict(zip((name for name, _ in shuffled), RandNEEncoder().encode(shuffled), strict=True))
    for name in one:
        np.testing.assert_allclose(one[name], other[name], atol=1e-5)


@settings(max_examples=50, deadline=None)
@given(WORLDS)
def test_what_is_added_elsewhere_moves_nothing(nodes):
    stranger = ("song:stranger", {"artist:stranger": 1.0})
    np.testing.assert_allclose(
        RandNEEncoder().encode([*nodes, stranger])[:-1], RandNEEncoder().encode(nodes), atol=1e-6
    )


@settings(max_examples=50, deadline=None)
@given(WORLDS)
def test_a_node_placed_later_has_the_exact_first_iterate(nodes):
    (name, ties), others = nodes[0], nodes[1:]
    edges, names = adjacency(others)
    rows = {known: row for row, known in enumerate(names)}
    known = {tie: weight for tie, weight in ties.items() if tie in rows}
    placed = place(
        name, {rows[tie]: weight for tie, weight in known.items()}, project(edges, names, order=1), weights=(0, 1)
    )
    anew = embed(*adjacency([*others, (name, known)]), weights=(0, 1))[len(others)]
    np.testing.assert_allclose(placed, anew, atol=1e-5)


def test_a_song_placed_later_lies_in_its_scene():
    nodes = two_scenes()
    edges, names = adjacency(nodes[1:])
    iterates, rows = project(edges, names), {name: row for row, name in enumerate(names)}
    vector = place("song:0", {rows[tie]: weight for tie, weight in nodes[0][1].items()}, iterates)
    own = RandNEEncoder().encode(nodes)[0]
    others = combine(iterates)[: len(nodes) - 1]
    nearest = np.argsort(np.linalg.norm(others - vector, axis=1))[:10]
    assert {int(nodes[1 + row][0].removeprefix("song:")) % 2 for row in nearest} == {0}
    assert vector @ own / np.linalg.norm(vector) / np.linalg.norm(own) > 0.9


def test_heavier_edges_pull_more():
    light, heavy, artist = RandNEEncoder().encode(
        [("song:1", {"a": 1.0, "b": 1.0}), ("song:2", {"a": 9.0, "b": 1.0}), ("song:3", {"a": 1.0})]
    )
    assert np.linalg.norm(heavy - artist) < np.linalg.norm(light - artist)


def test_another_seed_is_another_projection():
    edges, names = adjacency(two_scenes())
    assert np.abs(embed(edges, names, seed=1) - embed(edges, names, seed=2)).max() > 0.01


def test_an_edge_named_by_both_ends_counts_once():
    both, names = adjacency([("a", {"b": 2.0}), ("b", {"a": 3.0})])
    assert names == ["a", "b"]
    np.testing.assert_array_equal(both.toarray(), [[0, 3], [3, 0]])


def test_nodes_without_edges_keep_their_own_rows():
    vectors = RandNEEncoder().encode([("x", {}), ("y", {})])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    iterates = project(*adjacency([("y", {})]))
    np.testing.assert_allclose(place("x", {}, iterates), vectors[0], atol=1e-6)


def test_bad_graphs_are_refused():
    with pytest.raises(ValueError, match="twice"):
        adjacency([("a", {"b": 1.0}), ("a", {})])
    edges, names = adjacency([("a", {"b": 1.0})])
    with pytest.raises(ValueError, match="different names"):
        embed(edges, names[:1])
    with pytest.raises(ValueError, match="different names"):
        embed(edges, ["a", "a"])
    for weight in (-1.0, float("nan")):
        with pytest.raises(ValueError, match="finite and not negative"):
            embed(*adjacency([("a", {"b": 1.0}), ("c", {"d": weight})]))


@pytest.mark.parametrize("ties", [{5: 1.0}, {-1: 1.0}, {0: 0.0}, {0: float("nan")}])
def test_bad_ties_are_refused(ties):
    with pytest.raises(ValueError, match="ties of new"):
        place("new", ties, project(*adjacency([("a", {"b": 1.0})])))
