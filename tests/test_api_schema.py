"""The API's description: complete, committed, and true."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
import schemathesis
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import CHECKS
from schemathesis.specs.openapi.schemas import OpenApiSchema

from tests.library_of import random_library
from tests.test_mirror import API, ROUTES

SNAPSHOT = Path(__file__).resolve().parent.parent / "docs" / "openapi.yaml"


def generated() -> str:
    out = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=out)
    return out.getvalue()


def test_the_committed_description_is_that_of_the_code() -> None:
    """When the API was meant to change: `make schema`, and read the difference."""
    assert SNAPSHOT.read_text(encoding="utf-8").strip() == generated().strip()


def test_every_address_of_the_api_is_described(client: Client) -> None:
    import yaml

    described = yaml.safe_load(generated())["paths"]
    for route in ROUTES:
        if route.startswith(API):
            plain = "/" + route.replace("<str:", "{").replace("<int:", "{").replace(">", "}")
            assert plain.replace("{pk}", "{id}") in {path.replace("{pk}", "{id}") for path in described}


def test_the_documentation_page_needs_nobody_else(client: Client) -> None:
    page = client.get("/api/docs/")
    assert page.status_code == 200
    for host in ("http://", "https://", "//cdn", "unpkg", "jsdelivr"):
        assert host not in page.content.decode().replace("http://www.w3.org", "")
    assert client.get("/api/schema/").status_code == 200


@pytest.fixture(scope="module")
def described() -> Iterator[OpenApiSchema]:
    """The description, with an application behind it that leaves the test's connection and its transaction open."""
    signals = request_started, request_finished
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/schema/?format=json", get_wsgi_application())
    for signal in signals:
        signal.connect(close_old_connections)


# A query that a schema cannot rule out (a genre that is not there, a page beyond the last) is refused, and one that
# it does not mention is ignored, as everywhere on the web.
NOT_OURS = [CHECKS.get_one(name) for name in ("positive_data_acceptance", "negative_data_rejection")]


def readable(route: str) -> bool:
    return route.startswith(API) and "GET" in ROUTES[route].callback.cls().allowed_methods


PATHS = [
    f"/{route}".replace("<str:", "{").replace("<int:", "{").replace(">", "}") for route in filter(readable, ROUTES)
]


@pytest.mark.django_db
@pytest.mark.parametrize("path", PATHS)
def test_what_the_api_answers_is_what_it_says(described: OpenApiSchema, path: str) -> None:
    """Whatever is asked, the answer has a documented status, type and shape, and is never a failure of ours."""
    random_library(25, "joint", "text")
    there = {"public_id": "s0001", "other_id": "s0002", "id": 1}
    operations = described[path.replace("{pk}", "{id}")]

    @given(case=operations["GET"].as_strategy(), exists=st.booleans())
    @settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    def conforms(case: schemathesis.Case, exists: bool) -> None:
        if exists:
            case.path_parameters = {name: there[name] for name in case.path_parameters or {}}
        case.call_and_validate(excluded_checks=NOT_OURS)

    conforms()
