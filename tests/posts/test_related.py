"""Under a post stand others in its language: those that editors chose, or else those that are most like it."""

import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.test import Client

from posts import publishing, search
from posts.models import Post, RelatedPost, State
from posts.related import related as find
from tests.factories import days_ago, make_category, make_editor, make_post, make_tag
from tests.posts.test_admin import post_fields

pytestmark = pytest.mark.django_db


def choose(post: Post, other: Post, **fields: Any) -> RelatedPost:
    chosen = RelatedPost(post=post, other=other, **fields)
    chosen.full_clean()
    chosen.save()
    publishing.touch()
    return chosen


def related(client: Client, post: Post) -> list[str]:
    """The titles under the post."""
    html = client.get(post.get_absolute_url()).content.decode()
    found = re.search(r'<nav class="related".*?</nav>', html, re.DOTALL)
    return re.findall(r"<a [^>]*>([^<]+)</a>", found[0]) if found else []


def test_those_that_were_chosen_stand_in_their_order_and_alone(client: Client) -> None:
    tag = make_tag()
    post = make_post(tags=[tag])
    make_post(title="Alike", tags=[tag])
    choose(post, make_post(title="Second"), position=20)
    choose(post, make_post(title="First"), position=5)
    assert related(client, post) == ["First", "Second"]


def test_of_those_that_were_chosen_only_the_public_ones_are_shown(client: Client) -> None:
    post = make_post()
    choose(post, make_post(title="Draft", state=State.DRAFT))
    choose(post, make_post(title="Later", published_at=days_ago(-1)))
    choose(post, make_post(title="Public"))
    assert related(client, post) == ["Public"]


def test_shared_tags_come_before_shared_words_and_what_shares_neither_is_not_found(client: Client) -> None:
    tag, category = make_tag(), make_category()
    post = make_post(title="Winter crossing", tags=[tag], categories=[category])
    make_post(title="Only in the same category", categories=[category])
    make_post(title="Crossing by night")
    make_post(title="With the same tag", tags=[tag])
    make_post(title="With the same tag and category", tags=[tag], categories=[category], published_at=days_ago(9))
    titles = ["With the same tag and category", "With the same tag", "Crossing by night"]
    assert related(client, post) == titles


def test_the_most_like_come_first_and_then_the_newest(client: Client) -> None:
    tags = [make_tag() for _ in range(3)]
    post = make_post(title="x", tags=tags)
    make_post(title="One, older", tags=tags[:1], published_at=days_ago(5))
    make_post(title="One, newer", tags=tags[:1], published_at=days_ago(2))
    make_post(title="Three", tags=tags, published_at=days_ago(9))
    make_post(title="One, oldest", tags=tags[:1], published_at=days_ago(8))
    assert related(client, post) == ["Three", "One, newer", "One, older"]


def test_korean_posts_are_found_by_their_words_with_whatever_particles(client: Client) -> None:
    post = make_post(title="두만강에 다시 겨울이 오면", language="ko")
    make_post(title="겨울의 국경", language="ko")
    make_post(title="정착은 도착이 아니다", language="ko")
    assert related(client, post) == ["겨울의 국경"]


def test_nothing_in_another_language_and_nothing_hidden_is_found(client: Client) -> None:
    tag = make_tag()
    post = make_post(tags=[tag])
    make_post(tags=[tag], language="ko")
    make_post(tags=[tag], state=State.DRAFT)
    make_post(tags=[tag], published_at=days_ago(-1))
    assert related(client, post) == []


@pytest.mark.parametrize("title", ["", "…", "'; DROP \" ' OR * NEAR(", "AND OR NOT", "가", "a" * 300])
def test_any_title_can_be_looked_for(client: Client, title: str) -> None:
    post = make_post(title=title)
    assert related(client, post) == []


def test_what_is_published_at_its_time_is_found_from_then_on(client: Client) -> None:
    tag = make_tag()
    post, later = make_post(tags=[tag]), make_post(title="Later", tags=[tag], published_at=days_ago(-1))
    assert related(client, post) == []
    later.published_at = days_ago(0)
    publishing.save_post(later)
    assert related(client, post) == ["Later"]


def test_a_post_is_not_related_to_itself_nor_to_another_language_nor_twice() -> None:
    post, other = make_post(), make_post()
    with pytest.raises(ValidationError, match="itself"):
        choose(post, post)
    with pytest.raises(ValidationError, match="own language"):
        choose(post, make_post(language="ko"))
    choose(post, other)
    with pytest.raises(ValidationError):
        choose(post, other)
    with pytest.raises(IntegrityError):
        RelatedPost.objects.create(post=post, other=post)


def test_an_editor_chooses_by_the_number_of_the_post(client: Client) -> None:
    client.force_login(make_editor())
    post, other = make_post(slug="a", state=State.DRAFT), make_post(title="Chosen")
    rows = {"chosen-TOTAL_FORMS": "1", "chosen-0-other": str(other.pk), "chosen-0-position": "10"}
    fields = post_fields(slug="a", author=post.author_id) | rows
    assert client.post(f"/admin/posts/post/{post.pk}/change/", fields).status_code == 302
    assert [chosen.other for chosen in post.chosen.all()] == [other]
    bad = client.post(f"/admin/posts/post/{post.pk}/change/", fields | {"seen": "1", "chosen-0-other": "999999"})
    assert bad.status_code == 200


def test_it_costs_the_same_however_many_there_are(client: Client, django_assert_num_queries: Any) -> None:
    tags, categories = [make_tag()], [make_category()]
    post = make_post(title="Winter crossing", tags=tags, categories=categories)
    for number in range(5):
        make_post(title="Crossing", tags=tags, categories=categories)
        with django_assert_num_queries(4 if number > 1 else 6):
            find(post, tags, categories)
    choose(post, make_post())
    with django_assert_num_queries(2):
        find(post, tags, categories)


def test_what_most_posts_have_in_common_counts_less(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The words are those of no other test: what a flushed database leaves in the index would take their places."""
    monkeypatch.setattr(search, "MOST_OF_WORD", 4)
    make_post(title="Ferryman by night", published_at=days_ago(9))
    for number in range(6):
        make_post(title=f"Quarry {number}")
    assert related(client, make_post(title="Quarry ferryman")) == ["Ferryman by night", "Quarry 5", "Quarry 4"]


def test_of_a_tag_that_many_have_the_newest_are_looked_at(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("posts.related.LOOKED_AT", 2)
    common, rare = make_tag(), make_tag()
    make_post(title="With both", tags=[common, rare], published_at=days_ago(9))
    for number in range(4):
        make_post(title=f"With one {number}", tags=[common], published_at=days_ago(9 - number))
    assert related(client, make_post(title="Another", tags=[common, rare])) == ["With both", "With one 3"]
