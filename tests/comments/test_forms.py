"""What the form takes, and what it says where it does not."""

import pytest

from comments.forms import CommentForm
from comments.models import MAX_LENGTH, Status
from tests.factories import make_comment, make_post

pytestmark = pytest.mark.django_db


def filled(**fields: object) -> CommentForm:
    return CommentForm({"name": "Kim", "comment": "Thank you."} | fields, post=make_post())


def error(form: CommentForm, field: str) -> str:
    """The code of the only error of the only field that has one."""
    ((found, errors),) = form.errors.as_data().items()
    assert found == field
    (only,) = errors
    return str(only.code)


def test_name_and_comment_are_enough() -> None:
    assert filled().is_valid()


@pytest.mark.parametrize("field", ["name", "comment"])
@pytest.mark.parametrize("missing", ["", " \n ", None])
def test_name_and_comment_are_required(field: str, missing: str | None) -> None:
    assert error(filled(**{field: missing}), field) in {"required", "invisible"}


@pytest.mark.parametrize(
    "text",
    [
        "  a line\r\nand another\n\n  ",
        "\n\nfirst lines are empty",
        "글을 잘 읽었습니다",
        "👩‍👩‍👧 \U0001f1f0\U0001f1f5",
        "\x07 bell and \x0b tab",
        "‮ turned around",
        "Z̷̢̛̘a̷l̷g̷o",
        "\u200bzero width",
        "x" * MAX_LENGTH,
        "😀" * MAX_LENGTH,
    ],
)
def test_a_text_is_taken_exactly_as_it_was_sent(text: str) -> None:
    form = filled(comment=text)
    assert form.is_valid()
    assert form.unsaved_comment().body == text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x" * (MAX_LENGTH + 1), "too_long"),
        ("😀" * (MAX_LENGTH + 1), "too_long"),
        ("a\0b", "null_characters_not_allowed"),
        ("half \ud83d of a pair", "damaged"),
        ("caf\ufffd", "damaged"),
        ("\u200b\u2060\ufeff", "invisible"),
        ("\u3164\u115f\u2800", "invisible"),
        ("\u0301\u0302", "invisible"),
        ("\u202e\u2066 \u2069", "invisible"),
    ],
)
def test_a_text_that_cannot_be_kept_or_read_is_refused(text: str, code: str) -> None:
    assert error(filled(comment=text), "comment") == code


def test_a_line_break_counts_as_one_character() -> None:
    assert filled(comment="x\r\n" * (MAX_LENGTH // 2)).is_valid()
    assert not filled(comment="x\r\n" * (MAX_LENGTH // 2) + "x").is_valid()


def test_a_text_that_is_too_long_is_told_by_how_much() -> None:
    form = filled(comment="x" * 5017)
    assert form.errors["comment"] == ["Your comment has 5017 characters. Please shorten it to 5000."]


@pytest.mark.parametrize("name", ["Kim", "김민준", "María José", "O'Brien ✌", "…", "🕊", "Nguye\u0302\u0303n", "ก็้"])
def test_any_visible_name_will_do(name: str) -> None:
    assert filled(name=name).is_valid()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("x" * 81, "max_length"),
        ("\u200b", "invisible"),
        ("\u3164", "invisible"),
        ("evil\u202egnp.exe", "control"),
        ("\u2067name", "control"),
        ("Z" + 5 * "\u0301" + "algo", "marks"),
        ("two\nlines", "control"),
        ("half \ud83d", "damaged"),
    ],
)
def test_a_name_that_readers_could_not_read_is_refused(name: str, code: str) -> None:
    assert error(filled(name=name), "name") == code


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("", ""),
        ("https://example.org/a?b=1", "https://example.org/a?b=1"),
        ("http://예시.한국/글", "http://예시.한국/글"),
        ("example.org", "https://example.org"),
        (" example.org/x ", "https://example.org/x"),
    ],
)
def test_a_website_is_an_address_on_the_web(written: str, kept: str) -> None:
    form = filled(website=written)
    assert form.is_valid()
    assert form.unsaved_comment().website == kept


@pytest.mark.parametrize(
    "website",
    [
        "javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "ftp://example.org",
        "mailto:a@example.org",
        "https://exa mple.org/",
        "https://",
        "//",
        "https://example.org/" + "x" * 500,
    ],
)
def test_any_other_website_is_refused_once(website: str) -> None:
    assert error(filled(website=website), "website") in {"invalid", "max_length"}


@pytest.mark.parametrize(
    "website",
    ["http://jane@mail.example", "jane@mail.example", "https://jane:secret@mail.example/x", "http://@x.example"],
)
def test_an_e_mail_address_does_not_become_a_public_link(website: str) -> None:
    assert error(filled(website=website), "website") in {"user_part", "invalid"}
    assert "readers would see" in str(filled(website="jane@mail.example").errors["website"])


def test_an_at_sign_behind_the_site_is_no_user(db: None) -> None:
    form = filled(website="https://social.example/@jane?a=b@c")
    assert form.is_valid()
    assert form.unsaved_comment().website == "https://social.example/@jane?a=b@c"


@pytest.mark.parametrize("field", ["name", "email", "website", "comment", "subject", "parent"])
def test_a_null_character_is_refused_everywhere(field: str) -> None:
    assert list(filled(**{field: "1\0"}).errors) == [field]


def test_an_email_address_is_checked_but_not_required() -> None:
    assert filled(email="").is_valid()
    assert filled(email="reader@example.org").is_valid()
    assert error(filled(email="reader@"), "email") == "invalid"


def test_a_filled_honeypot_is_for_the_spam_signals_to_judge() -> None:
    form = filled(subject="cheap")
    assert form.is_valid()
    assert form.cleaned_data["subject"] == "cheap"


@pytest.mark.parametrize(("sent", "taken"), [("0.0", 0.0), ("1.2", 1.2), ("86400", 86400.0)])
def test_the_time_on_the_form_is_taken_where_it_was_measured(sent: str, taken: float) -> None:
    form = filled(seconds=sent)
    assert form.is_valid()
    assert form.cleaned_data["seconds"] == taken


@pytest.mark.parametrize(
    "sent", [None, "", "soon", "-1", "-0.1", "nan", "inf", "-inf", "86401", "1e999", "9" * 5000, "1\0", "\ud83d", "1,5"]
)
def test_what_is_no_time_is_ignored(sent: str | None) -> None:
    form = filled(seconds=sent)
    assert form.is_valid()
    assert form.cleaned_data["seconds"] is None


@pytest.mark.parametrize("status", Status)
def test_only_a_visible_comment_can_be_replied_to(status: Status) -> None:
    parent = make_comment(status=status)
    form = CommentForm({"name": "Kim", "comment": "Yes.", "parent": parent.pk}, post=parent.post)
    assert form.is_valid() == (status == Status.APPROVED)


@pytest.mark.parametrize("parent", ["x", "0", "-1", "9" * 30, "9" * 5000, "1.5"])
def test_a_parent_that_is_none_is_refused(parent: str) -> None:
    assert error(filled(parent=parent), "parent") == "invalid_choice"


def test_a_comment_on_another_post_cannot_be_replied_to() -> None:
    assert error(filled(parent=make_comment().pk), "parent") == "invalid_choice"
