"""What a text was before: every state that was saved is there, is compared, and comes back."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from posts import publishing
from posts.models import Amendment, Author, Media, Page, Post, State
from posts.newsroom import revisions
from tests.factories import (
    make_author,
    make_category,
    make_editor,
    make_media,
    make_moderator,
    make_page,
    make_post,
    make_tag,
)
from tests.posts.test_admin import said
from tests.posts.test_conflicts import draft, fields_of, form_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def ara(client: Client) -> Client:
    client.force_login(make_editor(username="ara"))
    return client


def page_of(text: Post | Page) -> str:
    return form_of(text).replace("change", "revisions")


def save(client: Client, post: Post, **fields: Any) -> None:
    post.refresh_from_db()
    defaults = {
        "seen": post.revision,
        "excerpt": post.excerpt,
        "categories": list(post.categories.values_list("pk", flat=True)),
        "tags": list(post.tags.values_list("pk", flat=True)),
    }
    assert client.post(form_of(post), fields_of(post, **defaults | fields)).status_code == 302


def kept(text: Post | Page) -> list[str]:
    return [revision.title for revision in revisions.all_of(text)]


def differing(before: Any, after: Any) -> dict[str, tuple[str, str]]:
    def join(passages: Any) -> str:
        return "".join(passage.text for passage in passages)

    return {found.label: (join(found.before), join(found.after)) for found in revisions.compare(before, after)}


def test_every_saved_state_is_kept_with_who_and_when(ara: Client) -> None:
    post = draft(title="First")
    save(ara, post, title="Second")
    save(ara, post, title="Third")
    assert kept(post) == ["Third", "Second", "First"]
    newest, _second, oldest = revisions.all_of(post)
    post.refresh_from_db()
    assert (newest.history_user.username, newest.history_date, newest.revision) == ("ara", post.updated_at, 2)
    assert oldest.history_user is None  # she found it so


def test_a_new_text_is_kept_once(ara: Client) -> None:
    fields = fields_of(Post(title="New", author=make_author()), categories=[make_category().pk], tags=[make_tag().pk])
    ara.post("/admin/posts/post/add/", fields)
    post = Post.objects.get()
    assert kept(post) == ["New"]
    assert post.history.get().filed == {
        "categories": [post.categories.get().pk],
        "tags": [post.tags.get().pk],
    }


def test_saving_without_a_change_keeps_nothing_more(ara: Client) -> None:
    post = draft()
    for _number in range(3):
        save(ara, post)
    assert len(kept(post)) == 1


def test_what_was_changed_elsewhere_is_kept_before_it_is_overwritten(ara: Client) -> None:
    post = draft(title="First")
    save(ara, post, title="Second")
    post.refresh_from_db()
    post.title = "By a command"
    publishing.save_post(post)
    save(ara, post, title="Third")
    assert kept(post) == ["Third", "By a command", "Second", "First"]


def test_nothing_but_the_newsroom_keeps_revisions() -> None:
    post, page = make_post(), make_page()
    publishing.save_post(post), publishing.save_page(page)
    post.categories.add(make_category())
    assert kept(post) == kept(page) == []


def test_a_refused_form_keeps_nothing(ara: Client) -> None:
    post = draft()
    assert ara.post(form_of(post), fields_of(post, title="")).status_code == 200
    assert ara.post(form_of(post), fields_of(post, seen=7)).status_code == 409
    assert kept(post) == []


def test_a_revision_holds_no_more_than_is_needed() -> None:
    names = {field.name for field in Post.history.model._meta.get_fields()}
    assert not names & {"html", "summary", "comments_stamp", "wordpress_id", "wordpress_site", "ip", "history_ip"}


def test_what_differs_is_said_in_words(ara: Client) -> None:
    camps, law = make_category(name="Camps"), make_category(name="Law")
    post = draft(title="One", body="<p>He was in camp 14.</p>", categories=[camps])
    save(ara, post, body="<p>He was in camp 15.</p>", categories=[law.pk], featured="on", comments="closed")
    after, before = revisions.all_of(post)
    assert differing(before, after) == {
        "Text": ("He was in camp 14.\n", "He was in camp 15.\n"),
        "Categories": ("Camps", "Law"),
        "Featured": ("no", "yes"),
        "Comments": ("Open", "Closed"),
    }


def test_a_revision_is_read_even_if_what_it_names_is_gone(ara: Client) -> None:
    tag, author, cover = make_tag(name="river"), make_author(name="Bora"), make_media()
    post = draft(tags=[tag], author=author, cover=cover)
    save(ara, post, tags=[], author=make_author(name="Chul").pk, cover="")
    tag.delete(), Author.objects.filter(pk=author.pk).delete(), Media.objects.filter(pk=cover.pk).delete()
    after, before = revisions.all_of(post)
    assert differing(before, after) == {"Author": ("deleted since", "Chul"), "Cover picture": ("deleted since", "")}
    assert ara.get(page_of(post)).status_code == 200


def test_updates_corrections_and_chosen_posts_are_compared_and_outlive_a_restoration(ara: Client) -> None:
    post, other = draft(title="First"), make_post(title="Other")
    save(ara, post, title="Second")
    row = {"amendments-TOTAL_FORMS": "1", "amendments-0-kind": "correction", "amendments-0-date": "2026-01-02"}
    choice = {"chosen-TOTAL_FORMS": "1", "chosen-0-other": other.pk, "chosen-0-position": "10"}
    save(ara, post, title="Second", **row | {"amendments-0-text": "It was March."}, **choice)
    after, before, first = revisions.all_of(post)
    assert differing(before, after) == {
        "Updates and corrections": ("", "Correction, Jan. 2, 2026: It was March."),
        "Related posts": ("", "Other"),
    }
    assert ara.post(page_of(post), {"restore": first.pk}).status_code == 302
    assert [found.text for found in post.amendments.all()] == ["It was March."]
    assert [found.other for found in post.chosen.all()] == [other]
    assert set(differing(first, revisions.all_of(post).first())) == {"Updates and corrections", "Related posts"}
    other.delete()
    assert differing(before, after)["Related posts"] == ("", "deleted since")


def test_a_changed_correction_is_kept_as_it_was(ara: Client) -> None:
    post = draft()
    amendment = Amendment.objects.create(post=post, text="It was March.", date="2026-01-02")
    row = {"amendments-TOTAL_FORMS": "1", "amendments-INITIAL_FORMS": "1", "amendments-0-id": amendment.pk}
    row |= {"amendments-0-post": post.pk, "amendments-0-kind": "update", "amendments-0-date": "2026-01-02"}
    save(ara, post, **row | {"amendments-0-text": "It was May."})
    after, before = revisions.all_of(post)
    words = "Update, Jan. 2, 2026: It was {}."
    assert differing(before, after) == {"Updates and corrections": (words.format("March"), words.format("May"))}


def test_restoring_brings_back_what_was_written_and_keeps_everything(ara: Client) -> None:
    camps, river = make_category(name="Camps"), make_tag(name="river")
    post = draft(title="First", body="<p>One.</p>", excerpt="E", categories=[camps], tags=[river])
    save(ara, post, title="Second", body="<p>Two.</p>", excerpt="", categories=[], tags=[])
    first = revisions.all_of(post).last()
    answer = ara.post(page_of(post), {"restore": first.pk})
    assert answer["Location"] == form_of(post)
    post.refresh_from_db()
    assert (post.title, post.html, post.excerpt, post.summary) == ("First", "<p>One.</p>", "E", "E")
    assert (list(post.categories.all()), list(post.tags.all())) == ([camps], [river])
    assert kept(post) == ["First", "Second", "First"]
    assert revisions.all_of(post).first().history_user.username == "ara"


def test_restoring_a_draft_does_not_take_the_post_away_from_its_readers(ara: Client) -> None:
    post = draft(title="First", slug="first")
    save(ara, post, title="Second", state="published", slug="second")
    ara.post(page_of(post), {"restore": revisions.all_of(post).last().pk})
    post.refresh_from_db()
    assert (post.title, post.state, post.slug) == ("First", State.PUBLISHED, "second")
    assert "First" in ara.get(post.get_absolute_url()).content.decode()


def test_what_was_changed_elsewhere_survives_a_restoration(ara: Client) -> None:
    post = draft(title="First")
    save(ara, post, title="Second")
    Post.objects.filter(pk=post.pk).update(title="By a command")
    ara.post(page_of(post), {"restore": revisions.all_of(post).last().pk})
    assert kept(post) == ["First", "By a command", "Second", "First"]


def test_a_page_is_restored_too(ara: Client) -> None:
    page = make_page(title="First", slug="about")
    revisions.keep(page, by=None)
    page.title = "Second"
    publishing.save_page(page)
    revisions.keep(page, by=None)
    ara.post(page_of(page), {"restore": revisions.all_of(page).last().pk})
    assert Page.objects.get().title == "First"


def test_what_cannot_be_restored_any_more_is_explained_and_nothing_changes(ara: Client) -> None:
    picture = make_media()
    post = draft(title="First", body=f'<p><img src="{picture.url}" alt="x"></p>')
    save(ara, post, title="Second", body="<p>Two.</p>")
    picture.delete()
    answer = ara.post(page_of(post), {"restore": revisions.all_of(post).last().pk})
    assert answer["Location"] == page_of(post)
    assert "It cannot be restored. The media library does not have" in said(answer)[-1]
    post.refresh_from_db()
    assert post.title == "Second"
    assert kept(post) == ["Second", "First"]


def test_a_revision_of_another_text_is_none(ara: Client) -> None:
    post, other = draft(), draft()
    save(ara, other, title="Other")
    foreign = revisions.all_of(other).first().pk
    assert ara.post(page_of(post), {"restore": foreign}).status_code == 404
    for query in [{"after": foreign}, {"before": foreign}, {"after": "x"}, {"before": "9" * 30}]:
        assert ara.get(page_of(post), query).status_code == 404
    assert ara.post(page_of(post)).status_code == 400
    assert ara.get(page_of(post), {"page": "x"}).status_code == 200


def test_the_page_shows_the_last_change_or_the_chosen_ones(ara: Client) -> None:
    post = draft(title="First")
    assert "was not changed here yet" in ara.get(page_of(post)).content.decode()
    for title in ["Second", "Third"]:
        save(ara, post, title=title)
    third, second, first = revisions.all_of(post)
    for query, pair in [
        ({}, (second, third)),
        ({"after": second.pk}, (first, second)),
        ({"before": first.pk, "after": third.pk}, (first, third)),
    ]:
        answer = ara.get(page_of(post), query)
        assert (answer.context["before"], answer.context["after"]) == pair
    shown = answer.content.decode()
    assert "<del>First</del><ins>Third</ins>" in shown


def test_revisions_go_with_their_text(ara: Client) -> None:
    post, other = draft(), draft()
    save(ara, post, title="Changed"), save(ara, other, title="Changed")
    ara.post(form_of(post).replace("change", "delete"), {"post": "yes"})
    assert not Post.history.filter(id=post.pk).exists()
    assert Post.history.filter(id=other.pk).exists()


def test_what_endangers_somebody_is_deleted_from_the_past(ara: Client) -> None:
    post, other = draft(body="<p>Canary Kim</p>"), draft()
    save(ara, post, body="<p>K.</p>"), save(ara, other, title="Other")
    save(ara, post, title="Later")
    answer = ara.post(page_of(post), {"forget": ""})
    assert "please tick the box" in said(answer)[-1]
    assert len(kept(post)) == 3
    answer = ara.post(page_of(post), {"forget": "", "sure": "on"})
    assert "2 revisions were deleted." in said(answer)[-1]
    assert kept(post) == ["Later"]
    assert not Post.history.filter(body__contains="Canary").exists()
    assert len(kept(other)) == 2
    save(ara, post, title="Last")
    assert kept(post) == ["Last", "Later"]


def test_with_the_earlier_revisions_the_log_forgets_the_earlier_titles(ara: Client) -> None:
    post, other = draft(), draft()
    for text in (post, other):
        save(ara, text, title="Canary"), save(ara, text, title="Clean")
    ara.post(page_of(post), {"forget": "", "sure": "on"})
    titles = LogEntry.objects.order_by("pk").values_list("object_repr", flat=True)
    assert set(titles.filter(object_id=post.pk)) == {"Clean"}
    assert list(titles.filter(object_id=other.pk)) == ["Canary", "Clean"]


def test_where_there_are_no_revisions_none_are_deleted(ara: Client) -> None:
    assert ara.post(page_of(draft()), {"forget": "", "sure": "on"}).status_code == 302


def test_no_reader_sees_a_revision(ara: Client) -> None:
    post = make_post(title="Canary")
    revisions.keep(post, by=None)
    post.title = "Clean"
    publishing.save_post(post)
    for address in ["/", "/feed/", "/sitemap.xml", "/search/?q=canary", post.get_absolute_url()]:
        assert "Canary" not in Client().get(address).content.decode()


def test_only_editors_see_revisions(client: Client) -> None:
    client.force_login(make_moderator())
    post = make_post()
    assert client.get(page_of(post)).status_code == client.post(page_of(post)).status_code == 403


def test_the_page_costs_the_same_however_many_revisions_there_are(ara: Client) -> None:
    post = draft(categories=[make_category()])

    def queries() -> int:
        ara.get(page_of(post))  # says that it was saved
        with CaptureQueriesContext(connection) as captured:
            ara.get(page_of(post))
        return len(captured)

    save(ara, post, title="Second")
    few = queries()
    for number in range(5):
        save(ara, post, title=f"Title {number}")
    assert queries() == few
