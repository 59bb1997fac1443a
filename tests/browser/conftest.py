"""One headless Chromium for all tests of pages: what they ask for, what they complain of, screenshots to look at.

Debian's package is driven through ``executable_path``: nothing is downloaded. Where there is none, the tests are
skipped with the reason; under ``CI`` they fail, since ``.ci/run`` installs it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from lifezone.report import write
from lifezone.report.making import make_report
from tests.report import worlds

_PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_OPTIONS = ("--disable-gpu", "--disable-dev-shm-usage", "--force-color-profile=srgb", "--hide-scrollbars")
_NO_WEBGL = ("--disable-3d-apis", "--disable-webgl", "--disable-webgl2")
"""Every test runs as on an old or remote office desktop."""


@dataclass
class Watched:
    """A page, and everything that it did.

    Attributes:
        page: Playwright's.
        requests: addresses asked for, but for the page itself and data inside it.
        complaints: console warnings and errors, uncaught exceptions, dialogs.
        artefacts: where :meth:`shot` puts screenshots.
    """

    page: Page
    artefacts: Path
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, path: Path, anchor: str = "") -> Page:
        """Open a file from the disk."""
        self.page.goto(path.resolve().as_uri() + anchor)
        return self.page

    def shot(self, name: str, selector: str | None = None) -> Path:
        """Keep a screenshot of the page, or of a part of it."""
        path = self.artefacts / f"{name}.png"
        if selector is None:
            self.page.screenshot(path=path)
        else:
            self.page.locator(selector).first.screenshot(path=path)
        return path

    def assert_quiet(self) -> None:
        """Nothing was asked for, nothing went wrong."""
        assert self.requests == []
        assert self.complaints == []


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser of the session."""
    program = next((found for name in _PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        reason = "no Chromium on this machine: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        options = [*_OPTIONS, *_NO_WEBGL, *(["--no-sandbox"] if _is_root() else [])]
        started = playwright.chromium.launch(executable_path=program, args=options)
        yield started
        started.close()


@pytest.fixture(scope="session")
def artefacts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of screenshots: ``LIFEZONE_ARTEFACTS``, else a temporary one."""
    named = os.environ.get("LIFEZONE_ARTEFACTS")
    folder = Path(named) if named else tmp_path_factory.mktemp("artefacts")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def watch(browser: Browser, artefacts: Path) -> Iterator[Any]:
    """A maker of watched pages: ``watch(width=390, scripts=False)``; they are closed when the test ends."""
    contexts: list[BrowserContext] = []

    def make(*, width: int = 1280, height: int = 900, scripts: bool = True, **options: Any) -> Watched:
        context = browser.new_context(
            viewport={"width": width, "height": height}, java_script_enabled=scripts, offline=True, **options
        )
        contexts.append(context)
        found = Watched(context.new_page(), artefacts)
        found.page.set_default_timeout(60_000)
        _follow(found)
        return found

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def page(watch: Any) -> Watched:
    """A watched page of an office desktop."""
    made: Watched = watch()
    return made


@pytest.fixture(scope="session")
def hostile_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of results with hostile names everywhere, maps and a report in both languages."""
    folder = tmp_path_factory.mktemp("결과 folder") / "out"
    write(worlds.result(cells=300), folder)
    make_report(folder)
    return folder


def _follow(watched: Watched) -> None:
    """Remember what a page asks for and complains of."""

    def on_request(request: Request) -> None:
        if not request.url.startswith(("data:", "blob:")) and request.url != watched.page.url.partition("#")[0]:
            is_page = request.is_navigation_request() and request.frame == watched.page.main_frame
            if not (is_page and request.url.startswith("file:")):
                watched.requests.append(request.url)

    def on_console(message: ConsoleMessage) -> None:
        if message.type in ("warning", "error"):
            watched.complaints.append(f"{message.type}: {message.text}")

    watched.page.on("request", on_request)
    watched.page.on("console", on_console)
    watched.page.on("pageerror", lambda error: watched.complaints.append(f"exception: {error}"))

    def on_dialog(dialog: Any) -> None:
        watched.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    watched.page.on("dialog", on_dialog)


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0
