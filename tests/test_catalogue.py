"""Names, songs of the day, suggestions and the log of changes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from catalog.changes import latest_change
from catalog.models import Album, Artist, Change, Song
from catalog.selectors import song_by_public_id, songs_of_the_day
from catalog.store import draft_of, store_songs
from catalog.suggest import suggestions
from catalog.text import folded
from tests.library_of import draft, random_library, song
from tests.release import Release


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Beyoncé", "beyonce"),
        ("الأمل", "الامل"),
        ("فَيْروز", "فيروز"),
        ("Straße", "STRASSE"),
        ("Mädchen  heißt", "madchen heisst"),
        ("Æther", "aether"),
        ("don’t", "don't"),
        ("ＡＢＣ", "abc"),
    ],
)
def test_names_fold_alike(written: str, typed: str) -> None:
    assert folded(written) == folded(typed)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    assert folded(text) == folded(f"  {text}\n")


@pytest.mark.django_db
def test_a_stored_song_reads_back_as_its_draft() -> None:
    given_facts = draft(
        "a",
        artists=("B", "A", "C"),
        album="X",
        album_artist="Various",
        year=1999,
        duration=1.5,
        genres=("Rock", "Pop"),
        keywords=("sea", "Sea"),
        emotions=("joy",),
        lyrics="la\nla",
        summary="s",
        cover_url="https://a.example/b.jpg",
        external_ids={"deezer": "1"},
        attribution="CC",
    )
    store_songs([given_facts])
    assert draft_of(song_by_public_id("a")) == given_facts
    before = latest_change()
    assert store_songs([given_facts]).unchanged == ["a"]
    assert latest_change() == before


@pytest.mark.django_db
def test_two_drafts_of_one_id_are_refused_and_nothing_is_kept() -> None:
    with pytest.raises(ValueError, match="share a public id"):
        store_songs([draft("a"), draft("b"), draft("a")])
    assert not Song.objects.exists()


@pytest.mark.django_db
def test_two_artists_may_each_have_their_greatest_hits() -> None:
    store_songs([draft(n, artists=(n,), album="Greatest Hits", album_artist=n) for n in "ab"])
    assert Album.objects.filter(title="Greatest Hits").count() == 2


@pytest.mark.django_db
def test_the_database_itself_refuses_what_would_be_double() -> None:
    stored = song("a", album="X", album_artist="Artist a")
    for double in (
        lambda: Song.objects.create(public_id="a", title="again"),
        lambda: Artist.objects.create(name="Artist a"),
        lambda: Album.objects.create(title="X", artist=stored.album.artist),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            double()


@pytest.mark.django_db
@pytest.mark.parametrize("public_id", ["", "a b", "../a", "x" * 65, "é"])
def test_an_id_that_cannot_stand_in_an_address_is_invalid(public_id: str) -> None:
    with pytest.raises(ValidationError) as raised:
        Song(public_id=public_id, title="t").full_clean()
    assert "public_id" in raised.value.message_dict


@pytest.mark.django_db
def test_every_write_leaves_its_change_and_a_taken_back_write_none() -> None:
    store_songs([draft("a"), draft("b")])
    store_songs([draft("a", title="Renamed"), draft("b")])
    logged = Change.objects.order_by("id").values_list("action", "public_id")
    assert list(logged) == [("created", "a"), ("created", "b"), ("updated", "a")]
    before = latest_change()
    with transaction.atomic():
        store_songs([draft("c")])
        transaction.set_rollback(True)
    assert latest_change() == before


def test_songs_of_the_day_are_the_same_all_day_and_others_tomorrow(release: Release) -> None:
    today = date(2026, 5, 17)
    chosen = [song.public_id for song in songs_of_the_day(12, today)]
    assert len(set(chosen)) == 12
    assert chosen == [song.public_id for song in songs_of_the_day(12, today)]
    assert chosen != [song.public_id for song in songs_of_the_day(12, today + timedelta(days=1))]


@pytest.mark.django_db
@pytest.mark.parametrize("count", [0, 1, 5])
def test_a_small_library_has_fewer_songs_of_the_day(count: int) -> None:
    random_library(count, *(["joint"] if count else []))
    assert len(songs_of_the_day(12)) == count


def test_suggestions_tell_songs_of_one_title_apart(release: Release) -> None:
    found = [s for s in suggestions("tamally maak").songs if s.title == "Tamally Maak"]
    assert len(found) == 2
    assert all(s.artists.all() and s.album for s in found)


@pytest.mark.django_db
def test_suggestions_that_start_with_the_words_come_first_and_are_few() -> None:
    store_songs([draft(f"s{n}", title=f"My Love {n}") for n in range(9)] + [draft("z", title="Love zero")])
    found = suggestions("love").songs
    assert found[0].public_id == "z"
    assert len(found) == 5
    assert not suggestions("   ")
