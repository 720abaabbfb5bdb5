"""A real Chromium on the live server, and a watch on everything that a page does behind its reader's back."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command

from retrieval.index.store import index_store
from tests.browser.catalogue import fill

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--mute-audio",
]
SIZES = {"desktop": {"width": 1360, "height": 900}, "phone": {"width": 390, "height": 844}}


def _lacking(sentence: str) -> None:
    """What the tests need is not installed: a failure in CI, elsewhere a skip that says what to install."""
    (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(sentence)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _lacking("Browser tests need playwright: pip install -e '.[dev]'.")
    chromium = shutil.which("chromium")
    if not chromium:
        _lacking("Browser tests need chromium: apt-get install chromium.")
    # Playwright's own event loop runs in this thread, where Django would refuse to touch the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    try:
        with sync_playwright() as playwright:
            started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            yield started
            started.close()
    finally:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def axe() -> str:
    if not AXE.is_file():
        _lacking("Accessibility tests need axe-core: npm ci.")
    return AXE.read_text()


@pytest.fixture
def library(transactional_db: None, settings: Any, tmp_path: Path) -> Iterator[None]:
    """The small library alone, committed, so that the live server sees it; the release may have stood there before."""
    call_command("flush", interactive=False, verbosity=0)
    settings.MEDIA_ROOT = tmp_path / "media"
    fill(settings.MEDIA_ROOT)
    yield
    index_store().forget()


@dataclass
class Watch:
    """What went wrong on the pages of one visit; `expected` are parts of console lines that the test provokes."""

    host: str
    expected: tuple[str, ...] = ()
    problems: list[str] = field(default_factory=list)

    def on(self, page: Any) -> None:
        page.on("console", lambda line: line.type == "error" and self._note(f"console: {line.text}"))
        page.on("pageerror", lambda error: self._note(f"script: {error}"))
        page.on("request", lambda request: self._request(request.url))

    def _request(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme in ("http", "https") and parts.netloc != self.host:
            self._note(f"other host: {address}")

    def _note(self, problem: str) -> None:
        if not any(part in problem for part in self.expected):
            self.problems.append(problem)


@dataclass
class Visit:
    """A browser window on the site."""

    base: str
    page: Any
    watch: Watch

    def go(self, path: str) -> Any:
        return self.page.goto(self.base + path, wait_until="load")

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.base)

    def settle(self) -> None:
        """Wait until everything that the page asks for after its load has come."""
        self.page.wait_for_function("() => !document.querySelector('.htmx-request, .bars__waiting')")

    def overflow(self) -> int:
        """Pixels by which the page is wider than its window."""
        return self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


@pytest.fixture
def visit(browser: Any, live_server: Any) -> Any:
    """visit(size, **context) opens a window; what it saw go wrong fails the test when the window closes."""

    @contextmanager
    def opened(size: str = "desktop", *, expected: tuple[str, ...] = (), **options: Any) -> Iterator[Visit]:
        touch = {"has_touch": True, "is_mobile": True} if size == "phone" else {}
        context = browser.new_context(viewport=SIZES[size], reduced_motion="reduce", **touch, **options)
        context.set_default_timeout(10_000)
        watch = Watch(urlsplit(live_server.url).netloc, expected)
        page = context.new_page()
        watch.on(page)
        try:
            yield Visit(live_server.url, page, watch)
            assert watch.problems == []
        finally:
            context.close()

    return opened
