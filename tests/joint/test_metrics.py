"""Each figure against what can be counted on one's fingers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.quality import metrics
from retrieval.quality.protocols import evaluate
from retrieval.quality.ranking import rankings
from retrieval.quality.truth import Truth, library_neighbours, own_neighbours, part_of
from tests.joint.conftest import planted

YES_NO_YES = np.array([True, False, True, False])


def test_ranked_figures_by_hand() -> None:
    assert metrics.precision(YES_NO_YES, 2) == 0.5
    assert metrics.precision(YES_NO_YES, 10) == 0.2  # ten were asked for
    assert metrics.recall(YES_NO_YES, 2, 4) == 0.25
    assert metrics.hit(YES_NO_YES[1:], 1) == 0
    assert metrics.hit(YES_NO_YES[1:], 2) == 1
    assert metrics.reciprocal_rank(YES_NO_YES[1:], 10) == 0.5
    assert metrics.reciprocal_rank(np.zeros(3, np.bool_), 3) == 0
    assert metrics.average_precision(YES_NO_YES, 4, 2) == pytest.approx((1 + 2 / 3) / 2)
    assert metrics.average_precision(YES_NO_YES, 4, 3) == pytest.approx((1 + 2 / 3) / 3)
    assert metrics.ndcg(YES_NO_YES, 4, 2) == pytest.approx((1 + 1 / 2) / (1 + 1 / math.log2(3)))
    assert metrics.recall(YES_NO_YES, 2, 0) == metrics.ndcg(YES_NO_YES, 2, 0) == 0


@given(st.lists(st.booleans(), min_size=1, max_size=30), st.integers(1, 30), st.integers(0, 10))
def test_figures_stay_between_0_and_1_and_are_1_for_the_best_order(bits: list[bool], k: int, unseen: int) -> None:
    relevant, total = np.array(bits), sum(bits) + unseen
    for value in (
        metrics.precision(relevant, k),
        metrics.recall(relevant, k, total),
        metrics.ndcg(relevant, k, total),
        metrics.average_precision(relevant, k, total),
    ):
        assert 0 <= value <= 1 + 1e-12
    best = np.ones(max(total, 1), np.bool_)
    if total:
        assert metrics.ndcg(best, k, total) == pytest.approx(1)
        assert metrics.average_precision(best, k, total) == pytest.approx(1)


@given(st.lists(st.booleans(), min_size=2, max_size=20), st.integers(1, 20))
def test_moving_a_relevant_song_forward_never_hurts(bits: list[bool], k: int) -> None:
    relevant, total = np.array(bits), max(1, sum(bits))
    for place in range(1, len(bits)):
        if relevant[place] and not relevant[place - 1]:
            better = relevant.copy()
            better[[place - 1, place]] = True, False
            for figure in (metrics.ndcg, metrics.average_precision):
                assert figure(better, k, total) >= figure(relevant, k, total) - 1e-12


def test_majority_goes_to_the_nearer_of_equals() -> None:
    assert metrics.majority(["rock", "pop", "pop", "rock"]) == "rock"
    assert metrics.majority(["rock", "pop", "pop"]) == "pop"


def test_hubness_is_0_when_even_and_grows_with_a_hub() -> None:
    even = np.array([[1], [2], [3], [0]])
    assert metrics.hubness(even, 4) == 0
    hub = np.array([[3], [3], [3], [0]])
    assert metrics.hubness(hub, 4) > 0.5


def test_strict_recall_is_1_for_the_same_0_for_the_farthest_and_chance_for_ties() -> None:
    points = np.eye(5, dtype=np.float32)
    assert metrics.strict_recall(points, points, 1) == 1
    assert metrics.strict_recall(points, np.roll(points, 1, axis=0), 1) == 0
    assert metrics.strict_recall(points, np.zeros((5, 5), np.float32), 1) == 0
    assert metrics.strict_recall(points, np.zeros((5, 5), np.float32), 3) == 1
    assert metrics.strict_recall(points, points, 1, np.zeros(5, np.bool_)) == 0


def test_rankings_leave_out_the_query_and_songs_without_a_vector_and_break_ties_by_row() -> None:
    vectors = np.array([[0.0], [1.0], [-1.0], [9.0], [0.0]], np.float32)
    present = np.array([True, True, True, False, True])
    row, order, distances = next(rankings(vectors, np.array([0]), present))
    assert row == 0
    assert order.tolist() == [4, 1, 2]
    assert distances.tolist() == pytest.approx([0, 1, 1], abs=1e-9)


def toy() -> tuple[np.ndarray, Truth]:
    """Five songs on a line; the first two by one artist."""
    vectors = np.array([[0.0], [1.0], [3.0], [6.0], [10.0]], np.float32)
    own = {"audio": np.array([[1, 2], [0, 2], [1, 0], [2, 4], [3, -1]])}
    positives = [frozenset({1, 2}), frozenset({4}), frozenset({3}), frozenset(), frozenset({3})]
    genres = [("rock", "pop"), ("rock",), ("pop",), (), ("rock",)]
    return vectors, Truth(["a", "a", "b", "c", "d"], genres, positives, own)


def test_clean_figures_by_hand() -> None:
    vectors, truth = toy()
    figures = evaluate(vectors, truth)
    assert figures["P@10"] == pytest.approx(np.mean([2, 1, 1, 1]) / 10)  # song 3 has no positives
    assert figures["R@10"] == figures["R@50"] == 1
    assert figures["Rprec"] == pytest.approx(np.mean([1, 0, 0, 1]))  # song 2's nearest is song 1
    assert figures["artist@10"] == 1  # both songs of artist a find each other
    assert figures["genreX@10"] == pytest.approx(np.mean([2 / 3, 1 / 3, 1 / 4, 2 / 4]))
    assert figures["kNN"] == pytest.approx(np.mean([1, 1, 0, 1]))
    assert figures["own@50/audio"] == figures["worst@50"] == 1


def test_the_published_protocol_counts_the_query_as_a_miss_and_divides_by_what_was_found() -> None:
    vectors, truth = toy()
    figures = evaluate(vectors, truth, protocol="published")
    assert figures["P@10"] == pytest.approx(np.mean([2, 1, 1, 0, 1]) / 10)
    assert figures["R@10"] == pytest.approx(np.mean([1, 1, 1, 0, 1]))
    assert figures["hit@10"] == pytest.approx(4 / 5)
    assert figures["MRR@10"] == pytest.approx(np.mean([1 / 2, 1 / 5, 1 / 4, 0, 1 / 2]))
    assert "R@50" not in figures


def test_a_space_that_lacks_songs_is_measured_on_those_it_has() -> None:
    vectors, truth = toy()
    present = np.array([True, True, False, False, False])
    figures = evaluate(vectors, truth, present=present)
    assert figures["P@10"] == pytest.approx(np.mean([1, 0]) / 10)
    assert figures["artist@10"] == 1


def test_bad_questions_are_refused() -> None:
    vectors, truth = toy()
    with pytest.raises(ValueError, match="protocol"):
        evaluate(vectors, truth, protocol="kind")
    with pytest.raises(ValueError, match="vectors"):
        evaluate(vectors[:3], truth)
    with pytest.raises(ValueError, match="own positive"):
        Truth(["a"], [()], [frozenset({0})], {})
    with pytest.raises(ValueError, match="equal length"):
        Truth(["a"], [], [frozenset()], {})


def test_positives_of_a_library_that_has_none_are_the_nearest_of_each_modality() -> None:
    evidence = planted()
    truth = Truth.of(evidence, {}, {})
    own = own_neighbours(evidence)
    assert truth.positives[0] == {int(row) for m in own for row in own[m][0] if row >= 0}
    assert (own["text"][~evidence.present["text"]] == -1).all()
    assert truth.artists[0] == evidence.ids[0]  # unknown artists are all different


def test_a_part_of_the_truth_knows_nothing_of_the_rest() -> None:
    evidence = planted()
    truth, rows = Truth.of(evidence, {}, {}), np.arange(0, 96, 2)
    part = part_of(truth, evidence, rows)
    assert len(part) == 48
    assert all(max(found, default=0) < 48 for found in part.positives)
    kept = evidence.subset(rows)
    assert np.array_equal(part.own["audio"], library_neighbours(kept, kept, "audio"))
