"""The number of database queries does not grow with what is shown."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.release import Release

# address with {} for the size, a small size, a large one
GROWING = [
    ("/songs/?page_size={}", 2, 100),
    ("/songs/?sort=artist&has_lyrics=true&page_size={}", 2, 100),
    ("/artists/?page_size={}", 2, 100),
    ("/albums/?page_size={}", 2, 100),
    ("/genres/?page_size={}", 2, 29),
    ("/tags/?page_size={}", 2, 100),
    ("/songs/{song}/similar/?k={}", 1, 100),
    ("/songs/{song}/similar/?k={}&genre=Pop", 1, 100),
    ("/songs/{song}/similar/?k={}&space=image&include=spaces", 1, 100),
    ("/songs/{song}/?k={}", 1, 100),
]


def queries(client: Client, address: str) -> int:
    client.get(address)  # whatever is loaded once is loaded now
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("face", ["", "/api/v1"], ids=["page", "api"])
@pytest.mark.parametrize(("address", "few", "many"), GROWING)
def test_more_of_the_same_costs_no_more_queries(
    release: Release, client: Client, address: str, few: int, many: int, face: str
) -> None:
    address = face + address.replace("{song}", release.ids[7])
    small, large = queries(client, address.format(few)), queries(client, address.format(many))
    assert large <= small  # a tie at k = 1 is looked up once more
    assert small < 40


def test_the_small_bars_cost_no_more_for_more_hits(release: Release, client: Client) -> None:
    address = f"/songs/{release.ids[7]}/similar/bars/?k="
    assert queries(client, f"{address}1") == queries(client, f"{address}100")


def test_what_needs_no_database_asks_none(db: None, client: Client) -> None:
    for address in ("/about/", "/api/v1/about/", "/healthz"):
        assert queries(client, address) == 0
