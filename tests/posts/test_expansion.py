"""What the markup of a post becomes: our pictures whole, foreign ones a link, videos a card."""

from dataclasses import dataclass

import pytest

from posts.html import media_names, post_html


@dataclass(frozen=True)
class Picture:
    alt: str = "A river"
    decorative: bool = False
    width: int = 1200
    height: int = 800
    url: str = "/media/river.webp"
    srcset: str = "/media/river-480.webp 480w"


PICTURES = {"river.webp": Picture()}


OUR_PICTURE = (
    '<img src="/media/river.webp" srcset="/media/river-480.webp 480w" sizes="(min-width: 46rem) 42rem, 100vw" '
    'alt="{}" width="1200" height="800" loading="lazy">'
)


@pytest.mark.parametrize(
    ("written", "alt"),
    [
        ('<img src="/media/river.webp">', "A river"),
        ('<img src="/media/river.webp" alt="  ">', "A river"),
        ('<img src="/media/river.webp" alt="The Tumen">', "The Tumen"),
        (
            '<img src="/media/river.webp" alt="&quot;Tumen&quot; &amp; Yalu <1>">',
            "&quot;Tumen&quot; &amp; Yalu &lt;1&gt;",
        ),
        ('<img src="/media/river.webp" srcset="//x 1x" width="1" style="x" onload="x" class="x">', "A river"),
    ],
)
def test_our_picture_is_shown_whole_and_described(written: str, alt: str) -> None:
    assert post_html(written, PICTURES) == OUR_PICTURE.format(alt)


def test_our_picture_pasted_from_the_public_page_is_ours(settings) -> None:
    settings.SITE_URL = "https://tumen.example"
    assert post_html('<img src="https://tumen.example/media/river.webp">', PICTURES) == OUR_PICTURE.format("A river")


def test_a_decorative_picture_is_silent_unless_the_text_describes_it() -> None:
    pictures = {"river.webp": Picture(decorative=True)}
    assert ' alt="" ' in post_html('<img src="/media/river.webp">', pictures)
    assert ' alt="x" ' in post_html('<img src="/media/river.webp" alt="x">', pictures)


def test_a_small_picture_has_no_renditions() -> None:
    shown = post_html('<img src="/media/river.webp">', {"river.webp": Picture(srcset="")})
    assert "srcset" not in shown
    assert "sizes" not in shown


def test_a_figure_keeps_its_caption_and_a_gallery_its_pictures() -> None:
    figure = '<figure><img src="/media/river.webp"><figcaption>In <em>spring</em></figcaption></figure>'
    gallery = '<figure><img src="/media/river.webp"><img src="/media/river.webp" alt="Again"></figure>'
    assert post_html(figure, PICTURES) == (
        f"<figure>{OUR_PICTURE.format('A river')}<figcaption>In <em>spring</em></figcaption></figure>"
    )
    assert post_html(gallery, PICTURES).count("<img ") == 2


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (
            '<img src="https://e.org/x.png?a=1&b=2" alt="Tom &amp; Jerry">',
            '<a href="https://e.org/x.png?a=1&amp;b=2">Tom &amp; Jerry</a>',
        ),
        ('<img src="//e.org/x.png">', '<a href="//e.org/x.png">//e.org/x.png</a>'),
        ('<a href="/x/"><img src="https://e.org/x.png" alt="A"></a>', '<a href="/x/">A</a>'),
        ('<img src="/media/gone.webp" alt="Gone">', '<a href="/media/gone.webp">Gone</a>'),
        ('<img src="javascript:alert(1)" alt="x">', ""),
        ('<img src="data:image/png;base64,AAAA" alt="x">', ""),
        ('<img alt="x">', ""),
    ],
)
def test_a_picture_that_is_not_ours_becomes_a_link(written: str, shown: str) -> None:
    assert post_html(written, PICTURES) == shown


def test_media_names_finds_our_pictures() -> None:
    body = '<img src="/media/a1.webp"><img src="https://tumen.example/media/b2.webp"><a href="/media/c3.webp">x</a>'
    assert media_names(body) == {"a1.webp", "b2.webp", "c3.webp"}


CARD = '<a href="{}" class="video"><span class="video-title">{}</span> <span class="video-host">{}</span></a>'


@pytest.mark.parametrize(
    ("paragraph", "address", "title", "host"),
    [
        ("https://youtu.be/x?a=1&b=2", "https://youtu.be/x?a=1&amp;b=2", "Watch the video", "youtu.be"),
        (" https://www.YouTube.com/x&nbsp;", "https://www.YouTube.com/x", "Watch the video", "youtube.com"),
        ('<a href="https://m.youtube.com/x">영화</a>', "https://m.youtube.com/x", "영화", "youtube.com"),
        (
            '<a href="https://vimeo.com/1?a&amp;b">https://vimeo.com/1?a&amp;b</a>',
            "https://vimeo.com/1?a&amp;b",
            "Watch the video",
            "vimeo.com",
        ),
    ],
)
def test_the_address_of_a_video_alone_becomes_a_card(paragraph: str, address: str, title: str, host: str) -> None:
    shown = CARD.format(address, title, host)
    assert post_html(f'<p lang="ko">{paragraph}</p>', {}) == f'<p lang="ko">{shown}</p>'


def test_the_address_of_a_video_on_a_line_of_its_own_becomes_a_card() -> None:
    shown = CARD.format("https://youtu.be/x", "Watch the video", "youtu.be")
    body = "<p>One<br>two<br>\nhttps://youtu.be/x<br>three</p>"
    assert post_html(body, {}) == f"<p>One<br>two</p><p>{shown}</p><p>three</p>"


@pytest.mark.parametrize(
    "markup",
    [
        "<p>See https://youtu.be/x</p>",
        '<p>See <a href="https://youtu.be/x">this</a></p>',
        '<p><a href="https://youtu.be/x">one</a> <a href="https://youtu.be/y">two</a></p>',
        "<p>https://youtube.com.evil.example/x</p>",
        "<p>https://notyoutube.com/x</p>",
        "<p>http://[youtu.be/x</p>",
        "<li>https://youtu.be/x</li>",
        "<p><b>a<br>https://youtu.be/x</b></p>",
        "<p></p>",
    ],
)
def test_anything_else_stays_as_it_is(markup: str) -> None:
    assert post_html(markup, {}) == markup
