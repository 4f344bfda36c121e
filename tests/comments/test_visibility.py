"""Nobody but its author and the staff sees a comment that is not approved, anywhere. Canary words in every state."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from comments import moderation
from comments.addresses import confirmation_address, status_address
from comments.models import Comment, Contact, Status
from posts import previews, publishing
from posts.models import Author, Category, Page, Post, PreviewLink, State, Tag
from tests.factories import (
    days_ago,
    make_author,
    make_category,
    make_comment,
    make_editor,
    make_moderator,
    make_page,
    make_post,
    make_tag,
    make_user,
)

pytestmark = pytest.mark.django_db

EMAIL = "canary-email@example.org"
CANARIES = {"body": "canarybody riverbank", "name": "canaryname", "website": "https://canarywebsite.example/"}
WORDS = ("canarybody", "canaryname", "canarywebsite")


@dataclass
class World:
    """A post with the comment in question, among other things that are all public."""

    category: Category = field(default_factory=make_category)
    tag: Tag = field(default_factory=make_tag)
    author: Author = field(default_factory=make_author)
    page: Page = field(default_factory=make_page)
    post: Post = field(init=False)
    other: Comment = field(init=False)  # a visible comment beside the one in question
    comment: Comment = field(init=False)

    def __post_init__(self) -> None:
        self.post = make_post(categories=[self.category], tags=[self.tag], author=self.author)
        make_post(categories=[self.category], tags=[self.tag], author=self.author)
        self.other = make_comment(post=self.post)
        self.comment = self.plant(Status.PENDING)

    def plant(self, status: Status, **fields: Any) -> Comment:
        """A comment with canary words, a signal that quotes it, and its author's address."""
        comment = make_comment(post=self.post, status=status, **CANARIES, **fields)
        Contact.objects.create(comment=comment, email=EMAIL, purpose=Contact.Purpose.NOTICE, expires_at=days_ago(-30))
        comment.signals.create(name="canaryname", points=1, reason="canarybody")
        return comment


Step = Callable[[World], object]


def approve(world: World) -> None:
    moderation.approve(world.comment, by=make_moderator())


def reject(world: World) -> None:
    moderation.reject(world.comment, by=make_moderator(), reason="canarybody")


def mark_spam(world: World) -> None:
    moderation.mark_spam(world.comment, by=make_moderator())


def restore(world: World) -> None:
    moderation.restore(world.comment, by=make_moderator())


def withdraw(world: World) -> None:
    moderation.withdraw(world.comment)


def answer(world: World) -> None:
    make_comment(parent=make_comment(parent=world.comment))


def import_another(world: World) -> None:
    world.comment = world.plant(Status.PENDING, wordpress_id=7)


def unpublish(world: World) -> None:
    world.post.state = State.DRAFT
    publishing.save_post(world.post)


def schedule(world: World) -> None:
    world.post.published_at = days_ago(-1)
    publishing.save_post(world.post)


# What happens to a comment that waits, until it is not visible.
HIDDEN: list[list[Step]] = [
    [],
    [reject],
    [mark_spam],
    [withdraw],
    [reject, restore],
    [approve, reject],
    [approve, mark_spam],
    [approve, withdraw],
    [approve, answer, reject],
    [approve, answer, withdraw],
    [import_another],
    [approve, unpublish],
    [approve, schedule],
]


# Addresses with something to fill in; those without are found by themselves.
ADDRESSES: dict[str, Callable[[World], list[str]]] = {
    "posts:home": lambda world: ["/", "/?page=1", "/?p=1"],
    "posts:search": lambda world: ["/search/", "/search/?q=riverbank", "/search/?q=Text"],
    "posts:media": lambda world: ["/media/none.webp"],
    "posts:category": lambda world: [world.category.get_absolute_url()],
    "posts:tag": lambda world: [world.tag.get_absolute_url()],
    "posts:author": lambda world: [world.author.get_absolute_url()],
    "posts:page": lambda world: [world.page.get_absolute_url(), "/not-there/"],
    "posts:preview": lambda world: [
        previews.address(PreviewLink.objects.create(post=world.post, by=make_editor())),
        reverse("posts:preview", args=["none"]),
    ],
    "posts:month": lambda world: [reverse("posts:month", args=world_day(world))],
    "posts:post": lambda world: [
        *(world.post.get_absolute_url() + query for query in ("", "?page=1", "?page=2", "?unapproved=1", "?preview=1"))
    ],
    "comments:submit": lambda world: [world.post.get_absolute_url() + "comments/"],
    "comments:reply": lambda world: [
        f"{world.post.get_absolute_url()}comments/{comment.pk}/" for comment in (world.comment, world.other)
    ],
    "comments:status": lambda world: [status_address(world.other), f"/comments/{world.comment.pk}/"],
    "comments:forget_proof": lambda world: [status_address(world.other) + "forget/"],
    "comments:ask_for_link": lambda world: [status_address(world.other) + "ask/"],
    "comments:appeal": lambda world: [status_address(world.other) + "appeal/"],
    "comments:transparency": lambda world: ["/transparency/en/", "/transparency/ko/"],
    "comments:confirm": lambda world: [confirmation_address(world.comment, "0" * 64)],
} | {
    f"{name}{ending}": lambda world, owner=owner, path=path: [getattr(world, owner).get_absolute_url() + path]
    for name, owner in [
        ("posts:category-feed", "category"),
        ("posts:tag-feed", "tag"),
        ("posts:author-feed", "author"),
        ("comments:feed", "post"),
    ]
    for ending, path in [("", "feed/"), ("atom", "feed/atom/"), ("json", "feed/json/")]
}


def world_day(world: World) -> list[int]:
    day = timezone.localtime(world.post.published_at)
    return [day.year, day.month]


def public_patterns(patterns: list[Any], namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of the site but the staff's, by its name."""
    for pattern in patterns:
        if str(pattern.pattern).startswith("admin/"):
            continue
        if isinstance(pattern, URLResolver):
            yield from public_patterns(pattern.url_patterns, f"{pattern.namespace}:")
        else:
            yield namespace + str(pattern.name), pattern


def addresses(world: World) -> list[str]:
    """All public addresses; KeyError for a new one that nobody has filled in yet."""
    patterns = public_patterns(get_resolver().url_patterns)
    return list(
        chain.from_iterable(
            ADDRESSES[name](world) if name in ADDRESSES or pattern.pattern.converters else [reverse(name)]
            for name, pattern in patterns
        )
    )


def answers(client: Client, world: World) -> dict[str, HttpResponse]:
    """What every public address answers, and what the form answers to right and wrong input."""
    found = {address: client.get(address) for address in addresses(world)}
    form = world.post.get_absolute_url() + "comments/"
    reply = {"name": "Lee", "comment": "Text", "parent": world.comment.pk}
    return found | {
        "mistake": client.post(form, {"name": "", "comment": "Text"}),
        "reply": client.post(form, reply),
        "reply with mistake": client.post(form, reply | {"name": ""}),
        "other site": client.post(form, reply, headers={"origin": "https://evil.example"}),
    }


def seen(client: Client, world: World, *words: str) -> set[str]:
    """Where one of the words shows up, in text or header."""
    texts = {place: answer.content.decode() + str(answer.headers) for place, answer in answers(client, world).items()}
    return {place for place, text in texts.items() if any(word in text for word in words)}


@pytest.mark.parametrize("steps", HIDDEN, ids=lambda steps: "-".join(step.__name__ for step in steps) or "wait")
def test_what_is_not_visible_is_nowhere(client: Client, steps: list[Step]) -> None:
    world = World()
    for step in steps:
        answers(client, world)  # whatever was public by then lies in the cache
        step(world)
    assert seen(client, world, *WORDS, EMAIL) == set()
    cache.clear()
    client.force_login(make_user(is_superuser=True))
    assert seen(client, world, *WORDS, EMAIL) == set()


def test_what_is_visible_is_where_it_belongs_and_the_address_nowhere(client: Client) -> None:
    world = World()
    approve(world)
    own = world.post.get_absolute_url()
    places = seen(client, world, *WORDS)
    page = {own, f"{own}?page=1", f"{own}?unapproved=1", f"{own}?preview=1", "mistake", "reply with mistake"}
    feeds = {f"{own}feed/", f"{own}feed/atom/", f"{own}feed/json/"}
    assert places == page | feeds | {f"{own}comments/{world.comment.pk}/"}
    assert seen(client, world, EMAIL) == set()


def test_its_author_sees_the_text_but_never_the_address(client: Client) -> None:
    world = World()
    page = client.get(status_address(world.comment)).content.decode()
    assert "canarybody" in page
    assert EMAIL not in page
