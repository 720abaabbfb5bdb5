"""The bundled library as it is shipped: every song complete, nothing forbidden, sounds and pictures within bounds."""

import json
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from catalog.bundled.synth import LEVEL, SECONDS, loudness
from catalog.media.sound import read_sound

FOLDER = Path(__file__).resolve().parents[2] / "data" / "library"
SONGS = json.loads((FOLDER / "library.json").read_text(encoding="utf-8"))["songs"]
FORBIDDEN = re.compile(
    r"\b(cpe)?bach|palestrina|essen|josquin|trecento|monteverdi|schumann_clara|ciconia|\bluca\b|beach|webern|berlin|verdi|fife",
    re.IGNORECASE,
)
FIELDS = {
    *("id", "title", "artists", "album", "year", "duration", "genres", "keywords", "emotions", "summary", "lyrics"),
    *("cover", "preview", "credit", "external_ids", "facts"),
}
each_song = pytest.mark.parametrize("song", SONGS, ids=[song["id"] for song in SONGS])


def test_there_are_about_300():
    assert 280 <= len(SONGS) <= 320


def test_it_fits():
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) <= 20_000_000


def test_the_head():
    head = json.loads((FOLDER / "library.json").read_text(encoding="utf-8"))
    assert head["format"] == 1
    assert head["name"]
    assert head["description"]
    assert isinstance(head["spaces"], list)


def test_ids_are_slugs_in_order():
    ids = [song["id"] for song in SONGS]
    assert ids == sorted(set(ids))
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", identity) for identity in ids)


def test_titles_are_clean():
    for song in SONGS:
        title = song["title"]
        assert title == " ".join(title.split())
        assert not title.endswith((".", ","))
        assert not title.isupper()
        assert ", The" not in title


def test_files_and_songs_match():
    assert {song["preview"] for song in SONGS} == {f"clips/{path.name}" for path in (FOLDER / "clips").iterdir()}
    assert {song["cover"] for song in SONGS} == {f"covers/{path.name}" for path in (FOLDER / "covers").iterdir()}


def test_nothing_forbidden_and_no_score():
    assert not [song["id"] for song in SONGS if FORBIDDEN.search(song["credit"]["source"])]
    assert not [path for path in FOLDER.rglob("*") if path.suffix in {".abc", ".xml", ".mxl", ".krn", ".musicxml"}]


@each_song
def test_a_song_is_complete(song):
    assert set(song) == FIELDS
    assert song["artists"]
    assert song["genres"]
    assert len(song["keywords"]) >= 5
    assert 2 <= len(song["emotions"]) <= 4
    assert song["credit"]["source"]
    assert song["credit"]["licence"]
    assert song["album"]["title"]
    assert song["year"] is None or 1500 < song["year"] < 1930
    assert song["facts"]["key"] in song["summary"]
    assert 60 < len(song["summary"]) < 700


@each_song
def test_a_clip_is_playable(song):
    sound = read_sound(FOLDER / song["preview"])
    assert sound.rate == 24_000
    assert sound.seconds == pytest.approx(SECONDS, abs=0.05)
    assert song["duration"] == SECONDS
    assert np.abs(sound.samples).max() < 10 ** (-1 / 20)
    assert loudness(sound.samples, sound.rate) == pytest.approx(LEVEL, abs=1.5)
    assert np.abs(sound.samples[:24]).max() < 0.03
    assert np.abs(sound.samples[-240:]).max() < 0.01
    seconds = sound.samples[: 13 * sound.rate].reshape(13, -1)
    assert (np.sqrt((seconds**2).mean(axis=1)) > 0.003).sum() >= 12  # no long silence before the end


@each_song
def test_a_cover_is_good_to_look_at(song):
    path = FOLDER / song["cover"]
    with Image.open(path) as picture:
        assert (picture.format, picture.size) == ("WEBP", (320, 320))
        light = np.asarray(picture.convert("L"), dtype=float) / 255
    assert path.stat().st_size < 30_000
    assert 0.15 < light.mean() < 0.95
    assert light.std() > 0.03


def test_the_edition_under_cc_by_is_credited():
    (corelli,) = [song for song in SONGS if song["artists"] == ["Arcangelo Corelli"]]
    assert "Cuthbert" in corelli["credit"]["attribution"]
    assert "CC BY" in corelli["credit"]["licence"]


@pytest.mark.parametrize("drawn", ["instrument", "layout"])
def test_timbre_and_layout_do_not_give_the_genre_away(drawn):
    counts = Counter(genre for song in SONGS for genre in song["genres"])
    for genre in (genre for genre, count in counts.items() if count >= 16):
        seen = Counter(song["facts"][drawn] for song in SONGS if genre in song["genres"])
        assert len(seen) >= 5, genre
        assert max(seen.values()) <= 0.4 * seen.total(), genre


def test_no_address_of_a_person_is_shipped():
    assert "@" not in (FOLDER / "library.json").read_text(encoding="utf-8")
