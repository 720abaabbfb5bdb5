"""The joint space: what was planted is found, the same seed gives the same space, chance stays chance."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from retrieval.joint.evidence import Evidence
from retrieval.joint.fit import fit, fit_vectors, fit_votes
from retrieval.joint.optimise import fit_dense, fit_sampled, spectral_start
from retrieval.joint.settings import Settings
from retrieval.joint.votes import Electorate
from tests.joint.conftest import CIRCLES, QUICK, planted, scattered


def purity(vectors: np.ndarray, circle: list[str], k: int = 5) -> float:
    """Share of the k nearest that are of the same circle."""
    closeness = vectors @ vectors.T
    np.fill_diagonal(closeness, -np.inf)
    nearest = np.argsort(-closeness, axis=1)[:, :k]
    return float(np.mean(np.array(circle)[nearest] == np.array(circle)[:, None]))


def test_planted_circles_are_found_and_rows_are_unit(library: Evidence, circle: list[str]) -> None:
    model = fit(library, QUICK)
    assert model.vectors.shape == (len(library), 16)
    assert model.vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(model.vectors, axis=1), 1, atol=1e-5)
    assert purity(model.vectors, circle) > 0.9


def test_no_modality_alone_is_as_good(library: Evidence, circle: list[str]) -> None:
    joint = purity(fit_vectors(library, QUICK), circle)
    text = Evidence(library.ids, {"graph": library.vectors["graph"]}, {"graph": library.present["graph"]})
    assert joint >= purity(fit_vectors(text, QUICK), circle)


def test_shuffled_votes_fall_to_chance(library: Evidence, circle: list[str]) -> None:
    votes = Electorate(library, QUICK).library_votes(library)
    assert purity(fit_votes(votes, QUICK), circle) > 0.9
    assert purity(fit_votes(scattered(votes), QUICK), circle) < 2 / CIRCLES


def test_the_seed_decides(library: Evidence) -> None:
    one, same = fit_vectors(library, QUICK), fit_vectors(library, QUICK)
    other = fit_vectors(library, replace(QUICK, seed=1))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_the_order_of_songs_does_not_matter(library: Evidence, circle: list[str]) -> None:
    order = np.random.default_rng(1).permutation(len(library))
    shuffled = Evidence.from_spaces(
        {
            m: (
                [library.ids[row] for row in order if library.present[m][row]],
                library.vectors[m][order][library.present[m][order]],
            )
            for m in library.modalities
        }
    )
    assert np.array_equal(fit_vectors(shuffled, QUICK), fit_vectors(library, QUICK))


def test_the_gradient_is_that_of_the_loss(library: Evidence) -> None:
    """Along the descent the reported cross-entropy falls, and ends near the votes' own entropy from above."""
    votes, losses = Electorate(library, QUICK).library_votes(library), []
    fit_dense(spectral_start(votes, 16, 0), votes, QUICK, lambda step, loss: losses.append(loss))
    floor = float(-(votes.data * np.log(votes.data)).sum() / len(library))
    assert losses[-1] < losses[0]
    assert floor < losses[-1] < floor + 1
    assert np.all(np.diff(losses[5:]) < 1e-3)


def test_sampling_comes_close_to_the_whole(library: Evidence, circle: list[str]) -> None:
    votes = Electorate(library, QUICK).library_votes(library)
    start = spectral_start(votes, 16, 0)
    sampling = replace(QUICK, steps=200, batch=32, negatives=48)
    vectors = fit_sampled(start, votes, sampling, lambda step, loss: None)
    assert purity(vectors, circle) > 0.9
    assert np.array_equal(vectors, fit_sampled(start, votes, sampling, lambda step, loss: None))


def test_a_library_above_the_limit_is_sampled(library: Evidence, circle: list[str]) -> None:
    vectors = fit_vectors(library, replace(QUICK, steps=200, dense_limit=50, batch=32, negatives=48))
    assert purity(vectors, circle) > 0.9


def test_spectral_start_by_iteration_finds_what_the_exact_one_finds() -> None:
    big = planted(songs=2_400)
    votes = Electorate(big, QUICK).library_votes(big)
    circle = [str(row % CIRCLES) for row in range(2_400)]
    assert purity(spectral_start(votes, 16, 0), circle) > 0.85


def test_progress_counts_and_reports_held_out_figures(library: Evidence, circle: list[str]) -> None:
    seen: list[tuple[int, int, float, dict[str, float]]] = []
    model = fit(library, QUICK, groups=circle, progress=lambda *call: seen.append((*call[:3], dict(call[3]))))
    steps = [step for step, *_ in seen]
    assert steps == sorted(steps)
    assert seen[-1][0] == seen[-1][1]
    assert "worst@50" in seen[-1][3]
    assert seen[-1][3] == model.card["figures"]
    assert seen[0][3] == {}


def test_what_progress_raises_ends_the_fit(library: Evidence) -> None:
    def stop(*call: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fit(library, QUICK, progress=stop)


def test_the_card_says_what_it_was_made_from(library: Evidence) -> None:
    card = fit(library, QUICK).card
    assert card["data"] == library.digest()
    assert card["songs"] == len(library)
    assert card["modalities"]["text"] == int(library.present["text"].sum())
    assert Settings(**card["settings"]) == QUICK


def test_too_small_a_library_and_bad_settings_are_refused(library: Evidence) -> None:
    with pytest.raises(ValueError, match="3 songs"):
        fit(library.subset([0, 1]))
    for bad in ({"dimension": 0}, {"temperature": 0.0}, {"weights": {"graph": -1.0}}, {"agreement": -0.1}):
        with pytest.raises(ValueError, match=next(iter(bad))):
            Settings(**bad)


def test_three_songs_and_songs_without_any_vote_can_be_bound() -> None:
    three = Evidence.from_spaces({"audio": (["a", "b", "c"], [[0.0], [1.0], [5.0]])})
    assert np.isfinite(fit(three).vectors).all()
    copies = Evidence.from_spaces({"audio": (["a", "b", "c"], [[1.0], [1.0], [1.0]])})
    assert np.isfinite(fit(copies).vectors).all()
