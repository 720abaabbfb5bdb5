"""The published release, imported: nothing lost, nothing invented."""

from __future__ import annotations

from collections import defaultdict
from io import StringIO

import numpy as np
import pytest
from django.core.management import call_command

from catalog.changes import latest_change
from catalog.models import Album, Artist, Change, Genre, Lyrics, Song, SongGenre, SongTag
from retrieval.models import Space, Vector
from tests.release import STEMS, Release

KEYS = {
    "joint": "joint.published",
    "text": "text.mxbai",
    "image": "image.clip",
    "audio": "audio.vggish",
    "graph": "graph.published",
}


def test_counts_are_those_of_the_files(release: Release) -> None:
    tracks = release.tracks.values()
    assert Song.objects.count() == len(release.tracks) == 822
    assert Artist.objects.count() == len({t["artist_name"] for t in tracks}) == 309
    assert Album.objects.count() == len({(t["artist_name"], t["album_name"]) for t in tracks})
    assert Genre.objects.count() == len({genre for t in tracks for genre in t["genres"]}) == 29
    assert SongTag.objects.count() == sum(
        len(set(t["lyrics"][kind])) for t in tracks for kind in ("context", "emotional") if t["lyrics"][kind]
    )


def test_ids_and_facts_are_kept(release: Release) -> None:
    songs = {song.public_id: song for song in Song.objects.select_related("album__artist", "lyrics")}
    assert set(songs) == set(release.tracks)
    for public_id, track in release.tracks.items():
        song = songs[public_id]
        assert song.title == track["track_title"].strip()
        assert [artist.name for artist in song.artists.all()] == [track["artist_name"].strip()]
        assert (song.album.title, song.album.artist.name) == (track["album_name"].strip(), track["artist_name"].strip())
        assert (song.cover_url, song.preview_url) == (track["image"], track["preview_url"])
        assert song.external_ids == {n: track[f"{n}_id"] for n in ("deezer", "discogs") if track[f"{n}_id"]}


def test_genres_and_tags_keep_their_order(release: Release) -> None:
    genres, tags = links_of(SongGenre, "genre__name"), links_of(SongTag, "tag__name")
    for public_id, track in release.tracks.items():
        assert genres[public_id] == list(dict.fromkeys(track["genres"]))
        words = track["lyrics"]
        expected = [*dict.fromkeys(words["context"] or []), *dict.fromkeys(words["emotional"] or [])]
        assert tags[public_id] == [name.strip() for name in expected]


def links_of(model: type[SongGenre] | type[SongTag], name: str) -> dict[str, list[str]]:
    """Names linked to each song, by public id, in the order kept."""
    names: dict[str, list[str]] = defaultdict(list)
    for public_id, linked in model.objects.order_by("position").values_list("song__public_id", name):
        names[public_id].append(linked)
    return names


def test_lyrics_are_kept_and_known_to_be_withheld(release: Release) -> None:
    texts = {i: t["lyrics"]["lyrics"] for i, t in release.tracks.items() if t["lyrics"]["lyrics"]}
    stored = {lyrics.song.public_id: lyrics for lyrics in Lyrics.objects.select_related("song")}
    assert {public_id: lyrics.text for public_id, lyrics in stored.items()} == texts
    assert all(lyrics.withheld and not lyrics.readable_text for lyrics in stored.values())


@pytest.mark.parametrize("name", STEMS)
def test_vectors_are_kept_bit_for_bit(release: Release, name: str) -> None:
    rows = Vector.objects.filter(space__key=KEYS[name]).values_list("song__public_id", "data")
    stored = {public_id: bytes(data) for public_id, data in rows}
    # as they lie in the file: float32 untouched, float64 (audio) rounded to the nearest float32
    matrix = np.load(release.folder / f"{STEMS[name]}_np.npy")
    expected = {
        public_id: row.astype("<f4").tobytes() for public_id, row in zip(release.ids, matrix, strict=True) if row.any()
    }
    assert stored == expected


def test_rows_of_zeros_are_missing(release: Release) -> None:
    without = set(Song.objects.exclude(vectors__space__key=KEYS["text"]).values_list("public_id", flat=True))
    assert without == release.lacking("text") == {i for i, t in release.tracks.items() if not t["lyrics"]["lyrics"]}
    assert len(without) == 49


def test_each_modality_has_its_default_space(release: Release) -> None:
    spaces = Space.objects.filter(is_default=True)
    assert {space.modality: space.key for space in spaces} == KEYS
    assert {space.modality: space.dimension for space in spaces} == {
        name: release.space(name).matrix.shape[1] for name in STEMS
    }


def test_equal_titles_stay_different_songs_and_equal_album_titles_different_albums(release: Release) -> None:
    assert Song.objects.filter(title="Tamally Maak").count() == 2
    hits = Album.objects.filter(title="Greatest Hits")
    assert hits.count() == hits.values("artist").distinct().count() == 6
    assert Song.objects.filter(album__in=hits).count() == 7


def test_every_song_has_its_change(release: Release) -> None:
    changes = Change.objects.filter(action=Change.Action.CREATED)
    assert sorted(changes.values_list("public_id", flat=True)) == sorted(release.tracks)


def test_a_second_import_changes_nothing(release_to_change: Release) -> None:
    def everything() -> list[list]:
        models = Song, Artist, Album, Genre, Lyrics, SongTag, Space, Vector, Change
        return [list(model.objects.order_by("pk").values()) for model in models]

    before, out = everything(), StringIO()
    call_command("import_release", release_to_change.folder, stdout=out, stderr=StringIO())
    assert everything() == before
    assert "Songs: 0 new, 0 updated, 822 unchanged." in out.getvalue()
    assert "Vectors in audio.vggish: 0 new or changed." in out.getvalue()


def test_the_report_names_what_is_worth_a_look(release_to_change: Release) -> None:
    out = StringIO()
    call_command("import_release", release_to_change.folder, dry_run=True, stdout=out, stderr=StringIO())
    report = out.getvalue()
    for fact in (
        "Skipped: 0.",
        "49 songs have no vector in text.mxbai.",
        "287 vectors of image.clip repeat another.",
        "3 vectors of audio.vggish repeat another.",
        "52 songs have no genre.",
    ):
        assert fact in report
    assert report.count(" occurs 2 times: ") == 4


@pytest.mark.django_db
def test_a_dry_run_tells_all_and_keeps_nothing(release_folder, own_indexes) -> None:
    out = StringIO()
    call_command("import_release", release_folder, dry_run=True, stdout=out, stderr=StringIO())
    assert "Dry run: nothing was kept." in out.getvalue()
    assert "Songs: 822 new, 0 updated, 0 unchanged." in out.getvalue()
    assert (Song.objects.count(), Artist.objects.count(), Space.objects.count(), latest_change()) == (0, 0, 0, 0)
    assert not own_indexes.exists()
