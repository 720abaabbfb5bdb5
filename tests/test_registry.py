"""The registry behind every plugin seam."""

from __future__ import annotations

from importlib.metadata import EntryPoint

import pytest
from django.test import Client

from fairouz_site import registry as module
from fairouz_site.registry import CONTRACTS, PluginFailed, Registry, UnknownPlugin, all_plugins, registry


class Good:
    key = "good"

    def explain(self) -> str:
        return "because"


class WithoutContract:
    key = "poor"


class Explosive:
    def __init__(self) -> None:
        raise RuntimeError("no fuse")


@pytest.fixture
def explainers(monkeypatch: pytest.MonkeyPatch) -> Registry:
    """Entry points as an environment with good and bad plugins would offer them."""
    names = {"good": "Good", "again": "Good", "poor": "WithoutContract", "explosive": "Explosive", "gone": "Nobody"}
    points = [EntryPoint(key, f"{__name__}:{name}", "fairouz.explainer") for key, name in names.items()]
    points.append(EntryPoint("nowhere", "no.such.module:Thing", "fairouz.explainer"))
    points.append(EntryPoint("good", "other:Impostor", "fairouz.explainer"))
    monkeypatch.setattr(module, "entry_points", lambda group: points if group == "fairouz.explainer" else [])
    return Registry("explainer", ("key", "explain"))


def test_a_plugin_is_loaded_once(explainers: Registry) -> None:
    assert explainers.get("good").explain() == "because"
    assert explainers.get("good") is explainers.get("good")


def test_an_unknown_key_is_answered_with_the_known_ones(explainers: Registry) -> None:
    known = "known: again, explosive, gone, good, nowhere, poor."
    with pytest.raises(UnknownPlugin, match=f"There is no explainer “magic”; {known}"):
        explainers.get("magic")


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("poor", "TypeError: it lacks explain"),
        ("explosive", "RuntimeError: no fuse"),
        ("gone", "AttributeError"),
        ("nowhere", "ModuleNotFoundError: No module named 'no'"),
    ],
)
def test_a_plugin_that_fails_is_named_and_the_others_go_on(explainers: Registry, caplog, key: str, reason: str) -> None:
    for _ in range(2):
        with pytest.raises(PluginFailed, match=f"The explainer “{key}” could not be loaded: {reason}"):
            explainers.get(key)
    assert caplog.text.count(f"The explainer '{key}' from unknown could not be loaded") == 1
    assert [type(plugin) for plugin in explainers.values()] == [Good, Good]
    errors = {plugin.key: plugin.error for plugin in explainers.plugins()}
    assert reason in errors[key]
    assert errors["good"] == ""


def test_a_second_plugin_of_a_key_is_refused_and_logged(explainers: Registry, caplog) -> None:
    assert isinstance(explainers.get("good"), Good)
    assert "The explainer “good” is registered twice" in caplog.text
    with pytest.raises(ValueError, match="registered twice; the first, from unknown, stays"):
        explainers.register("good", WithoutContract)
    assert isinstance(explainers.get("good"), Good)


def test_nothing_is_imported_before_it_is_asked_for(explainers: Registry) -> None:
    assert explainers.keys() == ["again", "explosive", "gone", "good", "nowhere", "poor"]
    assert not explainers._loaded
    assert not explainers._errors


def test_a_plugin_given_in_code_is_as_good_and_can_be_taken_back(explainers: Registry) -> None:
    explainers.register("mine", Good(), origin="here", version="1")
    assert explainers.get("mine").explain() == "because"
    (told,) = [plugin for plugin in explainers.plugins() if plugin.key == "mine"]
    assert (told.origin, told.version) == ("here", "1")
    explainers.unregister("mine")
    assert "mine" not in list(explainers.keys())


def test_a_seam_that_nobody_knows_is_an_error() -> None:
    with pytest.raises(KeyError):
        registry("teapot")


@pytest.mark.parametrize("kind", ["importer", "index", "explainer", "recommender", "panel"])
def test_every_built_in_is_found_through_its_entry_point_and_keeps_its_contract(kind: str) -> None:
    plugins = registry(kind).plugins()
    assert plugins
    for plugin in plugins:
        assert plugin.error == ""
        assert (plugin.origin, bool(plugin.version)) == ("fairouz", True)
        assert registry(kind).get(plugin.key).key == plugin.key
        assert all(hasattr(registry(kind).get(plugin.key), name) for name in CONTRACTS[kind])


@pytest.mark.django_db
def test_a_failed_plugin_is_named_on_the_page_and_in_the_api(client: Client) -> None:
    registry("explainer").register("explosive", Explosive, origin="a test", version="0")
    try:
        body = client.get("/api/v1/plugins/").json()
        (told,) = [plugin for plugin in body["results"] if plugin["key"] == "explosive"]
        assert told["error"] == "RuntimeError: no fuse"
        assert "RuntimeError: no fuse" in client.get("/plugins/").content.decode()
        assert body["count"] == len(all_plugins())
    finally:
        registry("explainer").unregister("explosive")
