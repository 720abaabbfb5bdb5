"""Every song of the release has its page, five tabs that hold its neighbours or say why not, and their API twins."""

from __future__ import annotations

from typing import Any

from django.test import Client

from tests.markup import Element, listed_songs, parsed
from tests.release import STEMS, Release

PART = {"HX-Request": "true"}
FEW = 2  # hits in a tab: there are 4,110 tabs to render


def test_every_song_has_its_page_its_five_tabs_and_their_twins(release: Release, client: Client) -> None:
    for public_id, track in release.tracks.items():
        body = client.get(f"/api/v1/songs/{public_id}/").json()
        assert body["id"] == public_id
        assert body["title"] == track["track_title"].strip()
        assert [space["modality"] for space in body["spaces"]] == list(STEMS)
        page = parsed(client.get(f"/songs/{public_id}/?k={FEW}"))
        assert page.one("h1").text == " ".join(track["track_title"].split())
        assert [tab["data-space"] for tab in page.one("nav", "tabs").all("a")] == list(STEMS)
        for space in body["spaces"]:
            # the page shows the first tab itself
            assert_tab(release, client, public_id, space, page if space["modality"] == "joint" else None)


def assert_tab(release: Release, client: Client, public_id: str, space: dict[str, Any], tab: Element | None) -> None:
    """The tab shows the k nearest by an independent search, or the reason why there are none."""
    name = space["modality"]
    address = f"/songs/{public_id}/similar/?space={name}"
    twin = client.get(f"/api/v1{address}").json()
    tab = tab or parsed(client.get(f"{address}&k={FEW}", headers=PART))
    missing = "no lyrics" if public_id in release.lacking(name) else None
    expected = [] if missing else release.space(name).ranked(public_id)[0][:10]
    assert (space["missing"], twin["missing"], twin["space"]) == (missing, missing, space["space"])
    assert [hit["song"]["id"] for hit in twin["results"]] == expected
    assert listed_songs(tab) == expected[:FEW]
    assert (missing or "") in tab.text
