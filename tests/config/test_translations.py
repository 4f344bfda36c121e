"""The Korean interface: nothing is missing, and it is heard on Korean pages whatever the browser asks for."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from typing import IO

import pytest
import time_machine
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.test import Client
from django.utils.translation.template import templatize
from pytest_django import Settings

from comments import moderation
from comments.addresses import status_address
from comments.models import Comment, OutboxMail, Status
from tests.factories import make_comment, make_moderator, make_post

FOLDER = settings.BASE_DIR / "locale/ko/LC_MESSAGES"
KEYWORDS = DEFAULT_KEYWORDS | {f"{name}_lazy": spec for name, spec in DEFAULT_KEYWORDS.items()}
MARKS = r"%\(\w+\)[ds]|\{\w+\}|<[^>]+>"  # placeholders and tags
DAY = datetime(2024, 11, 24, 3, tzinfo=UTC)
HEARD = {
    "en": ["Posted on", ">Nov. 24, 2024<", "1 reply to", "Leave a Reply", "after 30 days at the latest", "Website"],
    "ko": ["게시일:", ">2024년 11월 24일<", "댓글 1개", "댓글 남기기", "늦어도 30일 뒤에는", "웹사이트"],
}
Key = tuple[str | None, tuple[str, ...]]


@pytest.fixture(scope="module")
def po() -> Catalog:
    return read_po(BytesIO((FOLDER / "django.po").read_bytes()), locale="ko", abort_invalid=True)


def sources() -> Iterator[str]:
    """All that may hold a string for people, as Python: Django makes it of templates."""
    for folder in ("comments", "config", "posts"):
        for path in (settings.BASE_DIR / folder).rglob("*.py"):
            yield path.read_text()
    for path in (settings.BASE_DIR / "templates").rglob("*.*"):
        yield "\n".join(line.strip() for line in templatize(path.read_text()).splitlines())


def used() -> set[Key]:
    """Context and text of all that code and templates say."""
    found = (extract("python", BytesIO(source.encode()), KEYWORDS) for source in sources())
    return {(context, forms(text)) for messages in found for _line, text, _comments, context in messages}


def entries(catalog: Catalog) -> dict[Key, Message]:
    return {(message.context, forms(message.id)): message for message in catalog if message.id}


def forms(text: str | Iterable[str]) -> tuple[str, ...]:
    """A text that does not count things has one form."""
    return (text,) if isinstance(text, str) else tuple(text)


def test_the_catalogue_has_what_code_and_templates_say_and_nothing_else(po: Catalog) -> None:
    assert entries(po).keys() == used()


def test_everything_is_translated(po: Catalog) -> None:
    assert po.num_plurals == 1
    assert not po.fuzzy
    assert [message.id for message in po if message.fuzzy or not all(forms(message.string))] == []


def test_translations_keep_the_placeholders_and_tags(po: Catalog) -> None:
    for message in entries(po).values():
        for translated in forms(message.string):
            assert sorted(re.findall(MARKS, translated)) == sorted(re.findall(MARKS, forms(message.id)[-1])), message.id


def test_the_compiled_catalogue_says_the_same(po: Catalog) -> None:
    compiled_now = BytesIO()
    write_mo(compiled_now, po)
    compiled_now.seek(0)
    assert strings(BytesIO((FOLDER / "django.mo").read_bytes())) == strings(compiled_now)


def strings(compiled: IO[bytes]) -> dict[Key, tuple[str, ...]]:
    return {key: forms(message.string) for key, message in entries(read_mo(compiled)).items()}


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ["en", "ko", "de"])
@pytest.mark.parametrize("language", HEARD)
def test_a_post_speaks_the_language_of_its_text_whatever_the_browser_asks_for(
    client: Client, language: str, asked: str
) -> None:
    post = make_post(language=language, published_at=DAY)
    make_comment(post=post, created_at=DAY)
    page = client.get(post.get_absolute_url(), headers={"accept-language": asked}).text
    assert f'<html lang="{language}">' in page
    assert {heard: [phrase in page for phrase in HEARD[heard]] for heard in HEARD} == {
        heard: [heard == language] * len(HEARD[heard]) for heard in HEARD
    }


@pytest.mark.django_db
def test_a_commenter_is_answered_in_the_language_of_the_post(client: Client) -> None:
    post = make_post(language="ko")
    wrong = client.post(f"{post.get_absolute_url()}comments/", {"name": "", "comment": "글"})
    assert "이름을 입력해 주십시오." in wrong.text
    client.post(f"{post.get_absolute_url()}comments/", {"name": "이름", "comment": "글", "email": "a@example.org"})
    comment = Comment.objects.get()
    assert "댓글이 승인 대기 중입니다." in client.get(status_address(comment)).text
    moderation.approve(comment, by=make_moderator())
    assert "댓글이 게시되었습니다" in OutboxMail.objects.get().subject


@pytest.mark.django_db
def test_a_korean_site_lists_its_posts_in_korean(client: Client, settings: Settings) -> None:
    settings.LANGUAGE_CODE = "ko"
    make_post(published_at=DAY)
    assert ">2024년 11월 24일</time>" in client.get("/").text
    assert '>11월</a> <span class="count">글 1편</span>' in client.get("/archive/").text
    assert "<h1>2024년 11월</h1>" in client.get("/2024/11/").text


@pytest.mark.django_db
def test_staff_of_a_korean_site_work_in_korean(client: Client, settings: Settings) -> None:
    settings.LANGUAGE_CODE = "ko"
    moderator = make_moderator()
    client.force_login(moderator)
    comment = make_comment(status=Status.PENDING)
    with time_machine.travel(DAY):
        moderation.approve(comment, by=moderator)
    queue = client.get("/admin/comments/queue/?status=approved").text
    assert all(word in queue for word in ("편집국", "대기 중", "게시 중단", f"게시({moderator.username})"))
    assert ">2024년 11월 24일 오후 12:00</time>" in queue  # in Seoul
