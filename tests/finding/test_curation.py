"""The admin: what is deleted or moved there is gone from, or changed in, everything else at once."""

from __future__ import annotations

import pytest

from catalog.models import Album, Change, Lyrics, Song
from retrieval.ingest import ingest
from retrieval.models import Space, Vector
from retrieval.search import search
from retrieval.services import similar
from retrieval.spaces import resolve_space
from tests.library_of import draft, give_vectors, library_of, store_songs

pytestmark = pytest.mark.django_db


def delete(admin_client, model: str, key: int) -> None:
    response = admin_client.post(f"/admin/{model}/{key}/delete/", {"post": "yes"})
    assert response.status_code == 302


def test_a_song_deleted_in_the_admin_is_returned_by_nothing(
    admin_client, client, media, sound_file, django_capture_on_commit_callbacks
):
    line = ingest([sound_file("gone.wav")]).lines[0]
    store_songs([draft("stays", title="gone too")])
    doomed = Song.objects.get(public_id=line.public_id)
    with django_capture_on_commit_callbacks(execute=True):
        delete(admin_client, "catalog/song", doomed.pk)
    assert client.get(f"/api/v1/songs/{line.public_id}/").status_code == 404
    assert [hit.song.public_id for hit in search("gone").hits] == ["stays"]
    assert not Vector.objects.filter(song_id=doomed.pk).exists()
    assert Change.objects.filter(public_id=line.public_id).last().action == "deleted"
    assert not [path for path in media.rglob("*") if path.is_file()]


def test_a_deleted_song_is_nobody_s_neighbour(admin_client):
    space = library_of({"a": (0, 0), "b": (0, 1), "c": (5, 5)})
    first = Song.objects.get(public_id="a")
    assert [hit.song.public_id for hit in similar(first, space).hits] == ["b", "c"]
    delete(admin_client, "catalog/song", Song.objects.get(public_id="b").pk)
    assert [hit.song.public_id for hit in similar(first, space).hits] == ["c"]


def test_a_deleted_album_and_deleted_lyrics_are_gone_from_song_and_search(admin_client, client):
    store_songs([draft("x", album="Quagga", album_artist="Artist x", lyrics="zeugma line")])
    assert search("quagga").count == search("zeugma").count == 1
    delete(admin_client, "catalog/album", Album.objects.get().pk)
    delete(admin_client, "catalog/lyrics", Lyrics.objects.get().pk)
    assert search("quagga").count == search("zeugma").count == 0
    body = client.get("/api/v1/songs/x/").json()
    assert (body["album"], body["lyrics"]) == (None, None)


def test_a_deleted_space_takes_its_vectors_and_index_along(admin_client, own_indexes):
    space = library_of({"a": (0, 0), "b": (0, 1)})
    similar(Song.objects.get(public_id="a"), space)
    assert (own_indexes / space.key).exists()
    delete(admin_client, "retrieval/space", space.pk)
    assert not Space.objects.exists()
    assert not Vector.objects.exists()
    assert not (own_indexes / "joint.test").exists()


def test_the_default_of_a_modality_can_be_handed_over(admin_client):
    library_of({"a": (0, 0)}, "text.one")
    other = give_vectors({"a": (1, 1)}, "text.two")
    first = Space.objects.get(key="text.one")
    admin_client.post(f"/admin/retrieval/space/{first.pk}/change/", {"label": "One", "is_default": "on"})
    assert resolve_space("text") == first
    other.refresh_from_db()
    assert not other.is_default


@pytest.mark.parametrize(
    "address",
    ["private/{0}", "./private/{0}", "x/../private/{0}", "%2e/private/{0}", "covers/..%2fprivate/{0}", "//private/{0}"],
)
def test_no_address_leads_a_stranger_to_private_sound(client, media, sound_file, address):
    line = ingest([sound_file("secret.wav")]).lines[0]
    response = client.get("/media/" + address.format(f"{line.public_id}.wav"))
    assert response.status_code in (301, 302, 404)


@pytest.mark.parametrize("model", ["song", "artist", "album", "genre", "tag", "lyrics", "change"])
def test_every_list_of_the_catalogue_opens_and_searches(admin_client, model):
    store_songs([draft("x", album="Al", album_artist="Ar", genres=("G",), keywords=("k",), lyrics="l")])
    assert admin_client.get(f"/admin/catalog/{model}/?q=x").status_code == 200


@pytest.mark.parametrize("model", ["space", "vector", "positive"])
def test_every_list_of_the_spaces_opens_and_searches(admin_client, model):
    library_of({"a": (0, 0)})
    assert admin_client.get(f"/admin/retrieval/{model}/?q=a").status_code == 200


def test_so_many_words_or_genres_get_a_sentence_not_an_error(client, db):
    for address, field in (
        ("/api/v1/songs/?q=" + "+".join("ab" * 90), "q"),
        ("/api/v1/songs/?" + "genre=x&" * 90, "genre"),
    ):
        response = client.get(address)
        assert (response.status_code, list(response.json()["errors"])) == (400, [field])
    store_songs([draft("x")])
    assert client.get("/api/v1/songs/x/explain/?q=" + "+".join("ab" * 45)).status_code == 200


def test_plain_words_are_not_corrected_into_names():
    store_songs([draft("house", title="The House"), draft("bride", title="A Bride")])
    assert dict(search("horse ride").corrections) == {}
    assert dict(search("hause").corrections) == {"hause": "house"}
