"""The main path in a real browser: pick a song, change the tab, open why, play a clip, move on, go back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from catalog.models import Song
from tests.browser.catalogue import ARABIC, LONG, MARKUP, SILENT, SOUND, TITLES, WORDS, tone

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("library")]
both_sizes = pytest.mark.parametrize("size", ["desktop", "phone"])


def clock(page: Page) -> float:
    return page.evaluate("document.querySelector('#player audio').currentTime")


def plays_past(page: Page, seconds: float) -> None:
    """Wait until the sound has really gone on beyond `seconds`."""
    page.wait_for_function(
        "at => { const a = document.querySelector('#player audio'); return !a.paused && a.currentTime > at }",
        arg=seconds,
    )


def current_tab(page: Page) -> str:
    return page.locator(".tab[aria-current]").get_attribute("data-space")


@both_sizes
def test_the_main_path(visit, size: str) -> None:
    with visit(size) as v:
        page = v.page
        v.go("/")
        page.evaluate("window.sameDocument = true")

        page.locator(".search--home input").press_sequentially("blue lan")
        expect(page.locator(".search--home .suggestion")).to_have_count(1)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text(TITLES[SOUND])
        assert v.path == f"/songs/{SOUND}/"
        assert current_tab(page) == "joint"

        page.locator(".tab[data-space=text]").click()
        expect(page.locator(".tab[aria-current]")).to_have_attribute("data-space", "text")
        assert v.path == f"/songs/{SOUND}/?space=text"
        expect(page.locator(".hit")).to_have_count(10)
        expect(page.locator(".hit .bars__svg")).to_have_count(10)

        why = page.locator(".hit .why").first
        why.locator("summary").click()
        expect(why.locator(".radar")).to_be_visible()
        expect(why.locator("tbody tr")).to_have_count(5)

        page.locator(".play-button").click()
        expect(page.locator("#player")).to_be_visible()
        plays_past(page, 0)

        before = clock(page)
        page.locator(".hit .song__title a").first.click()
        expect(page.locator("h1")).not_to_have_text(TITLES[SOUND])
        plays_past(page, before)
        expect(page.locator("#player [data-player=title]")).to_have_text(TITLES[SOUND])

        page.go_back()
        expect(page.locator("h1")).to_have_text(TITLES[SOUND])
        assert v.path == f"/songs/{SOUND}/?space=text"
        assert current_tab(page) == "text"
        expect(page.locator(".hit .bars__svg")).to_have_count(10)
        page.go_back()
        expect(page.locator(".tab[aria-current]")).to_have_attribute("data-space", "joint")
        assert v.path == f"/songs/{SOUND}/"
        page.go_back()
        expect(page.locator(".hero")).to_be_visible()
        page.go_forward()
        expect(page.locator("h1")).to_have_text(TITLES[SOUND])

        plays_past(page, clock(page))
        assert page.evaluate("window.sameDocument"), "a page was loaded as a whole: the player would have stopped"
        assert v.overflow() <= 0


@both_sizes
def test_the_reading_path_without_javascript(visit, size: str) -> None:
    with visit(size, java_script_enabled=False) as v:
        page = v.page
        v.go("/")
        page.locator(".search--home input").fill("blue lantern")
        page.locator(".search--home input").press("Enter")
        page.locator(".song__title a", has_text=TITLES[SOUND]).first.click()
        expect(page.locator("h1")).to_have_text(TITLES[SOUND])
        assert page.locator(".play-button").get_attribute("href").startswith("/media/")

        page.locator(".tab[data-space=image]").click()
        assert current_tab(page) == "image"
        expect(page.locator(".hit")).to_have_count(10)
        page.locator("input[name=k]").fill("3")
        page.locator(".similar__form > button[type=submit]").click()
        expect(page.locator(".hit")).to_have_count(3)
        assert current_tab(page) == "image"

        page.locator(".hit .why summary").first.click()
        page.locator(".hit .why__link a").first.click()
        expect(page.locator(".radar")).to_be_visible()
        assert re.fullmatch(rf"/songs/{SOUND}/explain/s\d\d/", v.path)
        page.go_back()
        expect(page.locator(".hit")).to_have_count(3)


def test_filters_and_number_stay_when_the_tab_changes(visit) -> None:
    with visit() as v:
        page = v.page
        v.go(f"/songs/{SOUND}/?k=4&genre=Slow+Air")
        expect(page.locator(".hit")).to_have_count(4)
        page.locator(".tab[data-space=graph]").click()
        expect(page.locator(".tab[aria-current]")).to_have_attribute("data-space", "graph")
        assert v.path == f"/songs/{SOUND}/?k=4&genre=Slow+Air&space=graph"
        page.locator("input[name=k]").fill("6")
        page.locator("input[name=k]").press("Enter")
        expect(page.locator(".hit")).to_have_count(6)
        assert v.path == f"/songs/{SOUND}/?space=graph&k=6&genre=Slow%20Air"
        page.reload()
        expect(page.locator(".hit")).to_have_count(6)
        page.locator(".in-force a").click()
        expect(page.locator(".in-force")).to_have_count(0)
        assert current_tab(page) == "graph"


def test_browse_filters_in_place_and_back_undoes_them(visit) -> None:
    with visit() as v:
        page = v.page
        v.go("/songs/")
        count = page.locator("main .list-head__count").first
        expect(count).to_have_text("60 songs")
        page.locator("#filters .pick", has_text="Slow Air").click()
        expect(count).to_have_text("30 songs")
        assert v.path == "/songs/?genre=Slow%20Air"
        page.locator("select[name=sort]").select_option("-year")
        expect(page.locator(".song__title a").first).to_have_text("Song of the 59th Hour")
        page.go_back()
        expect(page.locator(".song__title a").first).not_to_have_text("Song of the 59th Hour")
        page.go_back()
        expect(count).to_have_text("60 songs")
        expect(page.locator("#filters .pick input:checked")).to_have_count(0)


def test_the_player_has_a_queue_and_remembers_its_place(visit) -> None:
    with visit() as v:
        page = v.page
        v.go("/songs/?sort=title")
        cards = page.locator(".songs .play")
        second, third = cards.nth(1).get_attribute("data-title"), cards.nth(2).get_attribute("data-title")
        cards.nth(1).focus()
        page.keyboard.press("Enter")
        title = page.locator("#player [data-player=title]")
        expect(title).to_have_text(second)
        plays_past(page, 0)
        expect(cards.nth(1)).to_have_attribute("data-state", "playing")

        page.locator("[data-player=next]").click()
        expect(title).to_have_text(third)
        plays_past(page, 0)
        page.locator("[data-player=previous]").click()
        expect(title).to_have_text(second)

        page.locator("#player summary").click()
        expect(page.locator("[data-player=queue] button")).to_have_count(cards.count())
        expect(page.locator("[data-player=queue] [aria-current]")).to_contain_text(second)
        page.keyboard.press("Escape")

        page.locator("[data-player=seek]").fill("12")
        plays_past(page, 12)
        page.locator("main").focus()
        page.keyboard.press(" ")
        expect(page.locator("[data-player=toggle]")).to_have_attribute("aria-label", "Play")
        page.reload()
        expect(title).to_have_text(second)
        page.wait_for_function("() => document.querySelector('#player audio').currentTime >= 12")
        page.locator("[data-player=close]").click()
        expect(page.locator("#player")).to_be_hidden()


def test_songs_without_sound_say_so(visit) -> None:
    with visit() as v:
        v.go(f"/songs/{SILENT}/?space=text")
        expect(v.page.locator(".sheet")).to_contain_text("There is no sound for this song.")
        expect(v.page.locator(".sheet .play")).to_have_count(0)
        expect(v.page.locator(".empty__title")).to_have_text("No place in the text space: no lyrics")
        v.go(f"/songs/{SOUND}/explain/{SILENT}/")
        expect(v.page.locator(".radar__axis--missing")).to_have_count(2)
        expect(v.page.locator(".radar__missing").first).to_have_text("no lyrics")


def test_hostile_titles_are_words_and_nothing_else(visit) -> None:
    with visit() as v:
        page = v.page
        v.go(f"/songs/{MARKUP}/")
        expect(page.locator("h1")).to_have_text(TITLES[MARKUP])
        v.go(f"/songs/{ARABIC}/")
        assert page.locator("h1").evaluate("h => getComputedStyle(h).direction") == "rtl"
        v.go(f"/songs/{LONG}/")
        assert page.locator("h1").bounding_box()["height"] < 260
        assert v.overflow() <= 0
        v.go(f"/songs/{SOUND}/")
        page.locator(".lyrics summary").click()
        assert page.locator(".lyrics__text").inner_text() == WORDS


def test_a_fragment_that_fails_says_so_in_its_place(visit) -> None:
    with visit(expected=("404",)) as v:
        page = v.page
        v.go(f"/songs/{SOUND}/")
        v.settle()
        hit = page.locator(".hit").first
        gone = hit.locator(".song__title a").get_attribute("href").split("/")[2]
        Song.objects.filter(public_id=gone).delete()
        hit.locator(".why summary").click()
        expect(hit.locator(".problem")).to_contain_text(f"There is no song “{gone}”.")
        expect(page.locator("h1")).to_have_text(TITLES[SOUND])


def test_an_error_page_is_a_page_and_back_leads_out(visit) -> None:
    with visit(expected=("404", "Response Status Error Code")) as v:
        page = v.page
        v.go("/songs/")
        title = page.locator(".song__title a").first
        Song.objects.filter(public_id=title.get_attribute("href").split("/")[2]).delete()
        title.click()
        expect(page.locator("h1")).to_have_text("Not here")
        page.go_back()
        expect(page.locator("h1")).to_have_text("Songs")


def test_menus_open_by_key_and_close_by_escape(visit) -> None:
    with visit() as v:
        page = v.page
        v.go("/songs/")
        menu = page.locator(".song__menu").first
        menu.locator("summary").focus()
        page.keyboard.press("Enter")
        expect(menu.locator(".menu__list")).to_be_visible()
        page.keyboard.press("Escape")
        expect(menu.locator(".menu__list")).to_be_hidden()
        expect(menu.locator("summary")).to_be_focused()
        page.keyboard.press("Control+k")
        expect(page.locator(".search--top input")).to_be_focused()


def test_the_theme_is_remembered(visit) -> None:
    with visit(color_scheme="dark") as v:
        page = v.page
        v.go("/")
        ground = "getComputedStyle(document.body).backgroundColor"
        dark = page.evaluate(ground)
        for _ in range(2):
            page.locator("[data-theme-switch]").click()
        light = page.evaluate(ground)
        assert light != dark
        page.reload()
        assert page.evaluate(ground) == light
        expect(page.locator("[data-theme-switch]")).to_have_attribute("aria-label", "Theme: light")


def test_back_returns_to_where_the_reader_was(visit) -> None:
    with visit() as v:
        page = v.page
        v.go("/songs/")
        page.locator(".songs > li").last.scroll_into_view_if_needed()
        page.wait_for_function("() => scrollY > 300")
        place = page.evaluate("scrollY")
        page.locator(".song__title a").last.click()
        expect(page.locator(".sheet")).to_be_visible()
        page.wait_for_function("() => scrollY === 0")
        page.go_back()
        expect(page.locator("h1")).to_have_text("Songs")
        page.wait_for_function("at => Math.abs(scrollY - at) < 5", arg=place)


def test_a_clip_that_the_browser_cannot_play_comes_as_wav_else_it_says_so(visit) -> None:
    with visit(expected=("Failed to load resource",)) as v:
        page = v.page
        page.route(
            "**/media/clips/*", lambda route: route.fulfill(status=200, content_type="audio/ogg", body=b"nonsense")
        )
        page.route("**/sound.wav", lambda route: route.fulfill(status=200, content_type="audio/wav", body=tone()))
        v.go(f"/songs/{SOUND}/")
        page.locator(".play-button").click()
        plays_past(page, 0)
        page.route("**/sound.wav", lambda route: route.fulfill(status=404, body=""))
        page.locator(".hit .play").first.click(force=True)
        expect(page.locator("[data-player=problem]")).to_have_text("This clip cannot be played here.")
