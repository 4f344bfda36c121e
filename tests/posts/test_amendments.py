"""Updates and corrections stand at the top of a post, in feeds, and in what search engines read."""

import json
import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from posts import identity, publishing
from posts.models import Amendment, AmendmentKind, Post
from tests.factories import days_ago, make_editor, make_moderator, make_post
from tests.posts.test_admin import post_fields

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"


def amend(post: Post, text: str = "It was March.", **fields: Any) -> Amendment:
    amendment = Amendment(post=post, text=text, **({"kind": AmendmentKind.CORRECTION} | fields))
    amendment.full_clean()
    amendment.save()
    publishing.touch()
    return amendment


def markup(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def article(html: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html)
    assert found
    node: dict[str, Any] = json.loads(found[1])["@graph"][0]
    return node


def test_they_stand_above_the_text_newest_first(client: Client) -> None:
    post = make_post(body="<p>The text.</p>")
    amend(post, "It was March.", date=date(2026, 1, 2))
    amend(post, "Two more were freed.", kind=AmendmentKind.UPDATE, date=date(2026, 3, 4))
    html = markup(client, post.get_absolute_url())
    places = [html.index(words) for words in ("Two more were freed.", ">It was March.", "<p>The text.")]
    assert places == sorted(places)
    assert '<strong>Correction</strong> <time datetime="2026-01-02">Jan. 2, 2026</time>' in html
    assert "<strong>Update</strong>" in html


def test_they_speak_the_language_of_the_post(client: Client) -> None:
    post = make_post(language="ko")
    amend(post, "3월이었습니다.")
    html = markup(client, post.get_absolute_url())
    assert "<strong>정정</strong>" in html
    assert '<section class="amendments" aria-label="추가와 정정">' in html
    assert "<strong>정정</strong>" in fromstring(client.get("/feed/").content).findtext(f".//{CONTENT}")


def test_their_text_is_text(client: Client) -> None:
    post = make_post()
    amend(post, "<script>x</script> See https://example.org/a")
    html = markup(client, post.get_absolute_url())
    assert "&lt;script&gt;x" in html
    assert '<a href="https://example.org/a" rel="nofollow">' in html


def test_a_post_without_any_says_nothing_of_them(client: Client) -> None:
    html = markup(client, make_post().get_absolute_url())
    assert "amendment" not in html
    assert not article(html).get("correction")


def test_search_engines_are_told_of_corrections(client: Client) -> None:
    post = make_post()
    amend(post, "It was March.", date=date(2026, 1, 2))
    amend(post, "More.", kind=AmendmentKind.UPDATE)
    assert article(markup(client, post.get_absolute_url()))["correction"] == [
        {"@type": "CorrectionComment", "text": "It was March.", "datePublished": "2026-01-02"}
    ]


@pytest.mark.parametrize("ending", ["", "atom/", "json/"])
def test_feeds_have_them_in_front_of_the_text(client: Client, ending: str) -> None:
    post = make_post(body="<p>The text.</p>")
    amend(post)
    content = markup(client, f"/feed/{ending}")
    assert content.index("It was March.") < content.rindex("The text.")


@pytest.fixture
def form(client: Client) -> dict[str, str]:
    """What an editor's browser sends for a post that is changed in nothing but its amendments."""
    client.force_login(make_editor())
    post = make_post(published_at=days_ago(9))
    Post.objects.update(updated_at=days_ago(9))
    day = timezone.localtime(post.published_at)
    return {
        "address": f"/admin/posts/post/{post.pk}/change/",
        **post_fields(slug=post.slug, state=post.state, author=post.author_id),
        "published_at_0": f"{day:%Y-%m-%d}",
        "published_at_1": f"{day:%H:%M:%S}",
        "amendments-TOTAL_FORMS": "1",
        "amendments-INITIAL_FORMS": "0",
        "amendments-0-kind": "correction",
        "amendments-0-date": "2026-01-02",
        "amendments-0-text": "It was March.",
    }


def test_an_editor_adds_one_and_the_post_counts_as_changed(client: Client, form: dict[str, str]) -> None:
    post = Post.objects.get()
    before = client.get("/feed/atom/")["ETag"]
    assert client.post(form["address"], form).status_code == 302
    assert [(one.kind, one.text) for one in post.amendments.all()] == [("correction", "It was March.")]
    post.refresh_from_db()
    assert timezone.now() - post.updated_at < timedelta(minutes=1)
    answer = client.get("/feed/atom/")
    assert answer["ETag"] != before
    updated = fromstring(answer.content).findtext(f".//{ATOM}entry/{ATOM}updated")
    assert datetime.fromisoformat(updated) == post.updated_at
    assert datetime.fromisoformat(article(markup(client, post.get_absolute_url()))["dateModified"]) == post.updated_at


def test_a_day_that_has_not_come_is_refused_and_the_text_comes_back(client: Client, form: dict[str, str]) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    answer = client.post(form["address"], form | {"amendments-0-date": f"{tomorrow:%Y-%m-%d}"})
    assert "This day has not come yet." in answer.content.decode()
    assert "It was March.</textarea>" in answer.content.decode()
    assert not Amendment.objects.exists()


def test_who_may_not_change_the_post_may_not_amend_it(client: Client, form: dict[str, str]) -> None:
    client.force_login(make_moderator())
    amend(Post.objects.get())
    assert "It was March." in markup(client, form["address"])
    assert client.post(form["address"], form).status_code == 403
    assert Amendment.objects.count() == 1


def test_an_unknown_kind_is_refused_by_the_database() -> None:
    with pytest.raises(IntegrityError):
        Amendment.objects.create(post=make_post(), kind="rumour", text="x")


def test_an_amendment_without_words_is_none() -> None:
    with pytest.raises(ValidationError):
        amend(make_post(), "")


def test_they_cost_one_query_each_page(client: Client, django_assert_num_queries: Any) -> None:
    post = make_post()
    for _number in range(3):
        amend(make_post()), amend(post)
    identity.current()
    with django_assert_num_queries(5):
        client.get("/feed/")


def test_the_form_shows_those_that_there_are_at_once(client: Client) -> None:
    client.force_login(make_editor())
    post = make_post()
    form = f"/admin/posts/post/{post.pk}/change/"
    folded = re.compile(r'id="amendments-group"(?:(?!</fieldset>).)*<details', re.DOTALL)
    assert folded.search(markup(client, form))
    amend(post)
    assert not folded.search(markup(client, form))
