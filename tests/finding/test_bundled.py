"""The bundled library as `make run` loads it: five spaces, and a joint space that takes new songs in."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from catalog.models import Song
from retrieval.ingest import ingest
from retrieval.models import Space, Vector
from retrieval.search import search
from retrieval.services import similar
from retrieval.spaces import default_spaces, resolve_space

pytestmark = pytest.mark.django_db


@pytest.fixture
def bundled() -> None:
    call_command("load_library", verbosity=0)


def genres(query: str, count: int = 8) -> list[set[str]]:
    return [{genre.name for genre in hit.song.genres.all()} for hit in search(query, count=count).hits]


def test_it_loads_whole_with_five_spaces_media_and_again_without_change(bundled, media):
    songs = Song.objects.count()
    assert songs >= 290
    assert [space.modality for space in default_spaces()] == ["joint", "text", "image", "audio", "graph"]
    assert {Vector.objects.filter(space=space).count() for space in Space.objects.all()} == {songs}
    assert all((media / song.preview_file.name).is_file() for song in Song.objects.all())
    assert all((media / song.cover_file.name).is_file() for song in Song.objects.all())
    call_command("load_library", verbosity=0)
    assert Song.objects.count() == songs


def test_the_example_sentences_find_what_a_listener_expects(bundled):
    assert sum("jig" in found for found in genres("cheerful jig")) >= 7
    assert sum("string quartet" in found for found in genres("string quartet")) >= 7
    slow = search("melancholy slow air in a minor key", count=8).hits
    assert sum("slow air" in {genre.name for genre in hit.song.genres.all()} for hit in slow) >= 6
    assert sum("minor" in {tag.name for tag in hit.song.tags.all()} for hit in slow) >= 6


def test_a_new_song_is_folded_into_the_joint_space_at_once(bundled, sound_file):
    line = ingest([sound_file("new.wav", pitches=(330.0, 415.3, 493.9))]).lines[0]
    assert line.note == ""
    hits = similar(Song.objects.get(public_id=line.public_id), resolve_space("joint")).hits
    assert len(hits) == 10
