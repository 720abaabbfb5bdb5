"""Hostile names are shown as they are and do no harm, on every page and in the API."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from catalog.models import Album, Artist, Genre, Song, Tag
from catalog.store import store_songs
from tests.library_of import draft, give_vectors
from tests.markup import parsed

pytestmark = pytest.mark.django_db

NAMES = {
    "markup": "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "attribute": '" onmouseover="alert(1)" x="',
    "template": "{{ settings.SECRET_KEY }}{% load static %}",
    "entities": "&lt;b&gt; &amp;nbsp; &#x27;",
    "right to left": "‮فيروز ‭abc‬ الأمل",
    "emoji": "👩‍👩‍👧‍👦🎵" * 20,
    "combining": "Z̷̡̢͎̦̱͙̪̲̭̥̬̝̱̤̙̐́̓̾͊͒͛̌̏͂̕͝ͅa̸̛l̷̛g̵o",
    "long": "x" * 480,
    "quotes": "'; DROP TABLE catalog_song; --",
    "spaces": "\u3000\u200b \t",
    "line ends": "a\nb\r\nc",
    "private": "\ue000\U0010ffff",
}


@pytest.fixture(params=NAMES.values(), ids=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    """A name that everything in the catalogue bears."""
    hostile = request.param
    facts = {
        "title": hostile,
        "artists": (hostile,),
        "album": hostile,
        "album_artist": hostile,
        "genres": (hostile,),
        "keywords": (hostile,),
        "emotions": (hostile,),
        "summary": hostile,
        "lyrics": hostile,
        "attribution": hostile,
        "external_ids": {"deezer": hostile},
    }
    store_songs([draft("a", **facts), draft("b", **facts)])
    for key in ("joint.test", "text.test", "audio.test"):
        give_vectors({"a": [0.0, 1.0], "b": [1.0, 0.0]}, key)
    return hostile


def addresses() -> list[str]:
    return [
        "/",
        "/songs/",
        "/songs/a/",
        "/songs/a/similar/",
        "/songs/a/similar/bars/",
        "/songs/a/explain/",
        "/songs/a/explain/b/",
        "/artists/",
        "/albums/",
        "/genres/",
        "/tags/",
        f"/artists/{Artist.objects.get().pk}/",
        f"/albums/{Album.objects.get().pk}/",
        f"/genres/{Genre.objects.get().pk}/",
        f"/tags/{Tag.objects.all()[0].pk}/",
        "/spaces/",
        "/art/a.svg",
    ]


def test_no_page_breaks_or_obeys(client: Client, name: str) -> None:
    for address in addresses():
        response = client.get(address)
        assert response.status_code == 200, address
        text = response.content.decode()
        page = parsed(response)  # raises where a name opened or closed an element
        assert not [e for e in page if any(attribute.startswith("on") for attribute in e.attributes)], address
        for bare in ("<script>alert", "<img src=x", settings.SECRET_KEY):
            assert bare not in text, address


def test_a_search_for_the_name_works(client: Client, name: str) -> None:
    for address in ("/songs/", "/suggest/", "/songs/a/explain/", "/songs/a/similar/"):
        for field in ("q", "artist", "genre", "tag"):
            query = {field: name[:200].strip()}
            page, twin = client.get(address, query), client.get(f"/api/v1{address}", query)
            assert page.status_code == twin.status_code in (200, 400)
            parsed(page)


def test_the_api_gives_the_name_back_unchanged(client: Client, name: str) -> None:
    body = client.get("/api/v1/songs/a/").json()
    assert (body["title"], body["artists"][0]["name"], body["album"]["title"]) == (name, name, name)
    assert (body["genres"], [tag["name"] for tag in body["tags"]]) == ([name], [name, name])
    assert body["lyrics"] == {"text": name, "summary": name, "withheld": False}
    assert client.get("/api/v1/songs/a/explain/b/").json()["shared"]["artist"] == [name]
    assert client.get("/api/v1/songs/a/similar/").json()["results"][0]["song"]["title"] == name


def test_a_title_of_ten_thousand_characters_fits_everywhere(client: Client) -> None:
    store_songs([draft("a", title="ق" * 10_000), draft("b", title="<" * 10_000)])
    give_vectors({"a": [0.0, 1.0], "b": [1.0, 0.0]})
    for address in ("/", "/songs/", "/songs/a/", "/songs/b/", "/songs/a/similar/", "/songs/a/explain/b/", "/art/b.svg"):
        response = client.get(address)
        assert response.status_code == 200
        parsed(response)
    assert client.get("/api/v1/songs/a/").json()["title"] == "ق" * 10_000
    assert parsed(client.get("/songs/a/")).one("h1").text == "ق" * 10_000


def test_lines_of_lyrics_are_kept(client: Client) -> None:
    store_songs([draft("a", lyrics="one\ntwo\n\nthree <b>")])
    assert client.get("/api/v1/songs/a/").json()["lyrics"]["text"] == "one\ntwo\n\nthree <b>"
    words = parsed(client.get("/songs/a/")).one("p", "lyrics__text")
    assert "".join(words._words()) == "one\ntwo\n\nthree <b>"


def test_withheld_lyrics_are_said_but_not_shown(client: Client) -> None:
    store_songs([draft("a", lyrics="[424 words withheld]")])
    page = client.get("/songs/a/")
    assert "424" not in parsed(page).one("main").text
    assert "withheld" in parsed(page).one("main").text
    assert client.get("/api/v1/songs/a/").json()["lyrics"] == {"text": "", "summary": "", "withheld": True}
    assert [row["id"] for row in client.get("/api/v1/songs/?has_lyrics=true").json()["results"]] == ["a"]
    assert Song.objects.get().lyrics.text == "[424 words withheld]"
