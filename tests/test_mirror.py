"""Every page has its twin: /songs/… and /api/v1/songs/…, with the same parameters."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse

from tests.markup import parsed
from tests.release import Release

# Pages that need no twin, by the start of their route, and why.
EXEMPT = {
    "admin/": "curation, not public",
    "api/schema/": "describes the API",
    "api/docs/": "describes the API",
    "healthz": "for the operator's monitor",
    "readyz": "for the operator's monitor",
    "media/": "files",
    "art/": "pictures",
    "songs/<str:public_id>/sound.wav": "a file",
    "songs/<str:public_id>/similar/bars/": "the same answer as similar/?include=spaces, which the page loads in two steps",
}
API = "api/v1/"


def routes(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern).lstrip("^")
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, route)
        else:
            yield route, pattern


ROUTES = dict(routes(get_resolver()))
PAGES = [route for route in ROUTES if not route.startswith((API, *EXEMPT))]


@pytest.mark.parametrize("route", PAGES, ids=lambda route: f"/{route}")
def test_every_page_has_its_twin(route: str) -> None:
    assert API + route in ROUTES
    page, twin = ROUTES[route], ROUTES[API + route]
    assert page.name == twin.name


@pytest.mark.parametrize("route", [r for r in ROUTES if r.startswith(API)], ids=lambda route: f"/{route}")
def test_every_twin_has_its_page(route: str) -> None:
    assert route.removeprefix(API) in PAGES


def test_no_exemption_is_left_over() -> None:
    for start in EXEMPT:
        assert any(route.startswith(start) for route in ROUTES)


def takes_uploads(route: str) -> bool:
    """The page is a form for files; its twin takes them by POST and has nothing to GET."""
    return "POST" in ROUTES[API + route].callback.cls().allowed_methods


def addresses(release: Release) -> list[str]:
    """One address for every page of the site, but for those that only take uploads."""
    song, other = release.ids[0], release.ids[1]
    values = {"public_id": song, "other_id": other, "pk": 1}
    found = []
    for route in PAGES:
        if takes_uploads(route):
            continue
        names = [name for name in values if f":{name}>" in route]
        found.append(reverse(ROUTES[route].name, kwargs={name: values[name] for name in names}))
    return found


def test_every_page_and_its_twin_answer(release: Release, client: Client) -> None:
    for address in addresses(release):
        page, twin = client.get(address), client.get(f"/api/v1{address}")
        assert (page.status_code, twin.status_code) == (200, 200), address
        assert page["Content-Type"].startswith("text/html")
        assert twin["Content-Type"] == "application/json"


def test_every_link_of_a_page_to_its_data_leads_there(release: Release, client: Client) -> None:
    seen = 0
    for address in addresses(release):
        for link in parsed(client.get(address)).all("a"):
            if link.attributes.get("href", "").startswith("/api/v1/"):
                seen += 1
                assert client.get(link["href"]).status_code == 200, link["href"]
    assert seen >= len(addresses(release)) - 1


def test_every_link_of_the_site_leads_to_a_page(release: Release, client: Client) -> None:
    """Not fetched, only resolved: what the pages link to are addresses that exist."""
    links = {
        link["href"].split("?")[0].split("#")[0]
        for address in addresses(release)
        for link in parsed(client.get(address)).all("a")
        if link["href"].startswith("/")
    }
    assert len(links) > 50
    for link in links:
        resolve(link)
