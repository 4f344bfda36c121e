"""Real Chromium against the real site. A test also fails if a page broke the CSP, threw, or left our origin."""

import os
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response, sync_playwright
from pytest_django import Settings

from tests.browser.chromium import launch

AXE = (files("axe_playwright_python") / "axe.min.js").read_text()
AXE_RUN = """tags => axe.run(document, {runOnly: tags, resultTypes: ["violations"]}).then(found => found.violations)"""
WCAG_22_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

NewPage = Callable[..., Page]
Axe = Callable[[Page], list[str]]  # what is wrong
PHONE = {"width": 390, "height": 844}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def chromium(django_db_setup: None) -> Iterator[Browser]:
    contents = connections["default"]._test_serialized_contents
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs an event loop in the thread of the tests
    with sync_playwright() as playwright:
        # Where an event loop runs, Django has other connections. They need what is restored before each test, too.
        connections["default"]._test_serialized_contents = contents
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The site in a thread, with its own handling of static and media files. Yields its address."""
    thread = LiveServerThread("127.0.0.1", static_handler=lambda _handler: WSGIHandler())
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    yield f"http://{thread.host}:{thread.port}"
    thread.terminate()


@pytest.fixture
def site(server: str, transactional_db: None, django_db_serialized_rollback: None, settings: Settings) -> str:
    """The address of the running site, without a final slash. It begins with what the migrations made."""
    settings.SITE_URL = server
    return server


@pytest.fixture
def new_page(chromium: Browser, site: str) -> Iterator[NewPage]:
    """Opens a page in a browser context of its own, one for each person in a test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def new_page(**options: Any) -> Page:
        context = chromium.new_context(base_url=site, **options)
        contexts.append(context)
        watch(context, site, faults)
        return context.new_page()

    yield new_page
    for context in contexts:
        context.close()
    assert faults == []


def watch(context: BrowserContext, site: str, faults: list[str]) -> None:
    """Note what no page may do: break its Content-Security-Policy, throw, fail, or ask another origin for anything."""

    def on_console(message: ConsoleMessage) -> None:
        if "content security policy" in message.text.casefold():
            faults.append(message.text)

    def on_request(request: Request) -> None:
        if not request.url.startswith((f"{site}/", "data:", "about:")):
            faults.append(f"request to {request.url}")

    def on_response(response: Response) -> None:
        if response.status >= 500:
            faults.append(f"{response.status} at {response.url}")

    context.on("console", on_console)
    context.on("request", on_request)
    context.on("response", on_response)
    context.on("weberror", lambda error: faults.append(f"script error: {error.error}"))


def fits(page: Page) -> bool:
    """Whether the page is no wider than the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


@pytest.fixture
def page(new_page: NewPage) -> Page:
    return new_page()


@pytest.fixture
def page_no_js(new_page: NewPage) -> Page:
    return new_page(java_script_enabled=False)


@pytest.fixture
def axe() -> Axe:
    """Check a page (with JavaScript on) against WCAG 2.2 AA under its own CSP.

    The result names each rule and element that fails.
    """

    def axe(page: Page) -> list[str]:
        if page.evaluate("typeof axe") == "undefined":
            page.evaluate(AXE)
        return [
            f"{violation['id']}: {node['html']} {node['failureSummary']}"
            for violation in page.evaluate(AXE_RUN, WCAG_22_AA)
            for node in violation["nodes"]
        ]

    return axe
