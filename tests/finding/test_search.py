"""Free-text search: names win, meaning finds, slips are forgiven, and page and API agree."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from catalog.models import Song
from catalog.services import delete_songs
from retrieval.search import search
from tests.library_of import draft, store_songs

pytestmark = pytest.mark.django_db

SONGS = [
    draft("halo", title="Halo", artists=("Beyoncé",), keywords=("light", "angel"), emotions=("hopeful",)),
    draft(
        "lament",
        title="The Widow",
        artists=("Trad",),
        genres=("Air",),
        summary="A woman mourns her husband, lost at sea.",
    ),
    draft("jig", title="Morning Dew", artists=("Trad",), genres=("Jig",), keywords=("dance",), emotions=("cheerful",)),
    draft("amal", title="الأمل", artists=("فيروز",), genres=("Arabic",)),
    draft("love1", title="Love", artists=("One",), lyrics="[120 words withheld]"),
    draft("love2", title="Endless Love Story", artists=("Two",), lyrics="We sailed beyond the lighthouse"),
    draft("quote", title='Say "what" <b>now</b>', artists=("Three",)),
]


@pytest.fixture
def songs() -> None:
    store_songs(SONGS)


@pytest.fixture
def encoded(songs: None) -> None:
    call_command("encode", space=["text.minilm"], verbosity=0)


def found(query: str, **options) -> list[str]:
    return [hit.song.public_id for hit in search(query, **options).hits]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("Halo", "halo"),
        ("beyonce", "halo"),
        ("BEYONCÉ", "halo"),
        ("الامل", "amal"),
        ("فيروز", "amal"),
        ("beyonse", "halo"),
        ("love", "love1"),
        ("endless love story", "love2"),
        ("lighthouses", "love2"),
        ("mourning", "lament"),
        ('"what"', "quote"),
    ],
)
def test_words_and_names_find_without_any_encoder(songs, query, first):
    assert found(query)[0] == first


def test_a_sentence_finds_by_meaning(encoded):
    hits = search("somebody weeps for the dead").hits
    assert hits[0].song.public_id == "lament"
    assert hits[0].closeness == max(hit.closeness for hit in hits)


def test_the_reason_is_told(encoded):
    by_song = {hit.song.public_id: hit for hit in search("beyonce").hits}
    assert (by_song["halo"].reason, by_song["halo"].matched) == ("name", ["Beyoncé"])
    by_song = {hit.song.public_id: hit for hit in search("cheerful dancing").hits}
    assert (by_song["jig"].reason, set(by_song["jig"].matched)) == ("tag", {"cheerful", "dance"})
    by_song = {hit.song.public_id: hit for hit in search("lighthouse sailing").hits}
    assert by_song["love2"].reason == "lyrics"


def test_a_misspelt_word_is_corrected_and_said_so(songs):
    assert dict(search("beyonse").corrections) == {"beyonse": "beyonce"}
    assert dict(search("beyonce").corrections) == {}


def test_withheld_lyrics_are_not_searched(songs):
    assert "love1" not in found("withheld")


@pytest.mark.parametrize("query", ["", "   ", "…", '"', "' OR 1=1 --", "NEAR(", "title:", "*", "\x00", "(" * 400])
def test_odd_queries_answer_without_an_error(encoded, client, query):
    response = client.get("/api/v1/search/", {"q": query})
    assert response.status_code in (200, 400)


def test_an_empty_query_finds_nothing_and_the_page_proposes_examples(encoded, client):
    assert search("").count == 0
    page = client.get("/search/").content.decode()
    assert "Try" in page
    assert "/search/?q=" in page


def test_too_long_a_query_is_refused_in_one_sentence(client, db):
    response = client.get("/api/v1/search/", {"q": "a" * 501})
    assert response.status_code == 400
    assert response.json()["errors"] == {"q": ["q must be at most 500 characters long."]}


def test_filters_restrict_and_bad_ones_are_named(encoded, client):
    assert [hit["song"]["id"] for hit in client.get("/api/v1/search/?q=trad&genre=Jig").json()["results"]] == ["jig"]
    assert client.get("/api/v1/search/?q=trad&genre=Nope").status_code == 400


def test_pages_of_results_join_without_gap_or_repeat(encoded, client):
    whole = [hit["song"]["id"] for hit in client.get("/api/v1/search/?q=love").json()["results"]]
    parts, address = [], "/api/v1/search/?q=love&page_size=1"
    while address:
        body = client.get(address).json()
        parts += [(hit["rank"], hit["song"]["id"]) for hit in body["results"]]
        address = body["next"]
    assert parts == list(enumerate(whole, 1))


def test_page_and_api_give_the_same_songs_in_the_same_order(encoded, client):
    import re

    page = client.get("/search/?q=love").content.decode()
    listed = re.findall(r'song__title"[^>]*>\s*<a href="/songs/([^/]+)/"', page)
    assert listed == [hit["song"]["id"] for hit in client.get("/api/v1/search/?q=love").json()["results"]]


def test_what_is_added_is_found_at_once_and_what_is_deleted_never_again(encoded):
    store_songs([draft("new", title="Quetzal", artists=("Someone",))])
    assert found("quetzal") == ["new"]
    delete_songs(Song.objects.filter(public_id="new"))
    assert "new" not in found("quetzal")


def test_a_renamed_artist_is_found_by_the_new_name_only(songs, admin_client):
    artist = Song.objects.get(public_id="halo").artists.get()
    admin_client.post(f"/admin/catalog/artist/{artist.pk}/change/", {"name": "Sasha"})
    assert found("sasha")[0] == "halo"
    assert "halo" not in found("beyonce")


def test_the_same_query_gives_the_same_list(encoded):
    assert found("love and death at sea") == found("love and death at sea")


def test_markup_in_names_and_queries_stays_text(encoded, client):
    page = client.get("/search/", {"q": "<b>now</b> <script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in page
    assert "<b>now</b>" not in page
