"""Bad input gets one clear sentence that names the field and what is allowed: the same on the page and in the API."""

from __future__ import annotations

import html

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from fairouz_site.urls import urlpatterns as site_urls
from tests.library_of import random_library
from tests.markup import parsed
from tests.problems import problem

pytestmark = pytest.mark.django_db

FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def songs() -> list[str]:
    return random_library(30, "joint", "text")


K = "k must be a whole number from 1 to 100."
SPACES = "choose one of joint, text, joint.test, text.test."
BAD_QUERIES = [
    *[
        ("/songs/s0001/similar/", f"k={k}", "k", K)
        for k in ("0", "101", "-1", "1000000000", "abc", "1.5", "1e3", "9" * 5000)
    ],
    *[
        ("/songs/s0001/similar/", f"space={s}", "space", SPACES)
        for s in ("sound", "joint.other", "%F0%9F%8E%B5", "<b>")
    ],
    ("/songs/s0001/similar/", f"space={'x' * 65}", "space", "at most 64 characters"),
    ("/songs/s0001/similar/", "space=%00", "space", "Null characters are not allowed"),
    ("/songs/s0001/similar/", "genre=Polka", "genre", "There is no genre “Polka”: /api/v1/genres/ lists them."),
    ("/songs/s0001/similar/", "has_lyrics=perhaps", "has_lyrics", "has_lyrics must be true or false."),
    ("/songs/s0001/explain/", f"q={'x' * 201}", "q", "at most 200 characters"),
    ("/songs/", "page=0", "page", "page must be a whole number from 1 to 1000000."),
    ("/songs/", "page=3", "page", "page must be a whole number from 1 to 2."),
    ("/songs/", "page=last", "page", "page must be a whole number from 1 to"),
    ("/songs/", "page_size=0", "page_size", "page_size must be a whole number from 1 to 100."),
    ("/songs/", "page_size=1000", "page_size", "page_size must be a whole number from 1 to 100."),
    ("/songs/", "sort=size", "sort", "sort must be one of title, artist, newest, year, -year."),
    ("/songs/", "genre=Rock&genre=Polka", "genre", "There is no genre “Polka”"),
    ("/songs/", "genre=%00", "genre", "Null characters are not allowed"),
    ("/songs/", "album=first", "album", "album must be the id of an album."),
    ("/songs/", "album=0", "album", "album must be the id of an album."),
    ("/songs/", "album=99999999999999999999", "album", "album must be the id of an album."),
    ("/songs/", "year_min=x", "year_min", "year_min must be a year from 1 to 2200."),
    ("/songs/", "year_max=2201", "year_max", "year_max must be a year from 1 to 2200."),
    ("/songs/", "has_cover=2", "has_cover", "has_cover must be true or false."),
    ("/songs/", "has_preview=None", "has_preview", "has_preview must be true or false."),
    ("/songs/", f"q={'x' * 201}", "q", "at most 200 characters"),
    ("/songs/", "tag=%00", "tag", "Null characters are not allowed"),
    ("/suggest/", f"q={'x' * 201}", "q", "at most 200 characters"),
    *[(f"/{kind}/", "page=2", "page", "page must be a whole number from 1 to") for kind in ("genres", "tags")],
    ("/artists/", "page_size=x", "page_size", "page_size must be a whole number from 1 to 100."),
    ("/albums/", "page=0", "page", "page must be a whole number"),
]


@pytest.mark.parametrize(("address", "query", "field", "sentence"), BAD_QUERIES, ids=lambda value: str(value)[:50])
def test_bad_input_is_named_on_both_faces(
    client: Client, songs: list[str], address: str, query: str, field: str, sentence: str
) -> None:
    body = problem(client.get(f"/api/v1{address}?{query}"), 400)
    assert set(body["errors"]) == {field}
    (said,) = body["errors"][field]
    assert sentence in said
    assert body["detail"] == said
    page = client.get(f"{address}?{query}")
    assert page.status_code == 400
    assert said in html.unescape(page.content.decode())
    part = client.get(f"{address}?{query}", headers=FRAGMENT)
    assert part.status_code == 400
    assert said in html.unescape(part.content.decode())
    assert "<html" not in part.content.decode()


def test_every_wrong_field_is_named(client: Client, songs: list[str]) -> None:
    body = problem(client.get("/api/v1/songs/?year_min=x&has_cover=y&album=z"), 400)
    assert set(body["errors"]) == {"year_min", "has_cover", "album"}


def test_unknown_includes_are_named(client: Client, songs: list[str]) -> None:
    body = problem(client.get("/api/v1/songs/s0001/similar/?include=everything"), 400)
    assert body["errors"] == {"include": ["include must be any of spaces."]}


@pytest.mark.parametrize(
    "address",
    [
        "/songs/nobody/",
        "/songs/nobody/similar/",
        "/songs/nobody/explain/",
        "/songs/nobody/explain/s0001/",
        "/songs/s0001/explain/nobody/",
        "/artists/999999/",
        "/albums/999999/",
        "/genres/999999/",
        "/tags/999999/",
        "/artists/99999999999999999999999/",
        f"/genres/{'9' * 5000}/",
        "/artists/-1/",
        "/songs/a/b/c/d/",
        "/nothing/",
    ],
)
def test_what_is_not_there_is_404_on_both_faces(client: Client, songs: list[str], address: str) -> None:
    said = problem(client.get(f"/api/v1{address}"), 404)["detail"]
    page = client.get(address)
    assert page.status_code == 404
    assert said in parsed(page).one("main").text


@pytest.mark.parametrize("address", ["/api/v1/nothing", "/api/v2/songs/", "/api/"])
def test_an_unknown_address_below_api_is_a_problem(client: Client, address: str) -> None:
    assert problem(client.get(address), 404)["detail"] == "There is nothing at this address."


def test_an_unknown_song_proposes_those_of_like_titles(client: Client) -> None:
    from tests.library_of import song

    song("x1", title="Night Train")
    song("x2", title="Day Boat")
    page = parsed(client.get("/songs/night-trian/"))
    assert [link["href"] for link in page.one("ul", "chips").all("a")] == ["/songs/x1/"]
    assert "There is no song “night-trian”." in page.one("main").text


@pytest.mark.parametrize("public_id", ["<script>alert(1)</script>", "x" * 5000, "‮cba", "%00", "%ED%A0%80", "--", "'"])
def test_any_id_may_be_asked_for(client: Client, songs: list[str], public_id: str) -> None:
    for address in (f"/songs/{public_id}/", f"/songs/{public_id}/similar/", f"/art/{public_id}.svg"):
        response = client.get(address)
        assert response.status_code == 404
        assert "<script>alert" not in response.content.decode()
    if "/" not in public_id:
        problem(client.get(f"/api/v1/songs/{public_id}/"), 404)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("address", ["/api/v1/", "/api/v1/songs/", "/api/v1/songs/s0001/similar/"])
def test_the_api_is_for_reading(client: Client, songs: list[str], method: str, address: str) -> None:
    response = getattr(client, method)(address, data={"k": 1})
    problem(response, 405)
    assert set(response["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


@pytest.mark.parametrize("address", ["/", "/songs/", "/songs/s0001/", "/spaces/", "/about/", "/plugins/", "/healthz"])
def test_pages_are_for_reading(client: Client, songs: list[str], address: str) -> None:
    assert client.post(address).status_code == 405


@pytest.mark.parametrize("address", ["/songs/", "/songs/s0001/", "/songs/s0001/similar/", "/spaces/", "/healthz"])
def test_head_is_get_without_the_body(client: Client, songs: list[str], address: str) -> None:
    for face in (address, f"/api/v1{address}")[: 1 if address == "/healthz" else 2]:
        head, whole = client.head(face), client.get(face)
        assert (head.status_code, head.content) == (200, b"")
        assert head["Content-Type"] == whole["Content-Type"]


def test_the_api_answers_json_whatever_is_asked_for_or_says_no(client: Client, songs: list[str]) -> None:
    for accept in ("*/*", "application/json", "application/*", "text/html, */*;q=0.1"):
        assert client.get("/api/v1/songs/", headers={"Accept": accept}).json()["count"] == 30
    problem(client.get("/api/v1/songs/", headers={"Accept": "text/csv"}), 406)


def test_there_is_no_space_before_the_first_import(client: Client) -> None:
    from catalog.store import store_songs
    from tests.library_of import draft

    store_songs([draft("alone")])
    said = "There is no space yet: import or ingest songs first."
    assert said in problem(client.get("/api/v1/songs/alone/similar/"), 400)["detail"]
    page = client.get("/songs/alone/similar/")
    assert said in parsed(page).one("main").text
    assert page.status_code == 400
    assert client.get("/songs/alone/").status_code == 200


def fail(request: HttpRequest, **kwargs: str) -> HttpResponse:
    raise RuntimeError("a secret inside")


class urls_that_fail:
    """A URLconf with an address that raises on either face."""

    handler400, handler403 = "fairouz_site.errors.bad_request", "fairouz_site.errors.forbidden"
    handler404, handler500 = "fairouz_site.errors.not_found", "fairouz_site.errors.server_error"
    urlpatterns = [path("fail/", fail), path("api/v1/fail/", fail), path("", include((site_urls, "")))]


@pytest.fixture
def failing_site(settings, client: Client) -> Client:
    settings.ROOT_URLCONF = urls_that_fail
    client.raise_request_exception = False
    return client


def test_a_failure_in_the_api_is_a_problem_without_a_trace(failing_site: Client) -> None:
    response = failing_site.get("/api/v1/fail/")
    assert problem(response, 500)["detail"] == "Something went wrong on our side."
    assert "secret" not in response.content.decode()


@pytest.mark.parametrize("headers", [{}, FRAGMENT])
def test_a_failure_on_a_page_shows_a_number_that_the_log_has_too(failing_site: Client, caplog, headers: dict) -> None:
    response = failing_site.get("/fail/", headers=headers)
    assert response.status_code == 500
    shown = parsed(response).one("code").text
    assert f"Request {shown} failed: GET /fail/" in caplog.text
    for word in ("secret", "Traceback", "RuntimeError", "errors.py"):
        assert word not in response.content.decode()


def test_a_host_that_is_not_allowed_is_a_400(client: Client) -> None:
    response = client.get("/songs/", headers={"Host": "evil.example"})
    assert response.status_code == 400
    assert "evil.example" not in response.content.decode()
    problem(client.get("/api/v1/songs/", headers={"Host": "evil.example"}), 400)


def test_a_form_that_expired_says_so() -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/admin/login/", {"username": "x", "password": "y"})
    assert response.status_code == 403
    assert "This form has expired" in parsed(response).one("main").text
