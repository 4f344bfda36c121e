import dataclasses

import pytest

from comments.spam import Submission, normalised


@pytest.mark.parametrize(
    ("text", "url", "host"),
    [
        ("See https://example.org/a?b=1#c for more.", "https://example.org/a?b=1#c", "example.org"),
        ("(http://example.org/a)", "http://example.org/a", "example.org"),
        ("HTTP://EXAMPLE.ORG", "HTTP://EXAMPLE.ORG", "example.org"),
        ("http://user:word@example.org:8080/", "http://user:word@example.org:8080/", "example.org"),
        ("www.example.museum", "www.example.museum", "www.example.museum"),
        ("Example.com/Setup is best", "Example.com/Setup", "example.com"),
        ("Look at example.com.", "example.com", "example.com"),
        ("example.com에서 읽었어요", "example.com", "example.com"),
        ("저는example.com을 봤어요", "example.com", "example.com"),
        ("https://example.kr/글에서 봄", "https://example.kr/글에서", "example.kr"),
        ("www.예시.한국", "www.예시.한국", "www.예시.한국"),
        ("http://예시.한국/글", "http://예시.한국/글", "예시.한국"),
        ("[url=http://example.org/x]here[/url]", "http://example.org/x", "example.org"),
        ('<a href="http://example.org/x">here</a>', "http://example.org/x", "example.org"),
    ],
)
def test_link_is_found_in_text(text: str, url: str, host: str) -> None:
    (link,) = Submission(text=text).links

    assert (link.url, link.host, text[link.start : link.end]) == (url, host, url)


@pytest.mark.parametrize(
    "text",
    ["Write to somebody@example.com", "It was the end.Start again", "Version 3.11.2 of file.txt", "http://", "a.b.c.d"],
)
def test_no_link_is_seen_where_there_is_none(text: str) -> None:
    assert Submission(text=text).links == ()


def test_submission_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Submission(text="a").text = "b"  # type: ignore[misc]


def test_what_is_known_besides_is_added_to_a_copy() -> None:
    seen = Submission(text="See example.com", name="Kim")
    assert seen.knowing(honeypot="x", similar_before=2) == dataclasses.replace(seen, honeypot="x", similar_before=2)
    assert seen == Submission(text="See example.com", name="Kim")
    with pytest.raises(AttributeError):
        seen.knowing(honey_pot="x")


@pytest.mark.parametrize("text", ["Great,  POST!", "great post", "Ｇｒｅａｔ\npost", "great_post..."])
def test_case_width_spacing_and_punctuation_make_no_new_text(text: str) -> None:
    assert normalised(text) == "great post"


def test_different_words_make_a_different_text() -> None:
    assert normalised("좋은 글") != normalised("나쁜 글")


def test_what_stands_for_a_whole_sentence_costs_no_more_than_a_letter() -> None:
    assert len(normalised("\ufdfa" * 5000)) < 10_000
    assert normalised("ﬁne ½ Ａ") == "fine 1 2 a"
