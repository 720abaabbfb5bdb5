"""The drawn placeholder for a song without a cover that may be shown."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.library_of import give_vectors, library_of, song
from tests.release import Release

pytestmark = pytest.mark.django_db


def discs(client: Client, public_id: str) -> list[tuple[int, ...]]:
    response = client.get(f"/art/{public_id}.svg")
    assert (response.status_code, response["Content-Type"]) == (200, "image/svg+xml")
    found = re.findall(r'cx="(\d+)" cy="(\d+)" r="(\d+)"', response.content.decode())
    return [tuple(map(int, disc)) for disc in found]


@pytest.mark.parametrize(
    "vector",
    [[0.0], [1.0, 2.0], [5.0] * 200, [1e30, -1e30], [0.0] * 15 + [1e-30], list(range(17)), [-1e6, *[0.0] * 500]],
    ids=["one", "short", "constant", "huge", "tiny", "odd length", "one outlier"],
)
def test_any_vector_can_be_drawn_and_stays_in_the_picture(client: Client, vector: list[float]) -> None:
    library_of({"a": vector, "b": [1.0] * len(vector)})
    drawn = discs(client, "a")
    assert len(drawn) >= 5
    assert all(0 <= x <= 320 and 0 <= y <= 320 and 0 < r <= 160 for x, y, r in drawn)


def test_a_song_without_a_vector_is_drawn_from_its_id(client: Client) -> None:
    for name in "ab":
        song(name)
    assert len(discs(client, "a")) >= 5
    assert discs(client, "a") == discs(client, "a") != discs(client, "b")


def test_equal_vectors_are_drawn_alike_and_others_are_not(client: Client) -> None:
    library_of({"a": [1.0, 2.0, 3.0], "b": [1.0, 2.0, 3.0], "c": [3.0, 1.0, 2.0]})
    give_vectors({"a": [9.0]}, "text.test")
    assert discs(client, "a") == discs(client, "b") != discs(client, "c")


def test_the_songs_of_the_release_look_different(release: Release, client: Client) -> None:
    assert len({tuple(discs(client, public_id)) for public_id in release.ids[::20]}) > 35
