"""Every page, in both themes and at both widths: accessible, quiet in the console, alone with its server, never too wide."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from catalog.models import Album, Artist, Genre, Tag
from tests.browser.catalogue import ARABIC, LONG, MARKUP, SILENT, SOUND

pytestmark = pytest.mark.browser
every_look = pytest.mark.parametrize("size", ["desktop", "phone"])
every_theme = pytest.mark.parametrize("theme", ["dark", "light"])


def addresses() -> list[str]:
    """Every page that a reader can reach, in each of the states that looks different."""
    return [
        "/",
        "/songs/",
        "/songs/?genre=Jazz&has_lyrics=true&sort=-year",
        "/songs/?q=nothing+is+called+this",
        *(f"/songs/{public_id}/" for public_id in (SOUND, MARKUP, ARABIC, LONG)),
        f"/songs/{SILENT}/?space=text",
        f"/songs/{SOUND}/similar/?space=audio&k=30",
        f"/songs/{SOUND}/similar/bars/?k=5",
        f"/songs/{SOUND}/explain/",
        f"/songs/{SOUND}/explain/?q=song",
        f"/songs/{SOUND}/explain/s05/",
        f"/songs/{LONG}/explain/{SILENT}/",
        *(f"/{kind}/" for kind in ("artists", "albums", "genres", "tags")),
        *(model.objects.first().get_absolute_url() for model in (Artist, Album, Genre, Tag)),
        "/suggest/?q=a",
        "/suggest/?q=nothing+is+called+this",
        "/spaces/",
        "/plugins/",
        "/about/",
    ]


def findings(page: Any, axe: str) -> list[str]:
    """Serious and critical findings of axe-core, as rule and element."""
    page.evaluate(axe)
    violations = page.evaluate("axe.run().then(result => result.violations)")
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary'][:200]}"
        for violation in violations
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]


@every_theme
@every_look
def test_every_page(library: None, visit: Any, axe: str, size: str, theme: str) -> None:
    found: dict[str, list[str]] = {}
    with visit(size, color_scheme=theme) as v:
        for address in addresses():
            assert v.go(address).status == 200, address
            v.settle()
            wide = [f"{v.overflow()} px too wide"] if v.overflow() > 0 else []
            if problems := findings(v.page, axe) + wide:
                found[address] = problems
    assert found == {}


@every_theme
@every_look
def test_what_opens_on_a_page(library: None, visit: Any, axe: str, size: str, theme: str) -> None:
    """Suggestions, a reason, a menu, the filters and the player, all of which are not there at first."""
    with visit(size, color_scheme=theme) as v:
        page = v.page
        v.go(f"/songs/{SOUND}/")
        page.locator(".why summary").first.click()
        expect(page.locator(".why .radar")).to_be_visible()
        page.locator(".play-button").click()
        expect(page.locator("#player")).to_be_visible()
        assert findings(page, axe) == []
        page.locator("#player summary").click()
        assert findings(page, axe) == []
        page.locator(".song__menu summary").first.click()
        assert findings(page, axe) == []
        page.locator(".similar__filter").click()
        expect(page.locator("#similar-filters")).to_be_visible()
        assert findings(page, axe) == []
        page.keyboard.press("Escape")
        page.locator(".search--top input").fill("a")
        expect(page.locator("#suggestions-top")).to_be_visible()
        assert findings(page, axe) == []
        assert v.overflow() <= 0
        v.go("/genres/")
        page.locator(".name").first.click()
        page.locator(".filter-open").click()
        expect(page.locator("#filters")).to_be_visible()
        assert findings(page, axe) == []


@every_theme
def test_the_pages_that_say_no(library: None, visit: Any, axe: str, theme: str) -> None:
    with visit("phone", color_scheme=theme, expected=("Failed to load resource",)) as v:
        for address, status in [("/songs/no-such-song/", 404), ("/nowhere/", 404), ("/songs/?year_min=soon", 400)]:
            assert v.go(address).status == status
            assert findings(v.page, axe) == []
            assert v.overflow() <= 0


@every_theme
def test_the_welcome_of_an_empty_house(transactional_db: None, visit: Any, axe: str, theme: str) -> None:
    with visit("phone", color_scheme=theme) as v:
        assert v.go("/").status == 200
        expect(v.page.locator("h1")).to_have_text("There is no music here yet")
        assert findings(v.page, axe) == []
        assert v.overflow() <= 0


@pytest.mark.parametrize("address", ["/", "/songs/", f"/songs/{SOUND}/", "/spaces/"])
def test_touch_targets_on_a_phone(library: None, visit: Any, address: str) -> None:
    """Everything that stands alone is at least 44 px high or wide enough with its neighbours' room (WCAG 2.2 asks for 24)."""
    with visit("phone") as v:
        v.go(address)
        small = v.page.evaluate(
            """[...document.querySelectorAll('.topbar :is(a, button, summary, input), .button, .round, .tab, .player button')]
                 .filter(e => e.checkVisibility({visibilityProperty: true}) && e.getBoundingClientRect().height < 43.5)
                 .map(e => e.outerHTML.slice(0, 120))"""
        )
        assert small == []
