"""The content of `manage.py demo`, read from config/demo/: authors, categories, pictures, posts, pages, comments."""

import datetime
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from comments import moderation
from comments.models import Comment, Status
from comments.scoring import submission_of
from posts import media, publishing
from posts.models import Amendment, Author, Category, Identity, Media, NavigationEntry, Page, Post, State, Tag, Wording
from posts.slugs import make_slug

FOLDER = Path(__file__).with_name("demo")
CREDIT = "Drawing: Tumen"
HOUR = 9  # o'clock, at which all posts appear
PICTURE = re.compile(r"\.\./pictures/([a-z]+)\.webp")  # so that the texts can be read where they lie, too


def load(moderator: User) -> None:
    """Store everything. To be called in a transaction, on a site without posts."""
    content = read("content.toml")
    pictures = {key: make_picture(key, entry) for key, entry in content["pictures"].items()}
    authors = {key: make_author(entry) for key, entry in content["authors"].items()}
    categories: dict[str, Category] = {}
    for key, entry in content["categories"].items():
        categories[key] = make_category(key, entry, categories)
    for key, entry in content["pages"].items():
        make_page(key, entry, pictures)
    posts = {key: make_post(key, entry, pictures, authors, categories) for key, entry in content["posts"].items()}
    make_identity(content["site"])
    comments: dict[str, Comment] = {}
    for entry in read("comments.toml")["comment"]:
        comment = make_comment(entry, posts[entry["post"]], comments, moderator)
        if "key" in entry:
            comments[entry["key"]] = comment
    for key, entry in content["posts"].items():
        limit_comments(posts[key], entry)


def read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def make_picture(key: str, entry: Mapping[str, Any]) -> Media:
    with (FOLDER / "pictures" / f"{key}.webp").open("rb") as file:
        picture = Media(**asdict(media.store(file)), **entry, credit=CREDIT)
    picture.full_clean()
    publishing.save_media(picture)
    return picture


def make_author(entry: Mapping[str, Any]) -> Author:
    author = Author(**entry)
    author.full_clean()
    author.save()
    return author


def make_category(key: str, entry: Mapping[str, Any], above: Mapping[str, Category]) -> Category:
    parent = above[entry["parent"]] if "parent" in entry else None
    category = Category(**({"slug": key} | dict(entry) | {"parent": parent}))
    category.full_clean()
    category.save()
    return category


def make_page(key: str, entry: Mapping[str, Any], pictures: Mapping[str, Media]) -> None:
    page = Page(**({"slug": key, "state": State.PUBLISHED} | dict(entry)), body=text_of(f"pages/{key}.html", pictures))
    page.full_clean()
    publishing.save_page(page)


def make_identity(entry: Mapping[str, Any]) -> None:
    identity, _created = Identity.objects.update_or_create(pk=1, defaults={"email": entry["email"]})
    for language, wording in entry["wordings"].items():
        policy = Page.objects.get(slug=wording["comment_policy"])
        values = {**wording, "comment_policy": policy, "identity": identity}
        Wording.objects.update_or_create(language=language, defaults=values)
    for position, link in enumerate(entry["navigation"]):
        target = {name: model.objects.get(slug=link[name]) for name, model in TARGETS.items() if name in link}
        NavigationEntry(**{**link, **target, "position": position, "identity": identity}).save()
    publishing.touch()


TARGETS: dict[str, type[Page] | type[Category]] = {"page": Page, "category": Category}


def make_post(
    key: str,
    entry: Mapping[str, Any],
    pictures: Mapping[str, Media],
    authors: Mapping[str, Author],
    categories: Mapping[str, Category],
) -> Post:
    """Open for comments at first; `limit_comments` has the last word."""
    plain = {name: value for name, value in entry.items() if name in PLAIN_FIELDS}
    post = Post(
        **({"slug": key, "state": State.PUBLISHED} | plain),
        body=text_of(f"posts/{key}.html", pictures),
        author=authors[entry["author"]],
        cover=pictures[entry["cover"]] if "cover" in entry else None,
        published_at=days_ago(entry["days"]) if "days" in entry else None,
    )
    post.full_clean()
    publishing.save_post(post)
    post.categories.set(categories[name] for name in entry["categories"])
    for amendment in entry.get("amendments", []):
        words = {name: amendment[name] for name in ("kind", "text")}
        Amendment.objects.create(post=post, date=days_ago(amendment["days"]).date(), **words)
    post.tags.set(Tag.objects.get_or_create(slug=make_slug(name), name=name)[0] for name in entry.get("tags", []))
    return post


PLAIN_FIELDS = frozenset(
    "title slug excerpt language state featured source_name source_url full_reprint comments_days".split()
)


def text_of(name: str, pictures: Mapping[str, Media]) -> str:
    return PICTURE.sub(lambda found: pictures[found[1]].url, (FOLDER / name).read_text(encoding="utf-8"))


def days_ago(days: int) -> datetime.datetime:
    today = timezone.localtime().replace(hour=HOUR, minute=0, second=0, microsecond=0)
    return today - datetime.timedelta(days=days)


def make_comment(entry: Mapping[str, Any], post: Post, earlier: Mapping[str, Comment], moderator: User) -> Comment:
    """A comment on the way that every comment takes: submitted, scored, decided about."""
    comment = Comment(
        post=post,
        parent=earlier[entry["parent"]] if "parent" in entry else None,
        name=entry["name"],
        website=entry.get("website", ""),
        body=entry["text"].strip(),
        staff=moderator if entry.get("staff") else None,
        created_at=timezone.now() - datetime.timedelta(days=entry["days"]),
    )
    seen = replace(submission_of(comment), honeypot=entry.get("honeypot", ""))
    moderation.submit(comment, seen, email=entry.get("email", ""))
    decide(comment, entry, moderator)
    return comment


def decide(comment: Comment, entry: Mapping[str, Any], moderator: User) -> None:
    """Bring the comment into the state it ends in; what the policy found to be spam stays where it put it."""
    reason, state = entry.get("reason", ""), entry.get("state", Status.APPROVED)
    if entry.get("approved_first"):
        moderation.approve(comment, by=moderator)
    if state == Status.WITHDRAWN:
        moderation.withdraw(comment)
    elif state != comment.status:
        DECISIONS[state](comment, by=moderator, reason=reason)


DECISIONS: dict[str, Callable[..., object]] = {
    Status.APPROVED: moderation.approve,
    Status.REJECTED: moderation.reject,
    Status.SPAM: moderation.mark_spam,
}


def limit_comments(post: Post, entry: Mapping[str, Any]) -> None:
    if "comments" in entry:
        post.refresh_from_db()
        post.comments = entry["comments"]
        publishing.save_post(post)
