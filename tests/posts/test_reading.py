"""How long readers are told that a text takes."""

import pytest
from django.test import Client

from posts import reading
from tests.factories import make_post


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("", 1),
        ("word " * 100, 1),
        ("word " * 238 * 4, 4),
        ("북한의 " * 588, 3),
        ("한" * 588 * 5, 5),
        ("word " * 238 + "북한의 " * 196, 2),
        ("don't stop-gap " * 238, 2),
        ("– … — " * 5000, 1),
    ],
)
def test_english_counts_by_words_and_korean_by_syllables(text: str, minutes: int) -> None:
    assert reading.minutes(text) == minutes


@pytest.mark.django_db
def test_readers_are_told_on_the_page_of_a_post(client: Client) -> None:
    long = make_post(body="<p>" + "word " * 238 * 4 + "</p><pre><code>&lt;b&gt;</code></pre>")
    assert "· 4 minutes to read" in client.get(long.get_absolute_url()).content.decode()
    assert "· 1 minute to read" in client.get(make_post().get_absolute_url()).content.decode()
    korean = make_post(body="<p>" + "한" * 588 * 3 + "</p>", language="ko")
    assert "3분" in client.get(korean.get_absolute_url()).content.decode()
