"""Plain makers of test data: a test says only what matters to it."""

import datetime
import itertools
from collections.abc import Iterable
from dataclasses import asdict
from io import BytesIO
from typing import Any

from django.contrib.auth.models import Group, User
from django.utils import timezone
from PIL import Image

from comments import moderation, policy, rulebook
from comments.models import Comment, PolicyRevision, Rule, Sanction, Status
from posts import media, publishing
from posts.models import Author, Category, Media, Page, Post, State, Tag

_count = itertools.count(1)


def days_ago(days: float) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(days=days)


def make_author(**fields: Any) -> Author:
    number = next(_count)
    return Author.objects.create(**{"name": f"Author {number}", "slug": f"author-{number}", **fields})


def make_category(**fields: Any) -> Category:
    number = next(_count)
    return Category.objects.create(**{"name": f"Category {number}", "slug": f"category-{number}", **fields})


def make_tag(**fields: Any) -> Tag:
    number = next(_count)
    return Tag.objects.create(**{"name": f"Tag {number}", "slug": f"tag-{number}", **fields})


def make_picture(*, size: tuple[int, int] = (1000, 600), **fields: Any) -> Media:
    """A stored picture of one colour, with its renditions."""
    file = BytesIO()
    Image.new("RGB", size, f"hsl({next(_count) % 360}, 30%, 50%)").save(file, "PNG")
    stored = media.store(BytesIO(file.getvalue()))
    return Media.objects.create(**{"title": "Picture", "alt": "A coloured square", **asdict(stored), **fields})


def make_post(*, categories: Iterable[Category] = (), tags: Iterable[Tag] = (), **fields: Any) -> Post:
    """A published post, one day old unless told otherwise."""
    number = next(_count)
    defaults = {
        "title": f"Post {number}",
        "slug": f"post-{number}",
        "body": f"<p>Text {number}.</p>",
        "state": State.PUBLISHED,
        "published_at": days_ago(1),
    }
    if "author" not in fields:
        fields["author"] = make_author()
    post = Post(**(defaults | fields))
    publishing.save_post(post)
    post.categories.set(categories)
    post.tags.set(tags)
    return post


def make_page(**fields: Any) -> Page:
    number = next(_count)
    defaults = {"title": f"Page {number}", "slug": f"page-{number}", "body": "<p>Text.</p>", "state": State.PUBLISHED}
    page = Page(**(defaults | fields))
    publishing.save_page(page)
    return page


def make_image_bytes(
    kind: str = "PNG", size: tuple[int, int] = (64, 48), *, mode: str = "RGB", **options: Any
) -> bytes:
    """A file with a picture of one colour, another each time."""
    file = BytesIO()
    picture = Image.new("RGB", size, (next(_count) % 256, 120, 180))
    picture.convert(mode).save(file, kind, **options)
    return file.getvalue()


def make_media(file: bytes | None = None, **fields: Any) -> Media:
    """A picture with its files."""
    number = next(_count)
    stored = media.store(BytesIO(file or make_image_bytes(size=(640, 100 + number % 100))))
    described = {"title": f"Picture {number}"} | (
        {} if fields.get("decorative") else {"alt": f"What picture {number} shows"}
    )
    picture = Media(**asdict(stored), **(described | fields))
    publishing.save_media(picture)
    return picture


def make_comment(**fields: Any) -> Comment:
    """A stored and scored comment, without decisions behind it unless it is a withdrawn one."""
    if fields.get("status") == Status.WITHDRAWN:
        comment = make_comment(**(fields | {"status": Status.PENDING}))
        moderation.withdraw(comment)
        return comment
    number = next(_count)
    defaults = {"name": f"Reader {number}", "body": f"Comment {number}.", "scored_at": timezone.now(), "score": 0.0}
    if "post" not in fields:
        fields["post"] = fields["parent"].post if fields.get("parent") else make_post()
    comment = Comment(**({"status": Status.APPROVED} | defaults | fields))
    moderation.import_comment(comment)
    return comment


def make_user(role: str = "", **fields: Any) -> User:
    """A staff account, in the group `role` if one is named."""
    user = User.objects.create_user(**{"username": f"user{next(_count)}", "is_staff": True, **fields})
    if role:
        user.groups.add(Group.objects.get(name=role))
    return user


def make_editor(**fields: Any) -> User:
    return make_user("Editors", **fields)


def make_moderator(**fields: Any) -> User:
    return make_user("Moderators", **fields)


def make_rule(text: str = "casino", **fields: Any) -> Rule:
    """An active rule, for a word unless told otherwise."""
    rule = Rule(**({"kind": Rule.Kind.WORD, "text": text, "points": 2.0, "state": Rule.State.ACTIVE} | fields))
    rulebook.keep(rule)
    return rule


def make_sanction(text: str = "bad.example", **fields: Any) -> Sanction:
    """A ban for good, of a host unless told otherwise."""
    about = {"kind": Sanction.Kind.PROOF} if "proof" in fields else {"kind": Sanction.Kind.HOST, "text": text}
    defaults = {"effect": Sanction.Effect.BAN, "made_by": fields.get("made_by") or make_moderator()}
    return Sanction.objects.create(**(about | defaults | fields))


def make_policy(**fields: Any) -> PolicyRevision:
    """A revision of the policy: the default with these changes."""
    numbers = {
        "spam_threshold": policy.DEFAULT.spam_threshold,
        "obvious_threshold": policy.DEFAULT.obvious_threshold,
        "publish_threshold": policy.DEFAULT.publish_threshold,
    }
    return PolicyRevision.objects.create(**(numbers | fields))


def make_decided(status: Status, *, by: User, score: float = 0.0, **fields: Any) -> Comment:
    """A scored comment that a person has decided."""
    comment = make_comment(status=Status.PENDING, score=score, **fields)
    decide = {
        Status.APPROVED: moderation.approve,
        Status.REJECTED: moderation.reject,
        Status.SPAM: moderation.mark_spam,
    }
    decide[status](comment, by=by)
    return comment
