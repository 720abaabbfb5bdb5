"""Encoding: growing a space, and switching it over to another revision in one step."""

from __future__ import annotations

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from fairouz_site.registry import registry
from retrieval.models import Space, Vector
from retrieval.services import similar
from retrieval.spaces import resolve_space
from tests.library_of import draft, song, store_songs

pytestmark = pytest.mark.django_db


class Lengths:
    """An encoder whose vectors tell their revision: (length of the text, revision)."""

    key, modality, dim, takes, encodes_queries, cost = "text.lengths", "text", 2, "words", True, "none"

    def __init__(self, revision: str = "1") -> None:
        self.revision = revision
        self.fail_after: int | None = None
        self.encoded = 0

    def encode(self, items, *, progress=None):
        self.encoded += len(items)
        if self.fail_after is not None and self.encoded > self.fail_after:
            raise KeyboardInterrupt
        return np.array([[len(item), int(self.revision)] for item in items], dtype=np.float32).reshape(-1, 2)

    encode_queries = encode


@pytest.fixture
def lengths():
    encoder = Lengths()
    registry("encoder").register(encoder.key, encoder)
    yield encoder
    registry("encoder").unregister(encoder.key)


def encode(**options) -> None:
    call_command("encode", space=["text.lengths"], verbosity=0, **options)


def revisions() -> set[float]:
    """The last number of every stored vector, per unit of its first part's weight."""
    return {round(float(vector.array()[1])) for vector in Vector.objects.filter(space__key="text.lengths")}


def test_the_first_run_makes_the_space_and_later_ones_only_add(lengths):
    store_songs([draft(f"s{i}") for i in range(3)])
    encode()
    assert Vector.objects.count() == 3
    song("late")
    before = lengths.encoded
    encode(only_missing=True)
    assert Vector.objects.count() == 4
    assert lengths.encoded - before == 2  # one song: its names, and what it is about
    assert similar(song("late"), resolve_space("text.lengths"), 10).hits


def test_another_revision_is_refused_for_additions_and_switched_to_as_a_whole(lengths):
    store_songs([draft(f"s{i}") for i in range(3)])
    encode()
    lengths.revision = "5"
    with pytest.raises(CommandError, match="without --only-missing"):
        encode(only_missing=True)
    old = revisions()
    encode()
    assert Space.objects.get(key="text.lengths").revision == "5"
    assert len(revisions()) == 1
    assert revisions() != old
    assert not Space.everything.filter(staging=True).exists()


def test_an_interrupted_switch_leaves_the_old_vectors_and_goes_on_later(lengths, monkeypatch):
    monkeypatch.setattr("retrieval.encoding.BATCH", 1)
    store_songs([draft(f"s{i}") for i in range(4)])
    encode()
    old = revisions()
    lengths.revision, lengths.encoded, lengths.fail_after = "5", 0, 4
    with pytest.raises(KeyboardInterrupt):
        encode()
    assert revisions() == old
    assert [space.key for space in Space.objects.all()] == ["text.lengths"]
    lengths.encoded, lengths.fail_after = 0, None
    encode()
    assert lengths.encoded == 4  # two of four songs were done before, two texts a song
    assert revisions() != old


def test_an_unknown_encoder_is_answered_with_the_known_ones(db):
    with pytest.raises(CommandError, match=r"text\.minilm"):
        call_command("encode", space=["text.nothing"], verbosity=0)


def test_a_song_without_material_is_missing_and_a_broken_file_is_reported(capsys, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "broken.webp").write_bytes(b"no picture")
    song("none")
    song("broken", cover_file="broken.webp")
    call_command("encode", space=["image.layout"], verbosity=1)
    said = capsys.readouterr().out
    assert "0 songs encoded, 1 have nothing to encode" in said
    assert "broken" in said
    assert not Vector.objects.exists()


def test_the_graph_encoder_ties_songs_of_one_artist_and_places_a_new_one_among_them():
    for artist in ("A", "B", "C"):
        store_songs([draft(f"{artist}{i}", artists=(artist,), genres=("G",)) for i in range(4)])
    call_command("encode", space=["graph.randne"], verbosity=0)
    before = {v.song_id: bytes(v.data) for v in Vector.objects.all()}
    song("A-new", artists=("A",), genres=("G",))
    call_command("encode", space=["graph.randne"], only_missing=True, verbosity=0)
    hits = similar(song("A-new", artists=("A",), genres=("G",)), resolve_space("graph"), 4).hits
    assert {hit.song.public_id for hit in hits} == {"A0", "A1", "A2", "A3"}
    assert before.items() <= {v.song_id: bytes(v.data) for v in Vector.objects.all()}.items()
