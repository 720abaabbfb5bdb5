"""Evidence: aligned by id, missing stays missing, bad input refused by name."""

from __future__ import annotations

import numpy as np
import pytest

from retrieval.joint.evidence import Evidence
from tests.joint.conftest import planted


def test_songs_are_aligned_by_id_whatever_the_order_they_came_in() -> None:
    one = Evidence.from_spaces({"audio": (["b", "a"], [[1, 2], [3, 4]]), "text": (["c", "a"], [[5], [6]])})
    other = Evidence.from_spaces({"text": (["a", "c"], [[6], [5]]), "audio": (["a", "b"], [[3, 4], [1, 2]])})
    assert one.ids == ("a", "b", "c")
    assert one.song(0)["audio"].tolist() == [3, 4]
    assert one.digest() == other.digest()


def test_a_song_without_a_vector_is_missing_and_not_at_the_origin() -> None:
    evidence = Evidence.from_spaces({"audio": (["a", "b"], [[0, 0], [1, 1]]), "text": (["b"], [[1]])})
    assert evidence.present["text"].tolist() == [False, True]
    assert set(evidence.song(0)) == {"audio"}
    assert evidence.present["audio"].all()  # zeros that were given are a vector like any other


def test_digest_names_the_data_and_ignores_what_stands_in_absent_rows() -> None:
    evidence = planted()
    filled = {m: vectors.copy() for m, vectors in evidence.vectors.items()}
    filled["text"][~evidence.present["text"]] = 7
    assert Evidence(evidence.ids, filled, evidence.present).digest() == evidence.digest()
    filled["text"][evidence.present["text"]] += 1
    assert Evidence(evidence.ids, filled, evidence.present).digest() != evidence.digest()


@pytest.mark.parametrize(
    ("spaces", "named"),
    [
        ({"audio": (["a", "b"], [[1, 2]])}, "audio"),
        ({"audio": (["a", "a"], [[1, 2], [3, 4]])}, "audio"),
        ({"audio": (["a"], [[1, np.nan]])}, "audio"),
        ({"text": (["a"], [1, 2])}, "text"),
    ],
)
def test_bad_spaces_are_refused_by_name(spaces: dict, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        Evidence.from_spaces(spaces)


def test_a_song_that_no_modality_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="no vector at all"):
        Evidence(("a",), {"audio": np.zeros((1, 2), np.float32)}, {"audio": np.zeros(1, np.bool_)})
