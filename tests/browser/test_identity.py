"""An administrator makes the site their own, and readers see it."""

import pytest
from playwright.sync_api import Page, Route, expect

from posts.models import Identity
from tests.browser.conftest import PHONE, Axe, NewPage, fits
from tests.browser.staff import choose, enter, save
from tests.factories import make_category, make_image_bytes, make_media, make_page, make_post, make_user

FORM = "/admin/posts/identity/1/change/"
ONE_LINE = "name => name.clientHeight < 2 * parseFloat(getComputedStyle(name).lineHeight)"


@pytest.fixture
def office(new_page: NewPage, site: str) -> Page:
    page = new_page(bypass_csp=True)  # axe copies elements with the style that a script gave them
    enter(page, site, make_user(is_superuser=True))
    return page


def test_the_site_is_given_a_name_a_logo_and_a_navigation(office: Page, page: Page, axe: Axe) -> None:
    logo = make_media(title="Our sign", alt="A bridge")
    make_page(title="About us"), make_category(name="Camps")
    address = make_post(language="ko").get_absolute_url()
    office.goto("/admin/")
    office.get_by_role("link", name="Site identity").first.click()
    with office.expect_popup() as opened:
        office.locator("#lookup_id_logo").click()
    window = opened.value
    choose(window, window.get_by_role("link", name=logo.title).last)
    office.locator("#id_wordings-0-name").fill("Border Notes")
    office.locator("#id_wordings-0-tagline").fill("From the river")
    office.locator("#id_wordings-1-name").fill("국경 소식")
    office.locator("#id_wordings-1-tagline").fill("강에서")
    office.locator("#id_entries-0-page").select_option("About us")
    office.locator("#id_entries-1-category").select_option("Camps")
    office.locator("#id_entries-1-position").fill("5")
    office.get_by_label("E-mail address").fill("desk@example.org")
    save(office)
    assert axe(office) == []

    page.goto("/")
    expect(page).to_have_title("Border Notes – From the river")
    links = page.get_by_role("navigation", name="Main").get_by_role("link")
    expect(links).to_have_text(["Camps", "About us"])
    page.locator(".logo").evaluate("picture => picture.decode()")
    expect(page.get_by_role("contentinfo").get_by_role("link", name="desk@example.org")).to_be_visible()
    page.goto(address)
    expect(page.locator(".site-name")).to_have_text("국경 소식")


def test_what_is_wrong_is_said_and_nothing_is_lost(office: Page) -> None:
    office.goto(FORM)
    office.locator("#id_wordings-0-name").fill("")
    office.locator("#id_wordings-1-name").fill("국경 소식")
    office.locator("#id_entries-0-address").fill("/archive/")
    office.get_by_role("button", name="Save", exact=True).last.click()
    expect(office.get_by_text("an address needs a label")).to_be_visible()
    expect(office.get_by_text("A language has both a name and a tagline").first).to_be_visible()
    expect(office.locator("#id_wordings-1-name")).to_have_value("국경 소식")
    expect(office.locator("#id_entries-0-address")).to_have_value("/archive/")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1200, 300), (400, 400)])
def test_a_logo_leaves_everything_in_its_place(
    new_page: NewPage, site: str, axe: Axe, scheme: str, size: tuple[int, int]
) -> None:
    logo = make_media(make_image_bytes(size=size))
    Identity.objects.update_or_create(pk=1, defaults={"logo": logo})
    page = new_page(color_scheme=scheme, viewport=PHONE)
    place = "() => JSON.stringify(document.querySelector('.tagline, main').getBoundingClientRect())"
    waiting: list[Route] = []
    page.route("**/media/*", lambda route: waiting.append(route))
    page.goto("/", wait_until="domcontentloaded")
    expect(page.locator(".site-header")).to_have_css("display", "flex")  # the style sheet is there
    before = page.evaluate(place)
    page.unroute("**/media/*")
    page.reload()
    page.locator(".logo").evaluate("picture => picture.decode()")
    assert page.evaluate(place) == before
    assert page.locator(".site-name span").evaluate(ONE_LINE)
    assert fits(page)
    assert axe(page) == []
