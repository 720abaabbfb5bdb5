"""Importing folders of the published layout: updates, rows that are skipped, hostile content, many songs."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import call_command

from catalog.changes import latest_change
from catalog.models import Album, Change, Song, Tag
from retrieval.index.store import index_store
from retrieval.models import Space, Vector
from tests.library_of import track, write_json, write_release

pytestmark = pytest.mark.django_db


def imported(folder: Path) -> str:
    out = StringIO()
    call_command("import_release", folder, stdout=out, stderr=StringIO())
    return out.getvalue()


@pytest.fixture
def tracks() -> dict[str, Any]:
    return {f"id{number}": track(track_title=f"Song {number}") for number in range(5)}


def test_a_changed_track_updates_only_itself(tmp_path: Path, tracks: dict[str, Any]) -> None:
    folder = write_release(tmp_path / "release", tracks)
    imported(folder)
    before = latest_change()
    tracks["id3"] = track(track_title="Renamed", artist_name="Another", genres=["Rock", "Pop"], album_name="Other")
    write_json(folder / "tracks.json", tracks)

    assert "Songs: 0 new, 1 updated, 4 unchanged." in imported(folder)
    song = Song.objects.get(public_id="id3")
    assert (song.title, song.folded_title, song.album.artist.name) == ("Renamed", "renamed", "Another")
    assert [str(link) for link in song.songgenre_set.all()] == ["Rock", "Pop"]
    changes = Change.objects.filter(id__gt=before)
    assert list(changes.values_list("action", "public_id")) == [("updated", "id3")]


def test_lyrics_that_are_gone_are_gone(tmp_path: Path, tracks: dict[str, Any]) -> None:
    folder = write_release(tmp_path / "release", tracks)
    imported(folder)
    tracks["id0"] = track(track_title="Song 0", lyrics={"lyrics": "", "summary": "", "context": "", "emotional": ""})
    write_json(folder / "tracks.json", tracks)
    imported(folder)
    song = Song.objects.get(public_id="id0")
    assert not hasattr(song, "lyrics")
    assert not song.tags.exists()


def test_a_changed_vector_is_the_only_one_written_and_is_found_at_once(tmp_path: Path, tracks: dict[str, Any]) -> None:
    folder = write_release(tmp_path / "release", tracks)
    imported(folder)
    before = latest_change()
    matrix = np.load(folder / "fairouz_np.npy")
    matrix[2] += 1
    np.save(folder / "fairouz_np.npy", matrix)

    assert "Vectors in joint.published: 1 new or changed." in imported(folder)
    assert list(Change.objects.filter(id__gt=before).values_list("action", "public_id")) == [("encoded", "id2")]
    index = index_store().get(Space.objects.get(key="joint.published"))
    assert np.array_equal(index.vectors(np.array([Song.objects.get(public_id="id2").pk]))[1][0], matrix[2])


def test_added_songs_join_those_that_are_there(tmp_path: Path, tracks: dict[str, Any]) -> None:
    folder = write_release(tmp_path / "release", tracks)
    imported(folder)
    write_release(folder, {**tracks, "new": track()})
    assert "Songs: 1 new, 0 updated, 5 unchanged." in imported(folder)
    assert Vector.objects.filter(song__public_id="new").count() == 5


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ("not an object", "The entry is not an object."),
        (track(track_title=""), "The entry has no title."),
        (track(track_title=["a", "list"]), "The field track_title must be text, not a list."),
        (track(artist_name=None), "The entry has no artist."),
        (track(artist_name={"name": "x"}), "The field artist_name must be text, not a dict."),
        (track(genres="Rock"), "Genres, keywords and emotions must be lists of texts."),
        (track(genres=["Rock", 3]), "Genres, keywords and emotions must be lists of texts."),
        (track(lyrics="la la la"), "The field lyrics is not an object."),
        (track(lyrics={"context": 5}), "Genres, keywords and emotions must be lists of texts."),
        (track(image="javascript:alert(1)"), "The field image must be a web address."),
        (track(preview_url="file:///etc/passwd"), "The field preview_url must be a web address."),
    ],
)
def test_a_song_that_makes_no_sense_is_skipped_and_named(
    tmp_path: Path, tracks: dict[str, Any], entry: Any, sentence: str
) -> None:
    report = imported(write_release(tmp_path / "release", {**tracks, "odd": entry}))
    assert f"Skipped: 1.\n  odd: {sentence}" in report
    assert Song.objects.count() == 5
    assert not Vector.objects.exclude(song__public_id__in=tracks).exists()


@pytest.mark.parametrize("public_id", ["", "a/b", "../x", "<b>", "x" * 65, "a b", ".hidden", "line\nbreak", "end\n"])
def test_an_id_that_cannot_stand_in_an_address_is_skipped(
    tmp_path: Path, tracks: dict[str, Any], public_id: str
) -> None:
    report = imported(write_release(tmp_path / "release", {**tracks, public_id: track()}))
    assert "Skipped: 1.\n" in report
    assert "is not usable" in report
    assert set(Song.objects.values_list("public_id", flat=True)) == set(tracks)


@pytest.mark.parametrize(
    "title", ["<script>alert(1)</script>", "‮abc‬ الأمل", "🎵" * 300, "x" * 10_000, "a\x00b", "‎", "'; DROP TABLE x; --"]
)
def test_hostile_titles_are_kept_as_they_are(tmp_path: Path, title: str) -> None:
    imported(write_release(tmp_path / "release", {"odd": track(track_title=title)}))
    assert Song.objects.get().title == title.replace("\x00", "")


@pytest.mark.parametrize("field", ["artist_name", "album_name"])
def test_a_name_longer_than_its_column_is_told(tmp_path: Path, tracks: dict[str, Any], field: str) -> None:
    report = imported(write_release(tmp_path / "release", {**tracks, "odd": track(**{field: "x" * 501})}))
    assert "Skipped: 1.\n  odd: " in report
    assert field in report


def test_a_tag_and_a_genre_longer_than_their_column_are_told(tmp_path: Path, tracks: dict[str, Any]) -> None:
    long = {"a": track(genres=["x" * 501]), "b": track(lyrics={"context": ["y" * 501]})}
    assert "Skipped: 2.\n  a: " in imported(write_release(tmp_path / "release", {**tracks, **long}))


def test_repeated_genres_and_tags_count_once(tmp_path: Path) -> None:
    words = {"lyrics": "la", "context": ["sea", " sea "], "emotional": ["sea"]}
    imported(write_release(tmp_path / "release", {"one": track(genres=["Pop", "Pop"], lyrics=words)}))
    song = Song.objects.get()
    assert [str(link) for link in song.songgenre_set.all()] == ["Pop"]
    assert list(Tag.objects.order_by("kind").values_list("kind", "name")) == [("emotion", "sea"), ("keyword", "sea")]


def test_an_entry_without_optional_fields_is_a_song(tmp_path: Path) -> None:
    imported(write_release(tmp_path / "release", {"bare": {"track_title": "T", "artist_name": "A"}}))
    song = Song.objects.get()
    assert (song.album, song.cover_url, song.external_ids) == (None, "", {})


def test_a_space_without_its_file_is_left_out_and_named(tmp_path: Path, tracks: dict[str, Any]) -> None:
    folder = write_release(tmp_path / "release", tracks)
    (folder / "audio_np.npy").unlink()
    assert "There is no file audio_np.npy, so the space audio.vggish is left out." in imported(folder)
    assert set(Space.objects.values_list("modality", flat=True)) == {"joint", "text", "image", "graph"}


def test_ten_thousand_songs_import(tmp_path: Path) -> None:
    many = {
        f"id{n}": track(track_title=f"Song {n}", artist_name=f"Artist {n % 900}", album_name=f"Album {n % 2500}")
        for n in range(10_000)
    }
    folder = write_release(tmp_path / "release", many)
    for stem in ("text", "image", "audio", "graph"):  # one space shows it as well as five
        (folder / f"{stem}_np.npy").unlink()
    assert "Songs: 10000 new, 0 updated, 0 unchanged." in imported(folder)
    assert Song.objects.count() == Vector.objects.count() == 10_000
    assert Album.objects.count() == len({(t["artist_name"], t["album_name"]) for t in many.values()})
