"""A WordPress text becomes the HTML that WordPress would have shown."""

import time
from collections import Counter
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posts.wordpress.body import convert
from posts.wordpress.shortcodes import Picture


@dataclass
class Shelf:
    """The pictures of a test."""

    addresses: dict[str, str] = field(default_factory=dict)  # old: new
    pictures: dict[int, Picture] = field(default_factory=dict)

    def new_address(self, old_address: str, *, alt: str = "") -> str:
        return self.addresses.get(old_address, "")

    def gallery(self, ids: list[int]) -> list[Picture]:
        return [self.pictures[number] for number in ids or self.pictures if number in self.pictures]


def html(body: str, shelf: Shelf | None = None) -> str:
    """What is shown, without the line ends that do not matter."""
    return convert(body, shelf or Shelf(), Counter()).html.replace(">\n<", "><")


def repairs(body: str) -> dict[str, int]:
    repaired: Counter[str] = Counter()
    convert(body, Shelf(), repaired)
    return dict(repaired)


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("One.\n\nTwo.", "<p>One.</p><p>Two.</p>"),
        ("One.\r\n\r\nTwo.".replace("\r", ""), "<p>One.</p><p>Two.</p>"),
        ("One.\n \t\n\n\nTwo.\n", "<p>One.</p><p>Two.</p>"),
        ("One\ntwo", "<p>One<br>\ntwo</p>"),
        ("One<br />\ntwo<br>three", "<p>One<br>\ntwo<br>\nthree</p>"),
        ("One<br><br>two", "<p>One</p><p>two</p>"),
        ("One<br />\n\ntwo", "<p>One</p><p>two</p>"),
        ("", ""),
        ("One <em>two\nthree</em>.", "<p>One <em>two<br>\nthree</em>.</p>"),
        ("<h2>Head</h2>\nText\n<ul>\n<li>a</li>\n</ul>\nEnd", "<h2>Head</h2><p>Text</p><ul><li>a</li></ul><p>End</p>"),
        ("<p>One</p>\n<p>two\nthree</p>", "<p>One</p><p>two<br>\nthree</p>"),
        ("<p>One\n\ntwo</p>", "<p>One</p><p>two</p>"),
        ("<p></p><p>One</p><p>&nbsp;</p>", "<p></p><p>One</p><p>&nbsp;</p>"),
        ("<blockquote>One\n\ntwo</blockquote>", "<blockquote><p>One</p><p>two</p></blockquote>"),
        ("<div>One</div>", "<div>One</div>"),
        ("<div>One\n\ntwo</div>", "<div><p>One</p><p>two</p></div>"),
        ("<table>\n<tr>\n<td>a</td>\n</tr>\n</table>", "<table><tr><td>a</td></tr></table>"),
        ("<ul>\n<li>a\n<ul>\n<li>b</li>\n</ul>\n</li>\n</ul>", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
        ("A<hr />B", "<p>A</p><hr /><p>B</p>"),
        ("<strong>A</p>\n\nB</strong>", "<p><strong>A</p><p>B</strong></p>"),
        ("</div>One</p>", "<p>One</p>"),
        ("<p>One<div>Two</div>Three</p>", "<p>One<div>Two</div><p>Three</p>"),
        ("1 < 2 & 3 > 2", "<p>1 < 2 & 3 > 2</p>"),
        ('<a name="top"></a>\n\nOne', '<a name="top"></a><p>One</p>'),
    ],
)
def test_blank_lines_become_paragraphs_and_line_ends_breaks(body: str, shown: str) -> None:
    assert html(body) == shown


@pytest.mark.parametrize(
    "raw",
    [
        "<pre>one\n\n  two [gallery] <!--more--> [caption]x[/caption]\n</pre>",
        '<pre class="x"><code>a\n\nb</code></pre>',
        "<pre>[foo bar=1]</pre>",
    ],
)
def test_nothing_inside_pre_changes(raw: str) -> None:
    assert html(f"One\n{raw}\nTwo") == f"<p>One</p>{raw}<p>Two</p>"


def test_nothing_inside_code_changes() -> None:
    assert (
        html("Use <code>[gallery ids=1]\n\n<img></code> here.")
        == "<p>Use <code>[gallery ids=1]\n\n<img></code> here.</p>"
    )


def test_code_that_is_not_closed_is_text() -> None:
    assert html("One <code> two\n\nthree") == "<p>One <code> two</p><p>three</p>"


def test_scripts_and_styles_go_with_what_they_hold() -> None:
    assert html("One<script>alert(1)</script><style>p{}</style> two") == "<p>One two</p>"


def test_a_text_made_of_blocks_keeps_its_line_ends() -> None:
    body = (
        "<!-- wp:paragraph -->\n<p>One\ntwo</p>\n<!-- /wp:paragraph -->\n\n"
        '<!-- wp:list {"ordered":true} -->\n<ol><li>a</li>\n<li>b<br>c</li></ol>\n<!-- /wp:list -->'
    )
    assert html(body) == "<p>One\ntwo</p><ol><li>a</li><li>b<br>c</li></ol>"
    assert repairs(body) == {}


def test_blocks_that_wordpress_fills_in_are_removed_and_counted() -> None:
    separator = "<!-- wp:separator --><hr/><!-- /wp:separator -->"
    body = f'<!-- wp:latest-posts {{"postsToShow":3}} /-->\n<!-- wp:latest-posts /-->{separator}'
    assert html(body) == "<hr/>"
    assert repairs(body) == {"block latest-posts removed": 2}


@pytest.mark.parametrize(
    "body",
    [
        '[caption id="a" width="3"]<img src="/u/a.jpg" alt="River" width="3" /> A <em>river</em>[/caption]',
        '[caption id="a" caption="A <em>river</em>"]<img src="/u/a.jpg" alt="River" />[/caption]',
        '[wp_caption]\n<img src="/u/a.jpg" alt="River">\nA <em>river</em>\n[/wp_caption]',
    ],
)
def test_a_caption_becomes_a_figure(body: str) -> None:
    figure = '<figure><img src="/media/a.webp" alt="River"><figcaption>A <em>river</em></figcaption></figure>'
    assert html(f"One\n\n{body}\n\nTwo", Shelf({"/u/a.jpg": "/media/a.webp"})) == f"<p>One</p>{figure}<p>Two</p>"


def test_a_caption_keeps_the_link_around_its_picture() -> None:
    body = '[caption width="3"]<a href="/u/a.jpg"><img src="/u/a-3x2.jpg" alt="River" /></a> Han[/caption]'
    shelf = Shelf({"/u/a.jpg": "/media/a.webp", "/u/a-3x2.jpg": "/media/a.webp"})
    picture = '<a href="/media/a.webp"><img src="/media/a.webp" alt="River"></a>'
    assert html(body, shelf) == f"<figure>{picture}<figcaption>Han</figcaption></figure>"


def test_a_gallery_becomes_its_pictures() -> None:
    shelf = Shelf({"/u/a.jpg": "/media/a.webp"}, {4: Picture("/u/a.jpg", "A", "One"), 5: Picture("/u/b.jpg", "B", "")})
    first = '<figure><img src="/media/a.webp" alt="A"><figcaption>One</figcaption></figure>'
    second = '<figure><a href="/u/b.jpg">B</a></figure>'
    assert html("[gallery]", shelf) == first + second
    assert html('[gallery columns="2" ids="5, 4"]', shelf) == second + first


def test_a_gallery_without_pictures_is_removed_and_counted() -> None:
    assert html("One\n\n[gallery]") == "<p>One</p>"
    assert repairs("[gallery]") == {"shortcode [gallery] removed": 1}


@pytest.mark.parametrize(
    ("body", "address"),
    [
        ("[embed]https://vimeo.com/1[/embed]", "https://vimeo.com/1"),
        ('[embed width="9"]https://vimeo.com/1?a=1&amp;b=2[/embed]', "https://vimeo.com/1?a=1&amp;b=2"),
        ("[youtube https://youtu.be/x]", "https://youtu.be/x"),
        ("[youtube=https://youtu.be/x]", "https://youtu.be/x"),
        ('[video mp4="https://old.example/a.mp4"][/video]', "https://old.example/a.mp4"),
        ('[audio src="https://old.example/a.mp3"]', "https://old.example/a.mp3"),
        (
            '<iframe src="//www.youtube.com/embed/a-b_1?rel=0" width="9"></iframe>',
            "https://www.youtube.com/watch?v=a-b_1",
        ),
        ('<iframe src="https://player.vimeo.com/video/12?h=1"></iframe>', "https://vimeo.com/12"),
        (
            '<object><param name="movie" value="x"><embed src="https://www.youtube.com/v/abc&hl=en"></object>',
            "https://www.youtube.com/watch?v=abc",
        ),
        ('<video controls><source src="https://old.example/a.mp4"></video>', "https://old.example/a.mp4"),
        ("https://youtu.be/x", "https://youtu.be/x"),
    ],
)
def test_a_player_becomes_an_address_alone_in_its_paragraph(body: str, address: str) -> None:
    assert html(f"One\n\n{body}\n\nTwo") == f"<p>One</p><p>{address}</p><p>Two</p>"


def test_a_video_alone_on_its_line_stands_alone() -> None:
    assert html("One\nhttps://youtu.be/x\nTwo") == "<p>One</p><p>https://youtu.be/x</p><p>Two</p>"


def test_an_embed_block_holds_the_address_in_a_paragraph() -> None:
    body = '<!-- wp:embed --><figure class="e"><div>\nhttps://youtu.be/x\n</div></figure><!-- /wp:embed -->'
    assert html(body) == '<figure class="e"><div><p>https://youtu.be/x</p></div></figure>'


@pytest.mark.parametrize(
    "body",
    [
        "[The Organization for World Peace]",
        "[sic]",
        "[1] [...] [emphasis added] [re-education]",
        "[see <a href='x'>this</a>]",
        "[[Wiki link]]",
        "[단독] 북한",
        "array[index] [a, b]",
    ],
)
def test_words_in_brackets_stay(body: str) -> None:
    assert html(body) == f"<p>{body}</p>"
    assert repairs(body) == {}


@pytest.mark.parametrize(
    ("body", "shown", "name"),
    [
        ('Before [contact-form-7 id="4" title="x"] after', "<p>Before  after</p>", "contact-form-7"),
        ("[tabs]Inside [b]bold[/b][/tabs]", "<p>Inside bold</p>", "tabs"),
        ("[recent_posts]", "", "recent_posts"),
        ("One [dropcap /]two", "<p>One two</p>", "dropcap"),
        ('[su_button url="x"]Press[/su_button]', "<p>Press</p>", "su_button"),
    ],
)
def test_other_shortcodes_are_removed_and_counted(body: str, shown: str, name: str) -> None:
    assert html(body) == shown
    assert repairs(body)[f"shortcode [{name}] removed"] == 1


def test_an_escaped_shortcode_is_shown() -> None:
    assert html("Write [[gallery ids=1]].") == "<p>Write [gallery ids=1].</p>"


def test_code_in_a_shortcode_is_shown_as_it_is() -> None:
    assert html('[code lang="html"]\n<b>\n\n[gallery]\n[/code]') == "<pre>&lt;b&gt;\n\n[gallery]</pre>"


def test_the_more_mark_goes_and_what_stands_above_it_is_the_teaser() -> None:
    converted = convert("One <b>two</b>.\n\nThree &amp; four.\n\n<!--more Read on-->\n\nFive.", Shelf(), Counter())
    assert converted.teaser == "One two. Three & four."
    assert converted.html.replace("\n", "") == "<p>One <b>two</b>.</p><p>Three &amp; four.</p><p>Five.</p>"


def test_pages_of_a_post_are_joined_and_comments_dropped() -> None:
    assert html("One<!--nextpage-->Two<!-- secret -->") == "<p>One</p><p>Two</p>"
    assert html("One <!-- two") == "<p>One  two</p>"


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ('<img src="https://o.example/r.jpg?w=9" alt="River" />', '<a href="https://o.example/r.jpg?w=9">River</a>'),
        ('<img src="https://o.example/%EA%B0%95.jpg">', '<a href="https://o.example/%EA%B0%95.jpg">강.jpg</a>'),
        (
            '<a href="https://o.example/"><img src="https://o.example/r.jpg" alt="R"></a>',
            '<a href="https://o.example/">R</a>',
        ),
        ('<img src="data:image/png;base64,xx" alt="A &quot;dot&quot;">', "A &quot;dot&quot;"),
        ("<img src='javascript:alert(1)' alt='<b>'>", "&lt;b&gt;"),
    ],
)
def test_a_picture_that_is_not_here_becomes_a_link_and_is_counted(body: str, shown: str) -> None:
    assert html(body.replace("<b>", "&lt;b>")) == f"<p>{shown}</p>"
    assert repairs(body.replace("<b>", "&lt;b>"))["pictures that are not here, now links"] == 1


@pytest.mark.parametrize(
    "unit",
    [
        "a", "<", "[", "<!--", "<a", '<a b="', "<pre>", "<code>", "[caption]", "[code]", "[a b=", "[[", "<div>",
        "</div>", "<p>", "<br>", "\n", " ", "\n\nx", "[x][/x]", "[caption]<img>", "<script>", "a=", "-->", "<a b=c ", "http://",
        "[gallery ids=1]", "<a href='x'>", "<li>", "<!-- wp:x /-->", "data:;base64,",
    ],
)  # fmt: skip
def test_the_time_is_linear_whatever_the_text(unit: str) -> None:
    """A quadratic step would take minutes."""
    many = unit * (50_000 // len(unit))
    started = time.monotonic()
    for before, after in [("", ""), ("<", ""), ("<a ", ""), ("<a ", ">"), ("[", ""), ("[x ", "]"), ("<!--", "")]:
        convert(before + many + after, Shelf(), Counter())
    assert time.monotonic() - started < 10


@settings(deadline=None, max_examples=300)
@given(st.lists(st.sampled_from("[caption] [/caption] <img/src=x> <p> </p> <div> </div> [x] [/x] <b> </b> \n\n word <pre> </pre> <!--more--> <!-- [embed] http://v.example/ [/embed] <li> <blockquote> </blockquote> <br>".split(" ")), max_size=25))  # fmt: skip  # noqa: E501
def test_no_word_is_ever_lost(pieces: list[str]) -> None:
    pieces = [piece for piece in pieces if piece not in {"<!--", "[embed]"}]
    assert html(" ".join(pieces)).count("word") == pieces.count("word")
