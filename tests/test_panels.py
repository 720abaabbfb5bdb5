"""Pages composed of panels: a plugin's panel that fails never takes the page with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from fairouz_site.registry import registry
from tests.library_of import random_library
from tests.markup import parsed

pytestmark = pytest.mark.django_db


class Note:
    key, place, order, template = "note", "song", 1, "catalog/_note.html"

    def context(self, subject: Any, params: QueryDict) -> dict[str, Any] | None:
        return {"text": f"About {subject.title}"}

    def shape(self, subject: Any) -> dict[str, Any]:
        return {"note": subject.title}


class Absent(Note):
    key = "absent"

    def context(self, subject: Any, params: QueryDict) -> dict[str, Any] | None:
        return None

    def shape(self, subject: Any) -> dict[str, Any]:
        return {}


class Broken(Note):
    key = "broken"

    def context(self, subject: Any, params: QueryDict) -> dict[str, Any] | None:
        raise RuntimeError("panel down")

    def shape(self, subject: Any) -> dict[str, Any]:
        raise RuntimeError("shape down")


class BrokenTemplate(Note):
    key, template = "torn", "no/such/template.html"


@pytest.fixture
def with_panel(request: pytest.FixtureRequest, settings, tmp_path) -> Iterator[Any]:
    """One more panel on the song's page, whose template lies in a folder of its own."""
    (tmp_path / "catalog").mkdir()
    (tmp_path / "catalog" / "_note.html").write_text('<p class="note">{{ text }}</p>')
    templates = [dict(settings.TEMPLATES[0])]
    templates[0]["DIRS"] = [*templates[0]["DIRS"], tmp_path]
    settings.TEMPLATES = templates
    panel = request.param()
    registry("panel").register(panel.key, panel)
    random_library(4, "joint")
    yield panel
    registry("panel").unregister(panel.key)


def panels(client: Client) -> list[str]:
    response = client.get("/songs/s0001/")
    assert response.status_code == 200
    return [section["id"] for section in parsed(response).all("section", "panel")]


@pytest.mark.parametrize("with_panel", [Note], indirect=True)
def test_a_panel_stands_in_its_order_on_the_page_and_in_the_api(client: Client, with_panel: Any) -> None:
    assert panels(client)[:2] == ["note", "similar"]
    assert parsed(client.get("/songs/s0001/")).one("p", "note").text == "About Title s0001"
    assert client.get("/api/v1/songs/s0001/").json()["note"] == "Title s0001"


@pytest.mark.parametrize("with_panel", [Absent], indirect=True)
def test_a_panel_may_stay_away(client: Client, with_panel: Any) -> None:
    assert "absent" not in panels(client)
    assert "note" not in client.get("/api/v1/songs/s0001/").json()


@pytest.mark.parametrize("with_panel", [Broken], indirect=True)
def test_a_panel_that_fails_is_logged_and_left_out(client: Client, with_panel: Any, caplog) -> None:
    assert panels(client)[0] == "similar"
    assert "The panel 'broken' failed" in caplog.text
    assert "panel down" in caplog.text
    body = client.get("/api/v1/songs/s0001/").json()
    assert body["id"] == "s0001"
    assert body["spaces"]
    assert "shape down" in caplog.text


@pytest.mark.parametrize("with_panel", [BrokenTemplate], indirect=True)
def test_a_panel_whose_template_is_missing_is_left_out(client: Client, with_panel: Any, caplog) -> None:
    assert "similar" in panels(client)
    assert "The panel 'torn' failed" in caplog.text


def test_bad_input_for_a_panel_is_still_the_visitors_to_mend(client: Client) -> None:
    random_library(4, "joint")
    assert client.get("/songs/s0001/?k=0").status_code == 400
    assert client.get("/songs/s0001/?space=teapot").status_code == 400
