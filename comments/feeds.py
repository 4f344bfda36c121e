"""The newest comments on a post, as a feed. They carry their day only, as on the page."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from comments.threads import permalinks, visible_on
from posts.feeds import ITEMS, Channel, entry_id
from posts.models import Post
from posts.pages import absolute
from posts.views import published_post


def post_comments(year: int, month: int, slug: str) -> Channel:
    post = published_post(year, month, slug)
    with translation.override(post.language):
        title = _("Comments on “%(title)s”") % {"title": post.title}
    stamp = (post.comments_stamp,)
    return Channel(post.get_absolute_url(), entries(post), title, title, post.language, stamp)


def entries(post: Post) -> Iterable[dict[str, Any]]:
    """The newest comments as items. Two queries, made when the feed is written."""
    comments = list(visible_on(post).order_by("-created_at", "-pk")[:ITEMS])
    links = permalinks(post, comments)
    with translation.override(post.language):
        from_staff = _("From the publication")
    for comment in comments:
        day = midnight(comment.created_at)
        yield {
            "title": comment.name,
            "link": absolute(links[comment.pk]),
            "unique_id": f"{entry_id(post)}/comment-{comment.pk}",  # stays on whichever page it is
            "unique_id_is_permalink": False,
            "description": "",
            "content": comment.html,
            "author_name": comment.name,
            "pubdate": day,
            "updateddate": day,
            "categories": [from_staff] if comment.staff_id else [],  # what no commenter can write
        }


def midnight(moment: datetime.datetime) -> datetime.datetime:
    """The beginning of its day in the site's time zone."""
    return timezone.localtime(moment).replace(hour=0, minute=0, second=0, microsecond=0)
