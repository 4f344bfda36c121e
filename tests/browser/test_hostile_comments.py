"""Every attack string as text, name and website of a published comment."""

import pytest
from django.db import transaction
from playwright.sync_api import Page

from comments import threads
from comments.models import Status
from comments.views import status_address
from posts.models import Post
from tests.attacks import OWN, corpora, needs_corpora
from tests.browser.conftest import NewPage
from tests.browser.hostile import came_alive
from tests.factories import make_comment, make_post

A_PAGE = threads.THREADS_A_PAGE

ALLOWED = {
    "ol": {"class"},
    "li": set(),
    "article": {"class", "id"},
    "p": {"class"},
    "bdi": {"class"},
    "time": {"datetime"},
    "div": {"class", "dir"},
    "br": set(),
    "a": {"class", "href", "rel", "data-parent", "aria-label"},
}


@transaction.atomic
def make_hostile(attacks: list[str], status: Status = Status.APPROVED) -> Post:
    """A post with one comment for each attack, stored as an import would: no form has checked it."""
    post = make_post()
    for attack in attacks:
        text = attack.replace("\0", "")
        make_comment(post=post, status=status, body=text, name=text[:245], website=text[:500])
    return post


@pytest.fixture
def naked(new_page: NewPage) -> Page:
    """A page without the last line of defence."""
    return new_page(bypass_csp=True)


def assert_harmless(page: Page, attacks: list[str]) -> None:
    post = make_hostile(attacks)
    for number in range(1, -(-len(attacks) // A_PAGE) + 1):
        address = threads.page_address(post, number)
        assert came_alive(page, address, inside=".comment-list", allowed=ALLOWED) == []
        assert page.locator(".comment").count() == min(A_PAGE, len(attacks) - A_PAGE * (number - 1))
        assert page.locator(".comments script:not([type='application/ld+json'])").count() == 1


def test_no_attack_of_our_own_comes_alive(naked: Page) -> None:
    assert_harmless(naked, OWN)


@needs_corpora
@pytest.mark.corpora
def test_no_attack_of_the_corpora_comes_alive(naked: Page) -> None:
    assert_harmless(naked, corpora())


def test_no_attack_comes_alive_on_the_page_of_its_author(naked: Page) -> None:
    post = make_hostile([" ".join(OWN[start : start + 5]) for start in range(0, len(OWN), 5)], Status.PENDING)
    allowed = {"p": {"class"}, "bdi": {"class"}, "div": {"class", "dir"}, "br": set()}
    for comment in post.comment_set.all():
        assert came_alive(naked, status_address(comment), inside=".comment", allowed=allowed) == []


@pytest.mark.parametrize(
    ("alive", "deed"),
    [
        ("<script>alert(1)</script>", "dialog 1"),
        ("<img src=x onerror=alert(2)>", "dialog 2"),
        ("<p onmouseover=alert(3)>x</p>", "dialog 3"),
        ("<svg></svg>", "<svg>"),
        ("<p style='position: fixed'>x</p>", "<p style>"),
        ("<a href='javascript:0'>x</a>", "href=javascript:0"),
        ("<script>open('/robots.txt')</script>", "window"),
        ("<script>setTimeout(() => location = '/robots.txt')</script>", "went to"),
    ],
)
def test_what_does_come_alive_is_noticed(naked: Page, alive: str, deed: str) -> None:
    comment = make_comment()
    type(comment).objects.filter(pk=comment.pk).update(html=alive)
    deeds = came_alive(naked, comment.post.get_absolute_url(), inside=".comment-list", allowed=ALLOWED)
    assert any(found.startswith(deed) for found in deeds)
