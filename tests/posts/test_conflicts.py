"""Two people change one text: nobody's change is overwritten without being seen."""

import json
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.forms import inlineformset_factory
from django.http import HttpResponse, QueryDict
from django.test import Client
from django.utils import timezone

from posts import publishing
from posts.models import Amendment, Editing, Page, Post
from posts.newsroom import editing, text_admin
from posts.newsroom.post_inlines import KeptRows
from tests.factories import make_category, make_editor, make_moderator, make_page, make_post, make_tag
from tests.posts.test_admin import page_fields, post_fields

pytestmark = pytest.mark.django_db


def log_in(name: str) -> Client:
    client = Client()
    client.force_login(make_editor(username=name))
    return client


@pytest.fixture
def ara() -> Client:
    return log_in("ara")


@pytest.fixture
def bora() -> Client:
    return log_in("bora")


def form_of(text: Post | Page) -> str:
    return f"/admin/posts/{type(text).__name__.lower()}/{text.pk}/change/"


def fields_of(post: Post, **fields: Any) -> dict[str, Any]:
    """What the form of an unpublished post sends if nothing but `fields` is changed."""
    return post_fields(**{"title": post.title, "body": post.body, "slug": post.slug, "author": post.author_id} | fields)


def draft(**fields: Any) -> Post:
    return make_post(state="draft", published_at=None, **fields)


def marked(answer: HttpResponse) -> dict[str, tuple[str, str]]:
    """By field: what theirs has alone, and what mine has alone."""
    return {
        found.label: (
            "".join(passage.text for passage in found.before if passage.side != "both"),
            "".join(passage.text for passage in found.after if passage.side != "both"),
        )
        for found in answer.context["differences"]
    }


# Saving


def test_whoever_saves_second_is_shown_both_texts_and_nothing_is_saved(ara: Client, bora: Client) -> None:
    post = draft(title="Camp", body="<p>He was held in camp 14.</p>")
    ara.post(form_of(post), fields_of(post, body="<p>He was held in camp 15.</p>"))
    answer = bora.post(form_of(post), fields_of(post, title="Camps", body="<p>He was held in camp 16.</p>"))
    assert answer.status_code == 409
    assert marked(answer) == {"Title": ("Camp", "Camps"), "Text": ("15.", "16.")}
    shown = answer.content.decode()
    assert "ara saved this text on " in shown
    assert "&lt;p&gt;He was held in camp 16.&lt;/p&gt;</textarea>" in shown
    assert 'value="Camps"' in shown
    post.refresh_from_db()
    assert (post.title, post.body) == ("Camp", "<p>He was held in camp 15.</p>")


def test_saving_once_more_goes_through(ara: Client, bora: Client) -> None:
    post = draft()
    ara.post(form_of(post), fields_of(post, title="Hers"))
    answer = bora.post(form_of(post), fields_of(post, title="Mine"))
    again = fields_of(post, title="Mine", seen=answer.context["adminform"].form["seen"].value())
    assert 'name="seen" value="1"' in answer.content.decode()
    assert bora.post(form_of(post), again).status_code == 302
    post.refresh_from_db()
    assert (post.title, post.revision) == ("Mine", 2)
    assert ara.post(form_of(post), again).status_code == 409


def test_a_change_after_the_warning_is_shown_as_well(ara: Client, bora: Client) -> None:
    post = draft()
    ara.post(form_of(post), fields_of(post, title="First"))
    bora.post(form_of(post), fields_of(post, title="Mine"))
    ara.post(form_of(post), fields_of(post, title="Second", seen=1))
    answer = bora.post(form_of(post), fields_of(post, title="Mine", seen=1))
    assert answer.status_code == 409
    assert marked(answer)["Title"] == ("Second", "Mine")


def test_what_a_post_is_filed_under_is_compared_as_well(ara: Client, bora: Client) -> None:
    camps, law, tag = make_category(name="Camps"), make_category(name="Law"), make_tag(name="river")
    post = draft(categories=[camps])
    ara.post(form_of(post), fields_of(post, categories=[camps.pk, law.pk], comments="closed", featured="on"))
    answer = bora.post(form_of(post), fields_of(post, categories=[camps.pk], tags=[tag.pk]))
    assert answer.status_code == 409
    assert marked(answer) == {
        "Categories": ("Camps, Law", "Camps"),
        "Tags": ("", "river"),
        "Comments": ("Closed", "Open"),
        "Featured": ("yes", "no"),
    }


def test_updates_and_corrections_are_compared_as_well(ara: Client, bora: Client) -> None:
    post = draft()
    amendment = Amendment.objects.create(post=post, text="It was March.", date="2026-01-02")
    row = {
        "amendments-TOTAL_FORMS": "1",
        "amendments-INITIAL_FORMS": "1",
        "amendments-0-id": amendment.pk,
        "amendments-0-post": post.pk,
        "amendments-0-kind": "update",
        "amendments-0-date": "2026-01-02",
        "amendments-0-text": "It was April.",
    }
    assert ara.post(form_of(post), fields_of(post, **row)).status_code == 302
    mine = row | {"amendments-0-text": "It was May.", "amendments-TOTAL_FORMS": "2"}
    mine |= {"amendments-1-kind": "update", "amendments-1-date": "2026-01-03", "amendments-1-text": "New."}
    answer = bora.post(form_of(post), fields_of(post, **mine))
    assert answer.status_code == 409
    assert marked(answer) == {"Update, 2026-01-02: What is new, or what was wrong": ("April.", "May.")}
    assert bora.post(form_of(post), fields_of(post, **mine, seen=1)).status_code == 302
    assert set(post.amendments.values_list("text", flat=True)) == {"It was May.", "New."}


def test_a_correction_that_somebody_else_has_deleted_is_a_new_one(ara: Client, bora: Client) -> None:
    post = draft()
    gone = Amendment.objects.create(post=post, text="It was March.", date="2026-01-02")
    kept = Amendment.objects.create(post=post, text="It was cold.", date="2026-01-01")
    rows = {"amendments-TOTAL_FORMS": "2", "amendments-INITIAL_FORMS": "2"}
    for place, row in enumerate([gone, kept]):
        values = {"id": row.pk, "post": post.pk, "kind": "update", "date": row.date, "text": row.text}
        rows |= {f"amendments-{place}-{name}": value for name, value in values.items()}
    rows["amendments-0-text"] = "It was May."
    gone.delete()
    assert bora.post(form_of(post), fields_of(post, **rows)).status_code == 302
    assert set(post.amendments.values_list("text", flat=True)) == {"It was May.", "It was cold."}


def test_a_form_that_claims_more_rows_than_it_has_costs_no_more() -> None:
    rows: Any = inlineformset_factory(Post, Amendment, formset=KeptRows, fields=["text"])
    data = QueryDict("amendments-TOTAL_FORMS=1&amendments-INITIAL_FORMS=100000")
    assert len(rows(data, instance=draft()).data) < 10


def test_a_page_is_guarded_like_a_post(ara: Client, bora: Client) -> None:
    page = make_page(slug="about")
    assert ara.post(form_of(page), page_fields(title="Hers", slug="about")).status_code == 302
    answer = bora.post(form_of(page), page_fields(title="Mine", slug="about"))
    assert answer.status_code == 409
    assert marked(answer)["Title"] == ("Hers", "Mine")


def test_a_form_without_its_revision_is_not_trusted(ara: Client) -> None:
    post = draft()
    for seen in ["", "-1", "x", "9" * 30]:
        assert ara.post(form_of(post), fields_of(post, title="Mine", seen=seen)).status_code == 409
    assert Post.objects.get().title == post.title


def test_a_fault_in_the_form_does_not_hide_the_other_text(ara: Client, bora: Client) -> None:
    post = draft(title="Camp")
    ara.post(form_of(post), fields_of(post, title="Hers"))
    answer = bora.post(form_of(post), fields_of(post, title="Mine", comments_days="0", published_at_0="nonsense"))
    assert answer.status_code == 409
    assert marked(answer)["Title"] == ("Hers", "Mine")
    assert "comments_days" in answer.context["adminform"].form.errors


def test_equal_texts_are_said_to_be_equal(ara: Client, bora: Client) -> None:
    post = draft()
    for client, status in [(ara, 302), (bora, 409)]:
        answer = client.post(form_of(post), fields_of(post, title="Same", body="<p>One</p>\r\n"))
        assert answer.status_code == status
    assert "It says the same as yours." in answer.content.decode()


def test_one_editor_saves_as_often_as_she_likes(ara: Client) -> None:
    post = draft()
    for number in range(3):
        fields = fields_of(post, title=f"Version {number}", seen=number)
        assert ara.post(form_of(post), fields | {"_continue": "1"}).status_code == 302
        assert f'name="seen" value="{number + 1}"' in ara.get(form_of(post)).content.decode()


def test_a_text_read_before_a_change_is_not_stored() -> None:
    post, page = make_post(), make_page()
    for text, save in [(post, publishing.save_post), (page, publishing.save_page)]:
        earlier = type(text).objects.get(pk=text.pk)
        save(text)
        earlier.title = "Stale"
        with pytest.raises(publishing.StaleTextError):
            save(earlier)
        assert type(text).objects.get(pk=text.pk).title == text.title


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_two_forms_sent_at_the_same_moment_one_is_refused(
    ara: Client, bora: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL both are found to be fresh; on SQLite the second waits, and is stale when its turn comes."""
    post = draft(body="<p>First.</p>")
    both_checked = Barrier(2)
    if connection.vendor == "postgresql":
        form_is_valid = text_admin.TextForm.is_valid

        def is_valid(form: Any) -> bool:
            valid = form_is_valid(form)
            if form.instance.pk and not form.theirs:
                both_checked.wait(timeout=10)
            return valid

        monkeypatch.setattr(text_admin.TextForm, "is_valid", is_valid)
    answers = []

    def send(client: Client, title: str) -> None:
        answers.append(client.post(form_of(post), fields_of(post, title=title)))
        connection.close()

    threads = [Thread(target=send, args=case) for case in [(ara, "Hers"), (bora, "Mine")]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    [refused] = [answer for answer in answers if answer.status_code == 409]
    assert set(marked(refused)["Title"]) == {"Hers", "Mine"}
    assert Post.objects.get().revision == 1


# Opening


def renew(client: Client, text: Post | Page, seen: int = 0) -> str:
    answer = client.post(form_of(text).replace("change", "editing"), {"seen": seen})
    assert answer.status_code == 200
    said: str = json.loads(answer.content)["said"]
    return said


def warning(client: Client, text: Post | Page) -> str:
    return str(client.get(form_of(text)).context["others"])


@pytest.mark.parametrize("make", [make_post, make_page])
def test_the_second_to_open_a_text_is_told_who_edits_it(ara: Client, bora: Client, make: Any) -> None:
    text, another = make(), make()
    assert renew(ara, text) == ""
    assert warning(bora, text) == "ara is editing this text."
    assert warning(ara, text) == warning(bora, another) == ""
    assert renew(bora, text) == "ara is editing this text."
    assert renew(ara, text) == "bora is editing this text."
    assert warning(log_in("chul"), text) == "ara and bora are editing this text."


def test_nobody_edits_a_text_for_longer_than_the_form_is_open(ara: Client, bora: Client) -> None:
    post = make_post()
    renew(ara, post)
    with time_machine.travel(timezone.now() + editing.LASTS - timedelta(seconds=1)):
        assert warning(bora, post)
    with time_machine.travel(timezone.now() + editing.LASTS):
        assert warning(bora, post) == ""
        renew(bora, make_post())
        assert Editing.objects.count() == 1


def test_who_has_saved_does_not_edit_any_more(ara: Client, bora: Client) -> None:
    post = draft()
    renew(ara, post)
    ara.post(form_of(post), fields_of(post))
    assert warning(bora, post) == ""


def test_an_open_form_hears_of_a_change_before_it_is_sent(ara: Client, bora: Client) -> None:
    post = draft()
    ara.post(form_of(post), fields_of(post, title="Hers"))
    assert renew(bora, post, seen=0).startswith("ara saved this text on ")
    assert renew(bora, post, seen=1) == ""


def test_a_text_that_nobody_saved_here_was_changed_by_somebody(bora: Client) -> None:
    post = make_post()
    publishing.save_post(post)
    assert renew(bora, post, seen=0) == "Somebody else has changed this while you were writing."


def test_opening_a_form_writes_nothing(ara: Client) -> None:
    ara.get(form_of(make_post()))
    assert not Editing.objects.exists()


def test_who_may_only_look_is_not_editing(client: Client) -> None:
    client.force_login(make_moderator())
    post = make_post()
    assert client.post(form_of(post).replace("change", "editing")).status_code == 403
    assert b"editing-others" not in client.get(form_of(post)).content
    assert client.get(form_of(post).replace("change", "editing")).status_code == 405


def test_a_text_that_is_gone_is_edited_by_nobody(ara: Client) -> None:
    assert ara.post("/admin/posts/post/999/editing/").status_code == 404
    assert ara.post(f"/admin/posts/post/{'9' * 30}/editing/").status_code in {400, 404}


def test_an_editor_with_a_text_open_is_counted_once(ara: Client) -> None:
    post = make_post()
    renew(ara, post), renew(ara, post)
    assert Editing.objects.count() == 1
