"""How the public pages look and behave in a browser: for everyone, on any screen, without anything from elsewhere.

That no page breaks its Content-Security-Policy or asks another origin for anything is what the harness itself checks.
"""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Axe, NewPage
from tests.factories import (
    days_ago,
    make_author,
    make_category,
    make_comment,
    make_page,
    make_picture,
    make_post,
    make_tag,
)

BODY = """
<h2>Heading</h2><p>Text with a <a href="https://source.test/report">link</a> and <code>code</code>.</p>
<figure><img src="/media/{picture}" alt="A field"><figcaption>A caption</figcaption></figure>
<blockquote><p>Quoted.</p></blockquote><ol><li>One<ul><li>Below</li></ul></li></ol><hr>
<table><caption>Figures</caption><thead><tr><th scope="col">{word}</th><th scope="col">{word}</th></tr></thead>
<tbody><tr><td>{word}</td><td>{word}</td></tr></tbody></table>
<pre>{word}{word}{word}{word}</pre><p>{word}{word}{word}{word}</p><p>https://www.youtube.com/watch?v=aaaaaaaaaaa</p>
"""
WORD = "Menschenrechtskommission"
KOREAN = "<p>두만강을 건너지 못한 사람들의 이야기를 기록한다는 것은 무엇보다도 듣는 일이다.</p>" * 4
PLACES = "() => [...document.querySelectorAll('main *')].map(e => e.getBoundingClientRect().top)"


@pytest.fixture
def addresses(site: str) -> dict[str, str]:
    """One address of every kind of public page, filled with what is hardest to lay out."""
    category = make_category(name="Law", description="What courts can do.")
    make_category(name="Courts", parent=category)
    tag, author = make_tag(), make_author(bio="Writes here.", website="https://author.test/")
    body = BODY.format(word=WORD, picture=make_picture(alt="A field").name)
    fields = {"categories": [category], "tags": [tag], "author": author, "featured": True}
    cover = make_picture(alt="A river", caption="The river", credit="Drawing: us")
    source = {"source_name": "The Organization for World Peace", "source_url": "https://theowp.test/a"}
    post = make_post(title=f"River {WORD * 2}", body=body, cover=cover, **source, **fields)
    korean = make_post(title="두만강을 건너지 못한 사람들", body=KOREAN, language="ko", **fields)
    comment = None
    for _ in range(5):
        comment = make_comment(post=post, parent=comment, name=WORD * 3, body=WORD * 9, website="https://reader.test/")
    for number in range(12):
        make_post(title=f"River {number}", cover=cover, published_at=days_ago(40 * number), categories=[category])
    page = make_page(title="About", body=body)
    kinds = {"post": post, "Korean post": korean, "page": page, "category": category, "tag": tag, "author": author}
    return {
        **{kind: thing.get_absolute_url() for kind, thing in kinds.items()},
        "month": post.get_absolute_url().rsplit("/", 2)[0] + "/",
        "home": "/",
        "home, page 2": "/?page=2",
        "archive": "/archive/",
        "search": "/search/?q=river",
        "search without a find": "/search/?q=nothing",
        "what becomes of comments": "/transparency/en/",
        "not found": "/nothing/",
    }


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_axe_finds_nothing_on_any_kind_of_page(
    new_page: NewPage, axe: Axe, addresses: dict[str, str], width: int, scheme: str
) -> None:
    page = new_page(color_scheme=scheme, viewport={"width": width, "height": 800})
    found = {}
    for kind, address in addresses.items():
        page.goto(address)
        found[kind] = axe(page)
    assert found == dict.fromkeys(addresses, [])


@pytest.mark.parametrize("width", [320, 640, 1280])
def test_nothing_scrolls_sideways(new_page: NewPage, addresses: dict[str, str], width: int) -> None:
    page = new_page(viewport={"width": width, "height": 800})
    widths = {}
    for kind, address in addresses.items():
        page.goto(address)
        widths[kind] = page.evaluate("document.documentElement.scrollWidth")
    assert widths == dict.fromkeys(addresses, width)


def test_wide_tables_and_code_scroll_in_themselves(new_page: NewPage, addresses: dict[str, str]) -> None:
    page = new_page(viewport={"width": 320, "height": 800})
    page.goto(addresses["post"])
    for name in ["table", "pre"]:
        element = page.locator(f".prose {name}")
        assert element.evaluate("e => e.scrollWidth > e.clientWidth")
        element.focus()
        page.keyboard.press("ArrowRight")
        expect(element).to_be_focused()


@pytest.mark.parametrize("kind", ["home", "post"])
def test_nothing_moves_when_pictures_arrive(page: Page, addresses: dict[str, str], kind: str) -> None:
    held: list[Route] = []
    page.route("**/media/**", lambda route: held.append(route))
    page.goto(addresses[kind], wait_until="domcontentloaded")
    expect(page.locator("body")).to_have_css("margin-top", "0px")  # the style sheet is there
    before = page.evaluate(PLACES)
    assert held
    for route in held:
        route.continue_()
    page.wait_for_load_state()
    assert page.evaluate(PLACES) == before


def test_the_menu_of_a_small_screen_opens_without_javascript(new_page: NewPage, addresses: dict[str, str]) -> None:
    page = new_page(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page.goto("/")
    law = page.get_by_role("navigation", name="Main").get_by_role("link", name="Law")
    expect(law).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    expect(page.get_by_role("searchbox", name="Search")).to_be_visible()
    assert law.bounding_box()["width"] > 300  # a thumb hits the whole line
    law.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Law")


def test_a_reader_finds_a_post_without_javascript(page_no_js: Page, addresses: dict[str, str]) -> None:
    page_no_js.goto("/")
    page_no_js.get_by_role("searchbox", name="Search").fill("두만강")
    page_no_js.keyboard.press("Enter")
    page_no_js.get_by_role("link", name="두만강을 건너지 못한 사람들").click()
    expect(page_no_js.get_by_role("heading", level=1)).to_have_text("두만강을 건너지 못한 사람들")


def test_the_keyboard_reaches_the_text_first(page: Page, addresses: dict[str, str]) -> None:
    page.goto(addresses["post"])
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the text")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    focused = page.locator("main :focus")
    assert focused.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"


def test_without_svg_pictures_the_name_still_leads_home(new_page: NewPage, addresses: dict[str, str]) -> None:
    page = new_page(java_script_enabled=False)
    page.route("**/*.svg", lambda route: route.abort())
    page.goto(addresses["post"])
    page.get_by_role("banner").get_by_role("link", name="Tumen").click()
    expect(page).to_have_url(re.compile(r":\d+/$"))


def test_korean_words_stay_whole(new_page: NewPage, addresses: dict[str, str]) -> None:
    page = new_page(viewport={"width": 320, "height": 800})
    page.goto(addresses["Korean post"])
    lines = page.locator(".prose p").first.evaluate(
        """p => {
            const range = document.createRange(), text = p.firstChild, lines = [];
            let top;
            for (let i = 0; i < text.length; i++) {
                range.setStart(text, i);
                range.setEnd(text, i + 1);
                const {top: now, width} = range.getBoundingClientRect();
                if (width && now !== top) lines.push('');
                if (width) top = now;
                lines[lines.length - 1] += text.data[i];
            }
            return lines;
        }"""
    )
    assert len(lines) > 2
    assert [word for line in lines for word in line.split()] == page.locator(".prose p").first.inner_text().split()


def test_paper_shows_where_links_lead_and_no_navigation(page: Page, addresses: dict[str, str]) -> None:
    page.goto(addresses["post"])
    page.emulate_media(media="print")
    for link in [page.locator(".prose a").first, page.locator(".source a")]:
        shown = link.evaluate("e => getComputedStyle(e, '::after').content")
        assert link.get_attribute("href") in shown
    expect(page.get_by_text("[The Organization for World Peace]")).to_be_visible()
    expect(page.get_by_role("button", name="Post Comment")).to_be_hidden()
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
