"""What search engines read of the comments on a page; see posts/linked_data.py."""

import html
from collections.abc import Iterator

from django.utils.html import strip_tags
from django.utils.safestring import SafeString

from comments.threads import ThreadPage
from posts.html import json_ld
from posts.linked_data import Node, article_id
from posts.models import Post
from posts.pages import absolute


def of_thread(post: Post, thread: ThreadPage) -> SafeString:
    """The comments that the page shows, each with what it answers; nothing where there are none. No query."""
    if not thread.rows:
        return SafeString()
    return json_ld([{"@id": article_id(post), "commentCount": thread.count}, *comments(post, thread)])


def comments(post: Post, thread: ThreadPage) -> Iterator[Node]:
    address = f"{absolute(thread.address)}#comment-"
    shown = {row["id"] for row in thread.rows if "id" in row}
    for row in thread.rows:
        if "id" in row:
            answered = str(row["parent"])
            yield {
                "@type": "Comment",
                "@id": address + row["id"],
                "parentItem": {"@id": address + answered if answered in shown else article_id(post)},
                "text": words(row["html"]),
                "dateCreated": row["day"],
                "author": {"@type": "Organization" if row["staff"] else "Person", "name": row["name"]}
                if row["name"]
                else {},
            }


def words(markup: str) -> str:
    """The text of a comment's HTML, of which we have made every tag."""
    return html.unescape(strip_tags(markup.replace("<br>", "\n").replace("</p><p>", "\n\n")))
