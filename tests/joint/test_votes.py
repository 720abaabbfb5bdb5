"""Votes: nine a modality, none from what is missing, none for a copy."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from retrieval.joint.evidence import Evidence
from retrieval.joint.settings import Settings
from retrieval.joint.votes import Electorate
from tests.joint.conftest import planted

PLAIN = Settings(weights={}, witness="", modesty=0.0, neighbours=3)


def line(songs: int = 6) -> Evidence:
    """Songs on a line in audio; in text only the even ones, the line turned round."""
    ids = [f"s{row}" for row in range(songs)]
    audio = [[float(2**row)] for row in range(songs)]
    return Evidence.from_spaces({"audio": (ids, audio), "text": (ids[::2], audio[::2])})


def test_missing_modalities_abstain() -> None:
    evidence = line()
    votes = Electorate(evidence, PLAIN).library_votes(evidence).toarray()
    assert np.allclose(votes.sum(1), 1)
    assert np.flatnonzero(votes[1]).tolist() == [0, 2, 3]  # audio alone: its three nearest
    assert np.allclose(votes[1][[0, 2, 3]], 1 / 3)
    assert votes[0][2] == pytest.approx(2 / 5)  # song 0 casts five votes, three by audio and the two that text can


def test_weights_are_shares_between_modalities_that_are_there() -> None:
    evidence = line()
    votes = Electorate(evidence, replace(PLAIN, weights={"text": 3.0})).library_votes(evidence).toarray()
    assert votes[0][4] == pytest.approx(3 / (3 * 1 + 2 * 3))
    assert votes[1].sum() == pytest.approx(1)


def test_copies_do_not_vote_for_each_other() -> None:
    ids = ["a", "b", "c", "d"]
    evidence = Evidence.from_spaces({"image": (ids, [[0, 0], [0, 0], [1, 0], [5, 0]])})
    votes = Electorate(evidence, PLAIN).library_votes(evidence).toarray()
    assert votes[0][1] == votes[1][0] == 0
    assert votes[2][0] == votes[2][1] > 0


def test_the_witness_raises_votes_for_songs_near_in_its_modality() -> None:
    evidence = planted()
    trusting = replace(PLAIN, witness="graph", agreement=2.0)
    plain = Electorate(evidence, replace(trusting, agreement=0.0)).library_votes(evidence).toarray()
    raised = Electorate(evidence, trusting).library_votes(evidence).toarray()
    apart = np.square(evidence.vectors["graph"][:, None] - evidence.vectors["graph"][None]).sum(2)
    gain = np.divide(raised, plain, where=plain > 0, out=np.zeros_like(plain))
    order = [np.argsort(apart[row][plain[row] > 0]) for row in range(len(evidence))]
    for row, nearest_first in enumerate(order):
        assert (np.diff(gain[row][plain[row] > 0][nearest_first]) <= 1e-6).all()
    assert (raised > 0).sum() == (plain > 0).sum()


def test_a_vote_for_everybodys_neighbour_weighs_less() -> None:
    ids = [f"s{row}" for row in range(9)]
    star = np.concatenate([np.zeros((1, 8)), np.eye(8)])  # the middle is nearer to all than they are to each other
    evidence = Evidence.from_spaces({"audio": (ids, star)})
    shares = [
        Electorate(evidence, replace(PLAIN, modesty=modesty)).library_votes(evidence).toarray()[1:, 0].mean()
        for modesty in (0.0, 0.2, 1.0)
    ]
    assert shares[0] == pytest.approx(1 / 3)
    assert shares[0] > shares[1] > shares[2] > 0


def test_a_modality_that_nobody_has_is_as_good_as_none() -> None:
    evidence = planted()
    nobody = np.zeros(len(evidence), np.bool_)
    with_smell = Evidence(
        evidence.ids,
        dict(evidence.vectors) | {"smell": np.zeros((len(evidence), 4), np.float32)},
        dict(evidence.present) | {"smell": nobody},
    )
    plain, more = (Electorate(known, Settings()).library_votes(known) for known in (evidence, with_smell))
    assert np.array_equal(plain.toarray(), more.toarray())


def test_a_new_song_of_one_modality_takes_only_its_votes() -> None:
    evidence = planted()
    new = Evidence(("new",), {"text": evidence.vectors["text"][:1] + 0.1}, {"text": np.ones(1, np.bool_)})
    votes = Electorate(evidence, Settings()).new_votes(new)
    assert evidence.present["text"][votes.indices].all()
    assert votes.nnz == Settings().neighbours


def test_newcomers_vote_for_each_other_only_together() -> None:
    evidence = planted()
    known, new = evidence.subset(range(60)), evidence.subset(range(60, 96))
    electorate = Electorate(known, Settings())
    alone, together = electorate.new_votes(new), electorate.new_votes(new, together=True)
    assert alone.shape == (36, 60)
    assert together.shape == (36, 96)
    assert together[:, 60:].nnz > 0
    assert together[:, 60:].diagonal().sum() == 0
    whole = Electorate(evidence, Settings()).library_votes(evidence)[60:].toarray()
    assert ((whole > 0) == (together.toarray() > 0)).mean() == 1
