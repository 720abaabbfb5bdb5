"""Filters and orders of songs, compared with the release's own files; the same ones narrow similar songs."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from catalog.models import Album, Artist
from catalog.store import store_songs
from catalog.text import folded
from tests.library_of import draft
from tests.release import Release

Track = dict[str, Any]


def words(track: Track) -> set[str]:
    return {folded(w) for kind in ("context", "emotional") for w in track["lyrics"][kind] or []}


CASES = {
    "genre": ({"genre": "Pop"}, lambda t: "Pop" in t["genres"]),
    "both genres": ({"genre": ["Pop", "Rock"]}, lambda t: {"Pop", "Rock"} <= set(t["genres"])),
    "artist by name": ({"artist": "The Weeknd"}, lambda t: t["artist_name"] == "The Weeknd"),
    "artist without capitals": ({"artist": "the weeknd"}, lambda t: t["artist_name"] == "The Weeknd"),
    "tag": ({"tag": "Longing"}, lambda t: "longing" in words(t)),
    "with lyrics": ({"has_lyrics": "true"}, lambda t: t["lyrics"]["lyrics"] != ""),
    "without lyrics": ({"has_lyrics": "0"}, lambda t: t["lyrics"]["lyrics"] == ""),
    "with cover": ({"has_cover": "1"}, lambda t: t["image"] != ""),
    "without cover": ({"has_cover": "false"}, lambda t: t["image"] == ""),
    "with preview": ({"has_preview": "true"}, lambda t: t["preview_url"] != ""),
    "two conditions": (
        {"genre": "Pop", "has_lyrics": "false"},
        lambda t: "Pop" in t["genres"] and not t["lyrics"]["lyrics"],
    ),
    "no conditions": ({"genre": [], "artist": "", "has_lyrics": "", "year_min": "", "tag": ""}, lambda t: True),
    "unknown artist": ({"artist": "Nobody At All"}, lambda t: False),
    "unknown tag": ({"tag": "no such word"}, lambda t: False),
}


def all_ids(client: Client, **query: Any) -> list[str]:
    """Ids on every page of a list, by following `next`."""
    address, found = f"/api/v1/songs/?{urlencode({**query, 'page_size': 100}, doseq=True)}", []
    while address:
        body = client.get(address).json()
        found += [song["id"] for song in body["results"]]
        address = body["next"]
    assert len(found) == body["count"]
    return found


@pytest.mark.parametrize(("query", "passes"), CASES.values(), ids=CASES)
def test_a_filter_lets_through_what_the_files_say(release: Release, client: Client, query: dict, passes) -> None:
    assert sorted(all_ids(client, **query)) == sorted(i for i, track in release.tracks.items() if passes(track))


def test_words_of_title_or_artist(release: Release, client: Client) -> None:
    for q in ("love", "LOVE the", "beyonce", "w"):
        expected = {
            public_id
            for public_id, track in release.tracks.items()
            if all(w in folded(track["track_title"]) or w in folded(track["artist_name"]) for w in folded(q).split())
        }
        assert set(all_ids(client, q=q)) == expected
        assert expected


def test_artist_and_album_by_id(release: Release, client: Client) -> None:
    artist, album = Artist.objects.get(name="The Weeknd"), Album.objects.filter(title="Greatest Hits")[0]
    assert all_ids(client, artist=artist.pk) == all_ids(client, artist="The Weeknd")
    assert sorted(all_ids(client, album=album.pk)) == sorted(album.songs.values_list("public_id", flat=True))


@pytest.mark.parametrize("sort", ["title", "artist", "newest", "year", "-year"])
def test_every_order_shows_each_song_once(release: Release, client: Client, sort: str) -> None:
    found = all_ids(client, sort=sort)
    assert sorted(found) == sorted(release.tracks)
    assert all_ids(client, sort=sort) == found


def test_orders_are_by_folded_name_then_id(release: Release, client: Client) -> None:
    tracks = release.tracks
    by_title = sorted(tracks, key=lambda i: (folded(tracks[i]["track_title"]), i))
    by_artist = sorted(tracks, key=lambda i: (folded(tracks[i]["artist_name"]), folded(tracks[i]["track_title"]), i))
    assert all_ids(client) == all_ids(client, sort="title") == all_ids(client, sort="") == by_title
    assert all_ids(client, sort="artist") == by_artist


@pytest.mark.parametrize("name", ["genre", "both genres", "artist by name", "tag", "without lyrics", "two conditions"])
def test_similar_songs_obey_the_same_filters(release: Release, client: Client, name: str) -> None:
    query, passes = CASES[name]
    for public_id in release.ids[::100]:
        body = client.get(f"/api/v1/songs/{public_id}/similar/", {**query, "k": 100}).json()
        expected = [i for i in release.space("joint").ranked(public_id)[0] if passes(release.tracks[i])][:100]
        assert [hit["song"]["id"] for hit in body["results"]] == expected


@pytest.mark.parametrize("empty", ["genre=", "tag=&artist=", "genre=&has_lyrics=&album=&year_min="])
def test_a_form_sent_with_empty_fields_is_no_filter(release: Release, client: Client, empty: str) -> None:
    """As a browser without JavaScript sends it."""
    everything = client.get("/api/v1/songs/").json()["results"]
    assert client.get(f"/api/v1/songs/?{empty}").json()["results"] == everything
    assert client.get(f"/songs/?{empty}").status_code == 200
    address = f"/api/v1/songs/{release.ids[0]}/similar/"
    assert client.get(f"{address}?{empty}").json() == client.get(address).json()


def test_a_filter_beside_an_empty_one_still_counts(release: Release, client: Client) -> None:
    plain = client.get(f"/api/v1/songs/{release.ids[0]}/similar/?genre=Metal").json()["results"]
    for query in ("genre=Metal&genre=", "genre=&genre=Metal", "genre=Metal&tag="):
        assert client.get(f"/api/v1/songs/{release.ids[0]}/similar/?{query}").json()["results"] == plain


@pytest.mark.django_db
def test_years_and_songs_without_one(client: Client) -> None:
    store_songs([draft("old", year=1950), draft("mid", year=1990), draft("new", year=2020), draft("none")])
    assert all_ids(client, year_min=1990) == ["mid", "new"]
    assert all_ids(client, year_max=1990, sort="-year") == ["mid", "old"]
    assert all_ids(client, year_min=1951, year_max=2019) == ["mid"]
    assert all_ids(client, sort="year") == ["old", "mid", "new", "none"]
    assert all_ids(client, sort="-year") == ["new", "mid", "old", "none"]


@pytest.mark.django_db
def test_names_are_folded_in_every_script(client: Client) -> None:
    store_songs([draft("a", title="Beyoncé’s Straße"), draft("b", title="الأمل"), draft("c", artists=("فيروز",))])
    assert all_ids(client, q="beyonce's strasse") == ["a"]
    assert all_ids(client, q="الامل") == ["b"]
    assert all_ids(client, artist="فيروز") == ["c"]


@pytest.mark.django_db
@pytest.mark.parametrize("q", ["%", "_", "\\", "*", '"', "a%b", "[x]"])
def test_wildcards_of_the_database_mean_themselves(client: Client, q: str) -> None:
    store_songs([draft("with", title=f"a {q} b"), draft("without", title="ab")])
    assert all_ids(client, q=q) == ["with"]


@pytest.mark.django_db
def test_an_artist_whose_name_is_a_number_can_be_found_by_name(client: Client) -> None:
    store_songs([draft("a", artists=("311",)), draft("b", artists=("Other",))])
    assert all_ids(client, q="311") == ["a"]
    assert all_ids(client, artist=Artist.objects.get(name="311").pk) == ["a"]


@pytest.mark.django_db
@pytest.mark.parametrize("artist", ["0", "99999999999999999999", "9" * 500])
def test_an_artist_id_that_is_none_finds_nothing(client: Client, artist: str) -> None:
    store_songs([draft("a")])
    assert all_ids(client, artist=artist) == []
