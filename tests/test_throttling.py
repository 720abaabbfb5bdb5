"""Too many requests from one address are told to wait."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import resolve
from rest_framework.throttling import AnonRateThrottle

from tests.problems import problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def three_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' settings switch throttling off; DRF reads the classes when it makes a view and the rate when it asks."""
    cache.clear()
    monkeypatch.setattr(resolve("/api/v1/about/").func.cls, "throttle_classes", [AnonRateThrottle])
    monkeypatch.setattr(AnonRateThrottle, "THROTTLE_RATES", {"anon": "3/min"})


def test_the_fourth_request_of_a_minute_is_told_to_wait(client: Client, three_a_minute: None) -> None:
    for _ in range(3):
        assert client.get("/api/v1/about/").status_code == 200
    response = client.get("/api/v1/about/")
    assert "throttled" in problem(response, 429)["detail"]
    assert 1 <= int(response["Retry-After"]) <= 60


def test_other_visitors_and_pages_are_not_held_up(client: Client, three_a_minute: None) -> None:
    for _ in range(4):
        client.get("/api/v1/about/")
    assert client.get("/api/v1/about/", REMOTE_ADDR="10.1.2.3").status_code == 200
    assert client.get("/about/").status_code == 200


def test_the_site_itself_throttles() -> None:
    from fairouz_site.settings import REST_FRAMEWORK

    assert len(REST_FRAMEWORK["DEFAULT_THROTTLE_CLASSES"]) == 2
    assert set(REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]) == {"anon", "user"}
