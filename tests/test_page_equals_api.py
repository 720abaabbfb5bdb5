"""A page and its twin show the same, in the same order, for the same parameters."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from catalog.models import Album, Artist, Genre, Song, Tag
from fairouz_site.templatetags.fairouz import figure, percent
from tests.markup import Element, listed_songs, parsed, song_titles
from tests.release import STEMS, Release

SONG_QUERIES = [
    "",
    "sort=artist",
    "sort=newest",
    "sort=-year",
    "page=2",
    "page=35",
    "page=3&page_size=100&sort=artist",
    "genre=Pop",
    "genre=Rock&genre=Pop",
    "artist=The+Weeknd&sort=artist",
    "artist=beyonce",
    "q=love",
    "q=love+weeknd",
    "tag=longing",
    "has_lyrics=false",
    "has_lyrics=true&page=4",
    "has_cover=true&has_preview=1&genre=Pop&page_size=7",
    "year_min=1990",
    "q=nothing+is+called+this",
]


def both(client: Client, address: str) -> tuple[Element, Any]:
    page, twin = client.get(address), client.get(f"/api/v1{address}")
    assert (page.status_code, twin.status_code) == (200, 200), address
    return parsed(page), twin.json()


def ids(body: dict[str, Any]) -> list[str]:
    return [song["id"] for song in body["results"]]


def assert_same_paging(page: Element, body: dict[str, Any]) -> None:
    for rel, link in (("next", body["next"]), ("prev", body["previous"])):
        shown = [parse_qs(a["href"].lstrip("?")) for a in page.all("a", rel=rel)]
        assert shown == ([parse_qs(urlsplit(link).query)] if link else [])


@pytest.mark.parametrize("query", SONG_QUERIES)
def test_browse(release: Release, client: Client, query: str) -> None:
    page, body = both(client, f"/songs/?{query}")
    assert listed_songs(page) == ids(body)
    assert page.one("p", "list-head__count").text.split()[0] == f"{body['count']:,}"
    assert [link.text for link in song_titles(page)] == [song["title"] for song in body["results"]]
    assert_same_paging(page, body)


@pytest.mark.parametrize("query", ["", "sort=artist&page_size=5", "has_lyrics=true", "genre=Pop&q=a", "page=1"])
@pytest.mark.parametrize("model", [Artist, Album, Genre, Tag])
def test_songs_of_an_artist_album_genre_or_tag(release: Release, client: Client, model: Any, query: str) -> None:
    kind = model._meta.model_name
    subject = max(model.objects.all(), key=lambda row: row.songs.count())
    page, body = both(client, f"/{kind}s/{subject.pk}/?{query}")
    assert listed_songs(page) == ids(body)
    assert body["count"] <= subject.songs.count()
    if not query:
        assert body["count"] == subject.songs.count() > 1
    assert_same_paging(page, body)


@pytest.mark.parametrize("query", ["", "page=2&page_size=10", "page_size=100"])
@pytest.mark.parametrize("kind", ["artists", "albums", "genres", "tags"])
def test_lists_of_artists_albums_genres_and_tags(release: Release, client: Client, kind: str, query: str) -> None:
    page, body = both(client, f"/{kind}/?{query}")
    shown = [
        (
            urlsplit(link["href"]).path,
            link.one("bdi", "name__name").text,
            int(link.one("span", "name__count").text.split()[0]),
        )
        for link in page.all("a", "name")
    ]
    expected = [
        (urlsplit(row["page"]).path, " ".join((row.get("name") or row["title"]).split()), row["songs"])
        for row in body["results"]
    ]
    assert shown == expected
    assert_same_paging(page, body)


@pytest.mark.parametrize("query", ["", "k=1", "k=100", "k=5&genre=Pop", "k=7&has_lyrics=true&artist=The+Weeknd"])
@pytest.mark.parametrize("name", STEMS)
def test_similar_per_space(release: Release, client: Client, name: str, query: str) -> None:
    for public_id in release.ids[::300]:
        address = f"/songs/{public_id}/similar/?space={name}&{query}"
        page, body = both(client, address)
        assert listed_songs(page)[-len(body["results"]) :] == [hit["song"]["id"] for hit in body["results"]]
        shown = [hit.one("span", "hit__closeness") for hit in page.all("li", "hit")]
        assert [s["title"] for s in shown] == [
            f"Closer than {percent(h['closeness'])} of the other songs; squared distance {figure(h['distance'])}"
            for h in body["results"]
        ]


@pytest.mark.parametrize("name", STEMS)
def test_a_song_page_with_its_tabs(release: Release, client: Client, name: str) -> None:
    for public_id in release.ids[::200]:
        page, body = both(client, f"/songs/{public_id}/?space={name}&k=12")
        assert page.one("h1").text == " ".join(body["title"].split())
        tabs = page.one("nav", "tabs").all("a")
        assert [tab["data-space"] for tab in tabs] == [space["modality"] for space in body["spaces"]]
        assert [bool(tab.all("span", "tab__missing")) for tab in tabs] == [bool(s["missing"]) for s in body["spaces"]]
        assert [tab["data-space"] for tab in tabs if tab.attributes.get("aria-current")] == [name]
        similar = client.get(f"/api/v1/songs/{public_id}/similar/?space={name}&k=12").json()
        assert listed_songs(page) == [hit["song"]["id"] for hit in similar["results"]]
        tags = [chip.text for chip in page.all("a", "chip--keyword") + page.all("a", "chip--emotion")]
        assert tags == [" ".join(tag["name"].split()) for tag in body["tags"]]


def test_what_is_missing_is_said_on_both(release: Release, client: Client) -> None:
    public_id = sorted(release.lacking("text"))[0]
    page, body = both(client, f"/songs/{public_id}/similar/?space=text")
    assert (body["results"], body["missing"]) == ([], "no lyrics")
    assert page.one("p", "empty__title").text == "No place in the text space: no lyrics"


def test_the_small_bars_are_the_closeness_that_include_spaces_gives(release: Release, client: Client) -> None:
    for public_id in (release.ids[3], sorted(release.lacking("text"))[0]):
        address = f"/songs/{public_id}/similar/"
        table = parsed(client.get(f"{address}bars/?space=audio&k=4")).one("tbody")
        body = client.get(f"/api/v1{address}?space=audio&k=4&include=spaces").json()
        order = {"joint": "joint.published", "text": "text.mxbai", "image": "image.clip", "graph": "graph.published"}
        for row, hit in zip(table.all("tr"), body["results"], strict=True):
            closeness = {**hit["spaces"], "audio": hit["closeness"]}
            keys = [order["joint"], order["text"], order["image"], "audio", order["graph"]]
            assert row.one("th").one("a")["href"] == f"/songs/{hit['song']['id']}/"
            assert [cell.text for cell in row.all("td", "number")] == [percent(closeness[k]) or "missing" for k in keys]


def test_an_explanation_shows_the_same_figures(release: Release, client: Client) -> None:
    lacking = sorted(release.lacking("text"))[0]
    for a, b in [(release.ids[0], release.ids[9]), (release.ids[9], release.ids[0]), (release.ids[4], lacking)]:
        page, body = both(client, f"/songs/{a}/explain/{b}/")
        rows = page.one("section", "panel").one("tbody").all("tr")
        for row, space in zip(rows, body["spaces"], strict=True):
            cells = [cell.text for cell in row.all("td")]
            if space["missing"]:
                assert cells == [space["missing"]]
                continue
            cosine = f"{space['cosine']:.3f}"
            rank = f"{space['rank']:,} of {space['others']:,}"
            assert cells == [figure(space["distance"]), cosine, percent(space["closeness"]), rank]
        assert page.one("p", "explanation__summary").text == " ".join(body["summary"].split())
        assert [e.text for e in page.all("dt")] == [f"Same {kind}" for kind in body["shared"]]


@pytest.mark.parametrize("query", ["", "q=love", "q=the+weeknd", "q=zzzz"])
def test_songs_to_explain_against(release: Release, client: Client, query: str) -> None:
    page, body = both(client, f"/songs/{release.ids[2]}/explain/?{query}")
    shown = [link["href"] for link in song_titles(page)]
    assert shown == [f"/songs/{release.ids[2]}/explain/{other}/" for other in ids(body)]
    assert body["count"] == len(shown)


@pytest.mark.parametrize("q", ["", "love", "weeknd", "th", "أ", "zzzz", "%", "_"])
def test_suggestions(release: Release, client: Client, q: str) -> None:
    body = client.get("/api/v1/suggest/", {"q": q}).json()
    dropped = client.get("/suggest/", {"q": q}, headers={"HX-Request": "true"})
    shown = [link["href"] for link in parsed(dropped).all("a", "suggestion")]
    assert shown == [urlsplit(row["page"]).path for group in body.values() for row in group]


def test_home(release: Release, client: Client) -> None:
    page, body = both(client, "/")
    assert listed_songs(page) == [song["id"] for song in body["start"]]
    facts = [int(link.one("strong").text.replace(",", "")) for link in page.one("p", "facts").all("a")]
    assert facts == [body[kind] for kind in ("songs", "artists", "albums", "genres")]
    assert body["songs"] == Song.objects.count()


def test_spaces(release: Release, client: Client) -> None:
    page, body = both(client, "/spaces/")
    rows = page.one("tbody").all("tr")
    assert [row["id"] for row in rows] == [space["key"] for space in body["results"]]
    for row, space in zip(rows, body["results"], strict=True):
        figures = [cell.text for cell in row.all("td", "number")]
        assert figures == [f"{space['dimension']:,}", f"{space['vectors']:,} of {space['songs']:,}"]


def test_plugins(release: Release, client: Client) -> None:
    page, body = both(client, "/plugins/")
    assert [code.text for code in page.all("code")] == [plugin["key"] for plugin in body["results"]]
    assert {"flat", "release", "similar"} <= {plugin["key"] for plugin in body["results"]}
