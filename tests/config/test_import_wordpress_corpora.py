"""Exports of real blogs come in as the answer key beside them says, and the pages of what they became answer."""

import io
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from comments.models import Comment
from posts.models import Author, Category, Page, Post, Redirect, Tag

MOST = 60  # of each kind of page that are looked at

EXPORTS = Path(os.environ.get("TEST_CORPORA", "../shared/data")) / "wxr"
KEY: dict[str, dict[str, Any]] = {}
if EXPORTS.is_dir():
    KEY = json.loads((EXPORTS / "EXPECTED.json").read_text())

pytestmark = [
    pytest.mark.corpora,
    pytest.mark.django_db,
    pytest.mark.skipif(not EXPORTS.is_dir(), reason=f"no folder {EXPORTS}; set TEST_CORPORA to run this"),
]


def run(name: str) -> dict[str, Any]:
    out = io.StringIO()
    call_command("import_wordpress", str(EXPORTS / name), report="json", stdout=out)
    report: dict[str, Any] = json.loads(out.getvalue())
    return report


def skipped(report: dict[str, Any], what: str, why: str = "") -> int:
    return sum(entry["count"] for entry in report["skipped"] if entry["what"] == what and why in entry["why"])


@pytest.mark.parametrize("name", KEY or ["none"])
def test_a_real_export_comes_in_as_the_key_says(name: str, client: Client) -> None:
    key, report = KEY[name], run(name)

    assert report["posts"] + report["pages"] + report["attachments"] == key["items"] - skipped(report, "item")
    assert report["posts"] >= key["types"].get("post", 0)
    assert report["pages"] == key["types"].get("page", 0)
    assert report["attachments"] == key["types"].get("attachment", 0)
    assert sum(report["comments"].values()) == key["comments"] - skipped(report, "comment")
    for kind in ("pingback", "trackback"):
        assert skipped(report, "comment", kind) <= key["ctype"].get(kind, 0)
    assert report["authors"] >= key["authors"]
    assert report["categories"] >= key["cats"]
    assert report["tags"] >= key["tags"]

    assert Post.objects.count() == report["posts"]
    assert Page.objects.count() == report["pages"]
    assert Comment.objects.count() == sum(report["comments"].values())
    assert Comment.objects.exclude(parent=None).count() == report["threads"]
    assert Redirect.objects.count() == report["redirects"]
    assert Post.objects.published().count() <= key["status"].get("publish", 0)

    for address in addresses():
        assert client.get(address).status_code == 200, address
    for redirect in Redirect.objects.all():
        answer = client.get("/", PATH_INFO=redirect.path.encode().decode("latin-1"))
        is_public = (redirect.post or redirect.page).is_published  # type: ignore[union-attr]
        assert answer.status_code == (301 if is_public else 404), redirect.path

    rows = repr([list(model.objects.values()) for model in (Author, Comment)])
    assert not [secret for secret in secrets(name) if secret in rows]


def addresses() -> list[str]:
    """What readers can reach of what was imported."""
    posts = [post.get_absolute_url() for post in Post.objects.published()]
    pages = [page.get_absolute_url() for page in Page.objects.published()]
    lists = [one.get_absolute_url() for model in (Author, Category, Tag) for one in model.objects.all()[:MOST]]
    months = sorted({address[:9] for address in posts})[:MOST]
    feeds = [f"{address}{kind}" for address in ["/", *posts[:9]] for kind in ("feed/", "feed/atom/", "feed/json/")]
    return ["/", "/archive/", "/sitemap.xml", "/search/?q=the", *posts[:MOST], *pages, *lists, *months, *feeds]


def secrets(name: str) -> set[str]:
    """The e-mail and IP addresses that stand in the file."""
    markup = (EXPORTS / name).read_text()
    found = re.findall(
        r"<wp:(?:comment_)?author_(?:email|IP)>([^<]+)<", re.sub(r"<!\[CDATA\[(.*?)\]\]>", r"\1", markup)
    )
    return {address.strip() for address in found} - {""}
