"""Similar songs equal an independent search in float64, for every song of the release in every space."""

from __future__ import annotations

import numpy as np
import pytest

from catalog.models import Song
from catalog.selectors import song_by_public_id
from retrieval.index.store import index_store
from retrieval.services import similar
from retrieval.spaces import resolve_space
from tests.library_of import library_of, random_library, song
from tests.release import STEMS, Release

every_space = pytest.mark.parametrize("name", STEMS)


def ids(found) -> list[str]:
    return [hit.song.public_id for hit in found.hits]


@every_space
@pytest.mark.parametrize("k", [1, 4, 25, 100, 821])
def test_the_index_returns_the_k_nearest_of_every_song(release: Release, name: str, k: int) -> None:
    brute, index = release.space(name), index_store().get(resolve_space(name))
    names = dict(Song.objects.values_list("pk", "public_id"))
    keys = {public_id: key for key, public_id in names.items()}
    asked = brute.ids if k < 100 else brute.ids[::7]
    queries = np.stack([brute.vector(public_id) for public_id in asked])
    for public_id, found in zip(asked, index.search(queries, k + 1), strict=True):
        expected, distances = brute.ranked(public_id)
        pairs = zip(found.distances.tolist(), (names[i] for i in found.ids.tolist()), strict=True)
        ours = sorted(pair for pair in pairs if pair[1] != public_id)
        assert [other for _, other in ours[:k]] == expected[:k]
        assert [d for d, _ in ours[:k]] == pytest.approx(distances[:k], rel=1e-12)
        assert keys[public_id] in found.ids


@every_space
@pytest.mark.parametrize("k", [1, 10, 100])
def test_similar_gives_k_others_nearest_first_ties_by_id(release: Release, name: str, k: int) -> None:
    brute, space = release.space(name), resolve_space(name)
    for public_id in brute.ids[:: 9 * k]:
        found = similar(song_by_public_id(public_id), space, k)
        expected, distances = brute.ranked(public_id)
        assert ids(found) == expected[:k]
        assert [hit.rank for hit in found.hits] == list(range(1, k + 1))
        assert [hit.distance for hit in found.hits] == pytest.approx(distances[:k], rel=1e-12)
        assert [hit.closeness for hit in found.hits] == pytest.approx(brute.farther(public_id)[:k], abs=1e-12)


@every_space
def test_a_filter_gives_the_k_nearest_of_those_that_pass(release: Release, name: str) -> None:
    brute, space = release.space(name), resolve_space(name)
    for genre in ("Pop", "Metal"):
        passing = {i for i, track in release.tracks.items() if genre in track["genres"]}
        allow = np.array(Song.objects.filter(public_id__in=passing).values_list("pk", flat=True))
        assert len(allow) > 10
        for public_id in brute.ids[::40]:
            found = similar(song_by_public_id(public_id), space, 10, allow=allow)
            expected, _ = brute.ranked(public_id)
            assert ids(found) == [i for i in expected if i in passing][:10]
            share = dict(zip(expected, brute.farther(public_id), strict=True))
            assert [hit.closeness for hit in found.hits] == pytest.approx([share[i] for i in ids(found)], abs=1e-12)


def test_a_song_without_a_vector_has_no_hits_but_a_reason(release: Release) -> None:
    for public_id in sorted(release.lacking("text")):
        found = similar(song_by_public_id(public_id), resolve_space("text"))
        assert (found.hits, found.missing) == ([], "no lyrics")


def test_a_song_without_a_vector_is_never_a_hit(release: Release) -> None:
    query = song_by_public_id(release.space("text").ids[0])
    found = ids(similar(query, resolve_space("text"), 1000))
    assert len(found) == 822 - 49 - 1
    assert not set(found) & release.lacking("text")


@pytest.mark.django_db
class TestSmall:
    def test_ties_are_broken_by_public_id_at_the_edge_too(self) -> None:
        """Neither the order of storing nor that of the titles is that of the public ids."""
        space = library_of({"q": [0.0], "z": [1.0], "m": [1.0], "a": [1.0], "near": [0.5], "k": [-1.0]})
        for title, public_id in enumerate("zmka"):
            song(public_id, title=str(title))
        query = song_by_public_id("q")
        for k in range(1, 7):
            assert ids(similar(query, space, k)) == ["near", "a", "k", "m", "z"][:k]

    def test_a_crowd_of_equal_vectors_is_cut_by_public_id(self) -> None:
        space = library_of({f"s{n:03d}": [1.0, 2.0] for n in reversed(range(150))})
        found = similar(song_by_public_id("s000"), space, 10)
        assert ids(found) == [f"s{n:03d}" for n in range(1, 11)]
        assert {(hit.distance, hit.closeness) for hit in found.hits} == {(0.0, 0.0)}

    def test_one_asks_for_ten_and_gets_what_there_is(self) -> None:
        space = library_of({"a": [0.0], "b": [1.0], "c": [2.0]})
        assert ids(similar(song_by_public_id("b"), space, 10)) == ["a", "c"]

    def test_a_lonely_song_has_no_hits_and_nothing_is_missing(self) -> None:
        space = library_of({"a": [0.0]})
        found = similar(song_by_public_id("a"), space, 10)
        assert (found.hits, found.missing) == ([], "")

    def test_a_filter_that_lets_nothing_through_finds_nothing(self) -> None:
        space = library_of({"a": [0.0], "b": [1.0]})
        assert similar(song_by_public_id("a"), space, 10, allow=np.empty(0, dtype=np.int64)).hits == []

    def test_a_filter_that_lets_only_the_song_through_finds_nothing(self) -> None:
        space = library_of({"a": [0.0], "b": [1.0]})
        query = song_by_public_id("a")
        assert similar(query, space, 10, allow=np.array([query.pk])).hits == []

    def test_the_same_question_has_the_same_answer_after_a_rebuild(self) -> None:
        names = random_library(60, "joint")
        space, query = resolve_space(), song_by_public_id(names[3])
        before = [(hit.song.pk, hit.distance, hit.closeness) for hit in similar(query, space, 20).hits]
        index_store().build(space)
        index_store().forget()
        assert [(hit.song.pk, hit.distance, hit.closeness) for hit in similar(query, space, 20).hits] == before

    @pytest.mark.parametrize(
        ("modality", "facts", "reason"),
        [
            ("text", {}, "no lyrics"),
            ("text", {"lyrics": "la"}, "not encoded yet"),
            ("image", {}, "no cover"),
            ("image", {"cover_url": "https://a.example/b.jpg"}, "not encoded yet"),
            ("audio", {}, "no sound"),
            ("audio", {"preview_file": "clips/a.opus"}, "not encoded yet"),
            ("graph", {}, "not in the graph"),
            ("joint", {}, "not in the joint space"),
        ],
    )
    def test_what_is_missing_is_said(self, modality: str, facts: dict, reason: str) -> None:
        space = library_of({"a": [0.0]}, f"{modality}.test")
        song("b", **facts)
        assert similar(song_by_public_id("b"), space).missing == reason
