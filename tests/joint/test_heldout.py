"""Held-out artists: nothing of them is seen before they are placed."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.joint.evidence import Evidence
from retrieval.joint.fit import fit
from retrieval.joint.model import JointModel
from retrieval.quality.heldout import cross_modal, deal_folds, held_out, nested
from retrieval.quality.truth import Truth
from tests.joint.conftest import QUICK, SONGS


@pytest.fixture(scope="module")
def truth(library: Evidence, circle: list[str]) -> Truth:
    """Artists of three songs, all within one circle; the circle is the genre."""
    artists = {song: f"{circle[row]}-{row // 24}" for row, song in enumerate(library.ids)}
    return Truth.of(library, artists, {song: [circle[row]] for row, song in enumerate(library.ids)})


@given(st.lists(st.integers(0, 12), min_size=1, max_size=80), st.integers(2, 6), st.integers(0, 3))
def test_folds_keep_artists_together_and_even(groups: list[int], folds: int, seed: int) -> None:
    names = [str(group) for group in groups]
    fold = deal_folds(names, folds, seed)
    assert len({(name, number) for name, number in zip(names, fold, strict=True)}) == len(set(names))
    sizes = np.bincount(fold, minlength=folds)
    assert sizes.max() - sizes.min() <= max(Counter(names).values())
    assert np.array_equal(fold, deal_folds(names, folds, seed))


class Spy:
    """Fits as usual and remembers which songs it was shown, and with what vectors."""

    def __init__(self) -> None:
        self.shown: list[Evidence] = []

    def __call__(self, library: Evidence) -> JointModel:
        self.shown.append(library)
        return fit(library, QUICK)


def test_a_fit_sees_nothing_of_the_held_out_artists(library: Evidence, truth: Truth) -> None:
    spy = Spy()
    held_out(library, truth, spy, folds=4)
    fold = deal_folds(truth.artists, 4)
    for number, shown in enumerate(spy.shown):
        assert set(shown.ids) == {library.ids[row] for row in np.flatnonzero(fold != number)}


def test_vectors_of_held_out_songs_change_nothing_but_their_own_place(library: Evidence, truth: Truth) -> None:
    """Spoil the held-out songs of one fold: that fold's fitted vectors stay bit for bit the same."""
    fold = deal_folds(truth.artists, 4)
    spoiled = {m: vectors.copy() for m, vectors in library.vectors.items()}
    for modality in spoiled:
        spoiled[modality][fold == 0] = 1e3
    clean_spy, spoiled_spy = Spy(), Spy()
    held_out(library, truth, clean_spy, folds=4)
    held_out(Evidence(library.ids, spoiled, library.present), truth, spoiled_spy, folds=4)
    assert clean_spy.shown[0].digest() == spoiled_spy.shown[0].digest()
    assert clean_spy.shown[1].digest() != spoiled_spy.shown[1].digest()


def test_settings_are_chosen_without_the_held_out_songs(library: Evidence, truth: Truth) -> None:
    spy = Spy()
    _, chosen = nested(library, truth, {"only": spy}, folds=4)
    assert chosen == ["only"] * 4
    fold = deal_folds(truth.artists, 4)
    per_fold = len(spy.shown) // 4  # inner fits, then the outer one
    for number in range(4):
        held = {library.ids[row] for row in np.flatnonzero(fold == number)}
        for shown in spy.shown[number * per_fold : (number + 1) * per_fold]:
            assert held.isdisjoint(shown.ids)


def test_the_better_candidate_is_chosen(library: Evidence, truth: Truth) -> None:
    def blind(shown: Evidence) -> JointModel:
        model = fit(shown, QUICK)
        noise = np.random.default_rng(0).standard_normal(model.vectors.shape).astype(np.float32)
        noise /= np.linalg.norm(noise, axis=1, keepdims=True)
        return replace(model, vectors=noise)

    _, chosen = nested(library, truth, {"blind": blind, "sighted": Spy()}, folds=3)
    assert chosen == ["sighted"] * 3


def test_unseen_songs_find_their_own_and_fall_to_chance_when_evidence_is_shuffled(
    library: Evidence, truth: Truth
) -> None:
    right = held_out(library, truth, Spy(), folds=4)
    rng = np.random.default_rng(0)
    shuffled = {m: vectors[rng.permutation(SONGS)] for m, vectors in library.vectors.items()}
    everywhere = {m: np.ones(SONGS, np.bool_) for m in shuffled}
    wrong = held_out(Evidence(library.ids, shuffled, everywhere), truth, Spy(), folds=4)
    assert right["genreX@10"] > 0.7
    assert wrong["genreX@10"] < 0.25  # chance is 1 in 8, less the artist's own
    for modality in ("audio", "graph", "text"):
        chance = 10 / (SONGS / 4)
        assert right[f"cross/{modality}"] > chance
        assert abs(wrong[f"cross/{modality}"] - chance) < 0.15


def test_cross_modal_targets_never_hold_the_query(library: Evidence) -> None:
    """Spoiling the query's modality in the songs changes the queries, not one target."""
    model = fit(library.subset(range(80)), QUICK)
    songs = library.subset(range(80, SONGS))
    targets: list[np.ndarray] = []

    class Watched(JointModel):
        def bridge_many(self, songs: Evidence) -> np.ndarray:
            targets.append(super().bridge_many(songs))
            return targets[-1]

    watched = Watched(**vars(model))
    cross_modal(watched, songs)
    vectors = dict(songs.vectors) | {"graph": songs.vectors["graph"][::-1].copy()}
    cross_modal(watched, Evidence(songs.ids, vectors, songs.present))
    asked = songs.modalities.index("graph")
    assert np.array_equal(targets[asked], targets[len(songs.modalities) + asked])
    assert not np.array_equal(targets[0], targets[len(songs.modalities)])
