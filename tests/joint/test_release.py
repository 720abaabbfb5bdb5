"""On the published release: the metrics are the known ones, and the space bound here is ahead of the published one."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from retrieval.joint.evidence import Evidence
from retrieval.joint.fit import fit, fit_votes
from retrieval.joint.model import JointModel
from retrieval.joint.settings import Settings
from retrieval.joint.votes import Electorate
from retrieval.quality.heldout import held_out
from retrieval.quality.protocols import evaluate
from retrieval.quality.truth import Truth
from tests.joint.conftest import scattered
from tests.release import Release

# What the published vectors score, measured by others before this code was written.
PUBLISHED = {"P@10": 0.363, "R@50": 0.354, "worst@50": 0.227, "genreX@10": 0.618, "artist@10": 0.532, "kNN": 0.730}
BY_THE_PAPER = {"P@10": 0.338, "MAP@10": 0.415, "nDCG@10": 0.326}
GRAPH = {"P@10": 0.908, "R@50": 0.372, "genreX@10": 0.840, "artist@10": 0.896, "kNN": 0.856}

# What is asked of a space bound here.
ASKED = {"P@10": 0.94, "R@50": 0.88, "worst@50": 0.88, "genreX@10": 0.60, "artist@10": 0.91, "NMI": 0.45}
ASKED_OF_UNSEEN = {"P@10": 0.77, "R@50": 0.67, "genreX@10": 0.64}
ASKED_ACROSS = {"cross/audio": 0.30, "cross/graph": 0.22, "cross/image": 0.28, "cross/text": 0.21}
NOISE = 0.015  # of one run over 822 songs held out in 5 folds; the benchmark takes the mean of several


def in_order(published: Release, name: str, evidence: Evidence) -> np.ndarray:
    space = published.space(name)
    row = {song: place for place, song in enumerate(space.ids)}
    return space.matrix[[row[song] for song in evidence.ids]]


@pytest.fixture(scope="module")
def model(release_evidence: Evidence) -> JointModel:
    return fit(release_evidence)


def test_metrics_agree_with_the_known_figures(
    published: Release, release_evidence: Evidence, release_truth: Truth
) -> None:
    of = partial(in_order, published, evidence=release_evidence)
    joint, graph = evaluate(of("joint"), release_truth), evaluate(of("graph"), release_truth)
    by_the_paper = evaluate(of("joint"), release_truth, protocol="published")
    assert {name: round(joint[name], 3) for name in PUBLISHED} == PUBLISHED
    assert {name: round(graph[name], 3) for name in GRAPH} == GRAPH
    assert {name: by_the_paper[name] for name in BY_THE_PAPER} == pytest.approx(BY_THE_PAPER, abs=0.001)
    assert joint["NMI"] == pytest.approx(0.453, abs=0.02)


def test_the_space_bound_here_is_as_good_as_asked_and_ahead_on_every_column(
    published: Release, release_evidence: Evidence, release_truth: Truth, model: JointModel
) -> None:
    ours = evaluate(model.vectors, release_truth)
    theirs = evaluate(in_order(published, "joint", release_evidence), release_truth)
    assert {name: ours[name] for name in ASKED if round(ours[name], 3) < ASKED[name]} == {}
    columns = [*PUBLISHED, "NMI"]
    assert {name: (ours[name], theirs[name]) for name in columns if ours[name] <= theirs[name]} == {}


def test_unseen_artists_are_placed_as_well_as_asked(release_evidence: Evidence, release_truth: Truth) -> None:
    figures = held_out(release_evidence, release_truth, fit)
    asked = ASKED_OF_UNSEEN | ASKED_ACROSS
    assert {name: figures[name] for name in asked if figures[name] < asked[name] - NOISE} == {}


def test_shuffled_votes_fall_to_chance(release_evidence: Evidence, release_truth: Truth) -> None:
    settings = Settings()
    votes = Electorate(release_evidence, settings).library_votes(release_evidence)
    figures = evaluate(fit_votes(scattered(votes), settings), release_truth)
    songs = len(release_evidence)
    chance = np.mean([len(positives) for positives in release_truth.positives]) / songs
    assert figures["P@10"] == pytest.approx(chance, abs=0.01)
    assert figures["R@50"] == pytest.approx(50 / songs, abs=0.01)
    assert figures["artist@10"] < 0.05
