"""Whole pages, parts of pages, and what caches are told of the difference."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.library_of import random_library
from tests.markup import listed_songs, parsed

pytestmark = pytest.mark.django_db

PART = {"HX-Request": "true"}
BOOSTED = {"HX-Request": "true", "HX-Boosted": "true"}
RESTORED = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
ADDRESSES = [
    "/",
    "/songs/",
    "/songs/s0001/",
    "/songs/s0001/similar/",
    "/songs/s0001/similar/bars/",
    "/songs/s0001/explain/",
    "/songs/s0001/explain/s0002/",
    "/artists/",
    "/suggest/?q=title",
    "/spaces/",
    "/about/",
    "/plugins/",
]


@pytest.fixture(autouse=True)
def songs() -> list[str]:
    return random_library(12, "joint", "text", "audio")


@pytest.mark.parametrize("address", ADDRESSES)
def test_htmx_gets_a_part_and_everybody_else_the_page(client: Client, address: str) -> None:
    page = client.get(address)
    part = client.get(address, headers=PART)
    assert len(parsed(page).all("html")) == 1
    assert not parsed(part).all("html")
    assert not parsed(part).all("header", "topbar")
    assert 0 < len(part.content) < len(page.content)
    for headers in (BOOSTED, RESTORED, {"HX-Request": "false"}):
        whole = client.get(address, headers=headers)
        assert len(parsed(whole).all("html")) == 1


@pytest.mark.parametrize("address", ADDRESSES)
def test_caches_are_told(client: Client, address: str) -> None:
    for headers in ({}, PART, BOOSTED):
        vary = {name.strip() for name in client.get(address, headers=headers)["Vary"].split(",")}
        assert {"HX-Request", "HX-Boosted", "HX-History-Restore-Request"} <= vary


def test_a_part_holds_what_the_page_holds(client: Client) -> None:
    for address in ("/songs/?page_size=5&page=2", "/songs/s0003/similar/?space=audio&k=4"):
        page, part = parsed(client.get(address)), parsed(client.get(address, headers=PART))
        assert listed_songs(part) == listed_songs(page)
        assert listed_songs(part)


def test_the_page_of_an_error_is_told_apart_too(client: Client) -> None:
    response = client.get("/songs/nobody/", headers=PART)
    assert not parsed(response).all("html")
    for header in ("HX-Request", "HX-Boosted"):
        assert header in response.headers.get("Vary", "")


def test_links_can_be_followed_without_scripts(client: Client) -> None:
    for address in ADDRESSES:
        page = parsed(client.get(address))
        for link in page.all("a"):
            assert link["href"]
            assert not link["href"].startswith("javascript:")
        assert not page.all("style")
        assert all("src" in script.attributes for script in page.all("script"))
        assert not [e for e in page if "style" in e.attributes and e.tag != "svg"]


@pytest.mark.parametrize("address", [*ADDRESSES, "/songs/nobody/", "/nothing/"])
def test_the_policy_forbids_what_the_pages_do_not_need(client: Client, address: str) -> None:
    policy = client.get(address)["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "object-src 'none'" in policy
    for loose in ("unsafe-inline", "unsafe-eval", "https:", "*"):
        assert loose not in policy
