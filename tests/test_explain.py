"""Explanations: exact, directional, and never at odds with the ranking."""

from __future__ import annotations

import numpy as np
import pytest

from catalog.models import Song
from catalog.selectors import song_by_public_id, songs_by_key
from catalog.store import store_songs
from retrieval.distance import squared_l2
from retrieval.index.store import index_store
from retrieval.services import explain, pair_closeness, similar, with_spaces
from retrieval.spaces import default_spaces, resolve_space
from tests.library_of import draft, give_vectors, library_of
from tests.release import STEMS, Release


@pytest.fixture
def songs(release: Release) -> dict[str, Song]:
    return {song.public_id: song for song in songs_by_key(list(Song.objects.values_list("pk", flat=True))).values()}


@pytest.mark.parametrize("name", STEMS)
def test_closeness_is_the_share_strictly_farther_along_the_whole_ranked_list(
    release: Release, songs: dict[str, Song], name: str
) -> None:
    """The displayed figure falls with the rank."""
    brute, space = release.space(name), resolve_space(name)
    for public_id in brute.ids[::20]:
        ranked, _ = brute.ranked(public_id)
        found = pair_closeness(songs[public_id], [songs[other] for other in ranked], space)
        column = np.array([found[songs[other].pk] for other in ranked])
        assert np.abs(column - brute.farther(public_id)).max() < 1e-12
        assert (np.diff(column) <= 0).all()


@pytest.mark.parametrize("name", STEMS)
def test_the_index_counts_exactly_for_every_pair_of_songs(release: Release, name: str) -> None:
    """All songs against all songs: closeness and rank are made of these two counts and nothing else."""
    brute, index = release.space(name), index_store().get(resolve_space(name))
    for public_id in brute.ids[:: 1 if name == "joint" else 4]:
        distances = squared_l2(brute.vector(public_id), brute.matrix)
        below, within = index.ranks(brute.vector(public_id), distances)
        ordered = np.sort(distances)
        assert np.array_equal(below, np.searchsorted(ordered, distances, side="left"))
        assert np.array_equal(within, np.searchsorted(ordered, distances, side="right"))


@pytest.mark.parametrize("name", STEMS)
def test_no_figure_of_an_explanation_contradicts_the_ranking(
    release: Release, songs: dict[str, Song], name: str
) -> None:
    brute, place = release.space(name), list(STEMS).index(name)
    for public_id in brute.ids[::150]:
        ranked, distances = brute.ranked(public_id)
        pairs = [explain(songs[public_id], songs[other]).spaces[place] for other in ranked[::11]]
        assert [pair.distance for pair in pairs] == pytest.approx(distances[::11], rel=1e-12)
        nearer = [1 + np.count_nonzero(distances < distance) for distance in distances[::11]]
        assert [pair.rank for pair in pairs] == nearer
        for figure in ("closeness", "stretched"):
            column = [getattr(pair, figure) for pair in pairs]
            assert column == sorted(column, reverse=True)
            assert all(0 <= value <= 1 for value in column)
        assert {pair.others for pair in pairs} == {len(ranked)}


def test_the_hits_of_a_list_and_their_explanations_say_the_same(release: Release, songs: dict[str, Song]) -> None:
    for public_id in release.ids[::60]:
        for place, space in enumerate(default_spaces()):
            for hit in with_spaces(similar(songs[public_id], space, 5)).hits:
                spaces = explain(songs[public_id], hit.song).spaces
                assert (spaces[place].distance, spaces[place].closeness) == (hit.distance, hit.closeness)
                others = {evidence.space.key: evidence.closeness for evidence in spaces if evidence.space != space}
                assert hit.spaces == others


def test_the_cosine_is_that_of_the_vectors(release: Release, songs: dict[str, Song]) -> None:
    a, b = release.ids[5], release.ids[500]
    for evidence in explain(songs[a], songs[b]).spaces:
        brute = release.space(evidence.space.modality)
        x, y = (brute.vector(i).astype(np.float64) for i in (a, b))
        assert evidence.cosine == pytest.approx(np.dot(x, y) / np.sqrt(np.dot(x, x) * np.dot(y, y)), abs=1e-12)


def test_what_is_missing_is_said_and_has_no_figures(release: Release, songs: dict[str, Song]) -> None:
    lacking, present = sorted(release.lacking("text"))[0], release.space("text").ids[0]
    for pair in ((lacking, present), (present, lacking)):
        evidence = {e.space.modality: e for e in explain(songs[pair[0]], songs[pair[1]]).spaces}
        text = evidence.pop("text")
        assert text.missing == "no lyrics"
        assert {text.distance, text.cosine, text.closeness, text.stretched, text.rank} == {None}
        assert all(other.closeness is not None and not other.missing for other in evidence.values())


def test_shared_facts_are_those_of_the_files(release: Release, songs: dict[str, Song]) -> None:
    kinds = {"keyword": "context", "emotion": "emotional"}
    for a, b in zip(release.ids[::25], release.ids[1::25], strict=False):
        ours, theirs = release.tracks[a], release.tracks[b]
        shared = explain(songs[a], songs[b]).shared
        assert ("artist" in shared) == (ours["artist_name"] == theirs["artist_name"])
        assert set(shared.get("genre", [])) == set(ours["genres"]) & set(theirs["genres"])
        for kind, field in kinds.items():
            common = {w.casefold() for w in ours["lyrics"][field]} & {w.casefold() for w in theirs["lyrics"][field]}
            assert {word.casefold() for word in shared.get(kind, [])} == common


def explained(query: str, hit: str):
    return explain(song_by_public_id(query), song_by_public_id(hit))


@pytest.mark.django_db
class TestSmall:
    def test_closeness_is_counted_from_the_query(self) -> None:
        """b is a's nearest, but a is b's farthest."""
        library_of({"a": [0.0], "b": [10.0], "c": [11.0], "d": [12.0]})
        there, back = explained("a", "b").spaces[0], explained("b", "a").spaces[0]
        assert there.distance == back.distance == 100.0
        assert (there.rank, there.closeness, there.stretched) == (1, 2 / 3, 1.0)
        assert (back.rank, back.closeness) == (3, 0.0)
        assert back.stretched == pytest.approx(0.0)

    def test_equal_distances_share_rank_and_closeness(self) -> None:
        library_of({"q": [0.0], "a": [1.0], "b": [-1.0], "c": [5.0]})
        for name in "ab":
            evidence = explained("q", name).spaces[0]
            assert (evidence.rank, evidence.closeness) == (1, 1 / 3)

    def test_equal_vectors_are_nearest_and_do_not_count_the_query(self) -> None:
        library_of({"q": [1.0], "twin": [1.0], "far": [3.0]})
        evidence = explained("q", "twin").spaces[0]
        assert (evidence.distance, evidence.rank, evidence.closeness, evidence.others) == (0.0, 1, 1 / 2, 2)

    def test_a_pair_alone_in_a_space_is_nearest(self) -> None:
        library_of({"a": [0.0], "b": [7.0]})
        evidence = explained("a", "b").spaces[0]
        assert (evidence.rank, evidence.others, evidence.closeness, evidence.stretched) == (1, 1, 0.0, 1.0)

    def test_a_vector_without_length_has_no_cosine(self) -> None:
        library_of({"a": [0.0, 0.0], "b": [1.0, 0.0]})
        assert explained("a", "b").spaces[0].cosine is None

    def test_the_sentence_names_the_strongest_and_the_most_contrary_space(self) -> None:
        points = {"a": [0.0], "b": [1.0], "c": [2.0], "d": [3.0]}
        library_of(points, "joint.test")
        give_vectors({**points, "b": [9.0]}, "audio.test")
        give_vectors({**points, "b": [2.5]}, "image.test")
        summary = explained("a", "b").summary
        assert summary == "Closest by joint: number 1 of 3. Least alike by audio: number 3 of 3."

    def test_spaces_that_agree_are_not_played_against_each_other(self) -> None:
        for key in ("joint.test", "audio.test"):
            library_of({"a": [0.0], "b": [1.0], "c": [2.0]}, key)
        assert explained("a", "b").summary == "Closest by joint: number 1 of 2."

    def test_without_a_common_space_it_says_so(self) -> None:
        library_of({"a": [0.0], "c": [1.0]})
        store_songs([draft("b", artists=("Another",))])
        explanation = explained("a", "b")
        assert explanation.summary == "The two songs have no space in common."
        assert explanation.spaces[0].missing == "not in the joint space"

    def test_shared_facts_ignore_capitals_and_accents_and_are_told_in_words(self) -> None:
        common = {"album": "Hits", "album_artist": "Beyoncé", "artists": ("Beyoncé",)}
        store_songs(
            [
                draft("a", genres=("R&B", "Pop"), keywords=("Café",), emotions=("joy", "awe"), **common),
                draft("b", genres=("Pop", "R&B"), keywords=("cafe",), emotions=("awe",), **common),
            ]
        )
        explanation = explained("a", "b")
        assert explanation.shared == {
            "artist": ["Beyoncé"],
            "album": ["Hits"],
            "genre": ["R&B", "Pop"],
            "keyword": ["Café"],
            "emotion": ["awe"],
        }
        told = "They share the artist “Beyoncé”, the album “Hits”, the genre “R&B”, “Pop”, the keyword “Café” and the emotion"
        assert told in explanation.summary

    def test_albums_of_one_title_by_two_artists_are_not_shared(self) -> None:
        for public_id, artist in (("a", "X"), ("b", "Y")):
            store_songs([draft(public_id, artists=(artist,), album="Greatest Hits", album_artist=artist)])
        assert explained("a", "b").shared == {}
