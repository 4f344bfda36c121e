"""Every attack string as the text of a published post, and around it, and in the editor."""

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from posts import publishing
from posts.html import POST_ATTRIBUTES, POST_TAGS, SCROLLED, post_html
from posts.models import Post
from tests.attacks import OWN, corpora, needs_corpora
from tests.browser.conftest import NewPage
from tests.browser.hostile import came_alive
from tests.browser.staff import enter
from tests.factories import make_author, make_category, make_editor, make_media, make_post, make_tag

A_PAGE = 100  # attacks
ALLOWED = {
    tag: POST_ATTRIBUTES["*"] | POST_ATTRIBUTES.get(tag, set()) | SCROLLED.get(tag, {}).keys() for tag in POST_TAGS
}


@pytest.fixture
def naked(new_page: NewPage) -> Page:
    """A page without the last line of defence."""
    return new_page(bypass_csp=True)


def assert_harmless(page: Page, attacks: list[str]) -> None:
    """Each attack is sanitised as a text of its own; they are shown together to save time."""
    post = make_post()
    for start in range(0, len(attacks), A_PAGE):
        texts = [f"<div>{post_html(attack, {})}</div>" for attack in attacks[start : start + A_PAGE]]
        Post.objects.update(html="".join(texts))
        publishing.touch()
        assert came_alive(page, post.get_absolute_url(), inside=".prose", allowed=ALLOWED) == []
        assert page.locator(".prose > div").count() == len(texts)


def test_no_attack_of_our_own_comes_alive(naked: Page) -> None:
    assert_harmless(naked, OWN)


@needs_corpora
@pytest.mark.corpora
def test_no_attack_of_the_corpora_comes_alive(naked: Page) -> None:
    assert_harmless(naked, corpora())


@transaction.atomic
def make_hostile() -> list[Post]:
    """Posts in which the attacks stand as text and in every word that belongs to it, a few in each."""
    posts = []
    for start in range(0, len(OWN), 5):
        text = " ".join(OWN[start : start + 5]).replace("\0", "")
        words = {"title": text[:300], "excerpt": text, "source_name": text[:200], "source_url": "https://example.org/"}
        picture = make_media(title=text[:200], alt=text[:500], caption=text[:500], credit=text[:200])
        filed = {"categories": [make_category(name=text[:200])], "tags": [make_tag(name=text[:200])]}
        author = make_author(name=text[:200], bio=text)
        posts.append(make_post(slug=f"p{start}", body=text, cover=picture, author=author, **words, **filed))
    return posts


def test_no_attack_comes_alive_around_the_text(naked: Page) -> None:
    posts = make_hostile()
    nothing_of = {"inside": "nothing", "allowed": {}}  # these pages have more elements than a text; none may act
    lists = ["/", "/archive/", posts[0].author.get_absolute_url(), "/search/?q=alert"]
    for address in [*(post.get_absolute_url() for post in posts), *lists]:
        assert came_alive(naked, address, **nothing_of) == []
        assert naked.locator("script:not([src^='/static/'], [type='application/ld+json'])").count() == 0


def test_no_attack_comes_alive_before_its_editor(naked: Page, site: str) -> None:
    posts = make_hostile()
    enter(naked, site, make_editor())
    for post in posts:
        assert came_alive(naked, f"/admin/posts/post/{post.pk}/change/", inside="nothing", allowed={}) == []
        expect(naked.get_by_role("textbox", name="Text")).to_be_visible()
    for address in ["post/", "post/?q=alert", "category/", "author/", "tag/", "media/", "media/pick/"]:
        assert came_alive(naked, f"/admin/posts/{address}", inside="nothing", allowed={}) == []
