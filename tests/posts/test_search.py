"""Search finds what a reader would expect, in Latin letters and in Hangul, on both databases."""

import time

import pytest

from posts import publishing
from posts.models import State
from posts.search import search, tokens
from tests.factories import days_ago, make_post

pytestmark = pytest.mark.django_db


def titles(query: str) -> list[str]:
    return [post.title for post in search(query)]


@pytest.mark.parametrize("query", ["인권", "북한", "북한 인권", "인권을", "한"])
def test_a_two_syllable_korean_word_is_found_with_a_particle_attached(query: str) -> None:
    make_post(title="하나", body="<p>북한인권을 말하는 한 사람이 있다.</p>")
    make_post(title="둘", body="<p>날씨가 좋다.</p>")
    assert titles(query) == ["하나"]


def test_decomposed_hangul_finds_composed() -> None:
    make_post(title="하나", body="<p>인권</p>")
    assert titles("\u110b\u1175\u11ab\u1100\u116f\u11ab") == ["하나"]


@pytest.mark.parametrize("query", ["defector", "DEFECTORS", "Defec", "café", "cafe", "re-education", "river defectors"])
def test_latin_words_are_found_by_their_beginning_whatever_their_case_or_accents(query: str) -> None:
    make_post(title="One", body="<p>Defectors met in a Café by the river after re-education.</p>")
    make_post(title="Two", body="<p>Nothing here.</p>")
    assert titles(query) == ["One"]


def test_syllables_that_only_stand_apart_are_not_found_together() -> None:
    make_post(title="하나", body="<p>인간의 권리</p>")
    assert titles("인권") == []


def test_every_word_must_be_found() -> None:
    make_post(body="<p>river and bridge</p>")
    assert titles("river tower") == []


@pytest.mark.parametrize(
    "body",
    [
        "<p>river</p><p>bank</p>",
        "<ul><li>river<ul><li>bank</li></ul></li></ul>",
        '<figure><a href="https://example.org/">river</a><figcaption>bank</figcaption></figure>',
    ],
)
def test_words_of_neighbouring_blocks_do_not_run_together(body: str) -> None:
    make_post(title="One", body=body)
    assert titles("riverbank") == []
    assert titles("bank") == ["One"]


def test_a_match_in_the_title_stands_first_then_the_newest() -> None:
    make_post(title="Old", body="<p>tumen</p>", published_at=days_ago(3))
    make_post(title="New", body="<p>tumen</p>", published_at=days_ago(1))
    make_post(title="Tumen", body="<p>x</p>", published_at=days_ago(9))
    assert titles("tumen") == ["Tumen", "New", "Old"]


def test_what_is_not_public_is_not_found() -> None:
    make_post(body="<p>canary</p>", state=State.DRAFT)
    make_post(body="<p>canary</p>", published_at=days_ago(-1))
    assert titles("canary") == []


def test_an_edited_text_is_found_by_its_new_words_only() -> None:
    post = make_post(title="One", body="<p>before</p>")
    post.body = "<p>after</p>"
    publishing.save_post(post)
    assert (titles("before"), titles("after")) == ([], ["One"])


@pytest.mark.parametrize(
    "query",
    [
        "",
        "   ",
        "!!!",
        '"',
        "'",
        "a\"b'c",
        "NEAR(",
        "* OR 1=1",
        "\\",
        "a:*",
        "x' & !y",
        "(",
        "\ufeff",
        "AND",
        "a" * 5000,
    ],
)
def test_hostile_queries_are_only_words(query: str) -> None:
    make_post(title="One", body="<p>something else entirely</p>")
    assert titles(query) == []


def test_tokens_are_pairs_for_hangul_and_words_for_latin() -> None:
    assert list(tokens("북한인권 in 2024!")) == ["북한", "한인", "인권", "권", "in", "2024"]


def test_a_text_with_more_words_than_the_index_takes_is_found_by_its_beginning() -> None:
    make_post(title="Numbers", body="<p>first " + " ".join(f"w{number}" for number in range(60_000)) + "</p>")
    assert titles("first") == titles("w99") == ["Numbers"]


def test_a_text_full_of_accents_is_read_in_linear_time() -> None:
    began = time.process_time()
    assert list(tokens("a" + "\u0301\u0316" * 30_000 + "b 한국")) == ["ab", "한국", "국"]
    assert time.process_time() - began < 0.5  # seconds; in quadratic time it were four
