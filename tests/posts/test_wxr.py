"""What real exports get wrong is repaired and counted; what cannot be read is refused with one sentence."""

import datetime
import gzip
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posts import wxr
from tests.exports import attachment, author, category, comment, export, item, meta, tag, term, without, write

Reading = Callable[..., tuple[list[wxr.Record], dict[str, int]]]


@pytest.fixture
def reading(tmp_path: Path) -> Reading:
    """Reads a text or bytes as an export: its records, and what was repaired."""

    def read(content: str | bytes) -> tuple[list[wxr.Record], dict[str, int]]:
        repaired: Counter[str] = Counter()
        records = list(wxr.read(write(tmp_path / "export.xml", content), repaired))
        return records, dict(+repaired)

    return read


@pytest.fixture
def items(reading: Reading) -> Callable[..., list[wxr.Item]]:
    return lambda content: [record for record in reading(content)[0] if isinstance(record, wxr.Item)]


Items = Callable[..., list[wxr.Item]]


def test_everything_that_an_import_needs_is_read(reading: Reading) -> None:
    header = author("mina", "Mina Lee") + category("news", "News", "top", "What is new.") + tag("river", "River")
    post = item(
        term("post_tag", "river", "River"),
        meta("_thumbnail_id", "9"),
        meta("_edit_last", "1"),
        comment(3, wp__comment_parent="2"),
        number=5,
        wp__is_sticky="1",
    )
    records, repaired = reading(export(post, header=f"<title>Old</title><link>https://old.example</link>{header}"))
    who, what, word, site, found = records
    assert who == wxr.Author(id=7, login="mina", name="Mina Lee")
    assert what == wxr.Category(slug="news", name="News", parent="top", description="What is new.")
    assert word == wxr.Tag(slug="river", name="River")
    assert site == wxr.Site(title="Old", address="https://old.example", language="")
    assert isinstance(found, wxr.Item)
    assert (found.id, found.title, found.slug, found.body) == (5, "Title 5", "title-5", "Text 5.")
    assert (found.author, found.is_sticky, found.has_password) == ("mina", True, False)
    assert found.date == datetime.datetime(2019, 5, 4, 10, 30, tzinfo=datetime.UTC)
    assert found.terms == (wxr.Term("post_tag", "river", "River"),)
    assert found.meta == {"_thumbnail_id": "9"}
    assert [(one.id, one.parent, one.text, one.approved) for one in found.comments] == [(3, 2, "Comment 3.", "1")]
    assert repaired == {}


def test_an_attachment_names_its_file_and_alternative_text(items: Items) -> None:
    [found] = items(export(attachment(meta("_wp_attachment_image_alt", "A river"), number=9, file="2019/05/a.jpg")))
    assert found.file_address.endswith("/uploads/2019/05/a.jpg")
    assert found.meta == {"_wp_attachment_image_alt": "A river"}


def test_wxr_1_0_names_each_term_twice(items: Items) -> None:
    terms = (
        '<category><![CDATA[News]]></category><category domain="category" nicename="news"><![CDATA[News]]></category>'
    )
    old_tag = '<category domain="tag" nicename="river"><![CDATA[River]]></category>'
    [found] = items(export(item(terms, old_tag)))
    assert found.terms == (wxr.Term("category", "news", "News"), wxr.Term("post_tag", "river", "River"))


def test_the_version_and_prefixes_of_the_format_do_not_matter(items: Items) -> None:
    told = (
        export(item(comment()))
        .replace("export/1.2/", "export/1.0/")
        .replace("<wp:wxr_version>1.2</wp:wxr_version>", "")
    )
    other = told.replace("wp:", "ns0:").replace("xmlns:wp", "xmlns:ns0")
    assert items(other) == items(told) == items(export(item(comment())))


@pytest.mark.parametrize(
    ("wrong", "right", "what"),
    [
        ("Bread & Roses", "Bread & Roses", "bare &"),
        ("a&nbsp;b&hellip;", "a\xa0b…", "entities that XML does not know"),
        ("AT&T; &unknown;", "AT&T; &unknown;", "bare &"),
        ("one]]>two", "one]]>two", "]]> inside a text"),
        ("a < b", "a < b", "markup outside CDATA"),
        ("<em>Loud</em> <br> quiet", "<em>Loud</em> <br> quiet", "markup outside CDATA"),
        ("<![CDATA[one <![CDATA[two]]> <b>three</b>]]>", "one <![CDATA[two <b>three</b>", "]]> inside a text"),
        ("be\x07ll\x00\ufffe", "bell", "characters that XML forbids"),
        ("nul&#0;l", "nul\ufffdl", "characters that XML forbids"),
        ("form&#12;&#x0C;feed &#11;&#xFFFE;&#xD83D;", "formfeed \ufffd", "characters that XML forbids"),
    ],
)
def test_broken_text_is_repaired_and_counted(reading: Reading, wrong: str, right: str, what: str) -> None:
    records, repaired = reading(export(item(title=wrong)))
    assert isinstance(records[-1], wxr.Item)
    assert records[-1].title == right
    assert repaired[what] >= 1


def test_what_is_not_broken_is_not_touched(reading: Reading) -> None:
    text = "&amp;nbsp; &#8217; &#x1F600; &lt;b&gt; <![CDATA[x ]]]]><![CDATA[> & &amp; <p>]]>"
    records, repaired = reading(export(item(content__encoded=text)))
    assert isinstance(records[-1], wxr.Item)
    assert records[-1].body == "&nbsp; ’ 😀 <b> x ]]> & &amp; <p>"
    assert repaired == {}


@pytest.mark.parametrize("piece", [1, 2, 3, 7, 64])
def test_it_does_not_matter_where_the_file_is_cut_into_pieces(
    items: Items, monkeypatch: pytest.MonkeyPatch, piece: int
) -> None:
    hard = item(
        comment(), title="Bread & R&ouml;ses ]]> <b>한글</b>", content__encoded="<![CDATA[x ]]]]><![CDATA[> y]]>"
    )
    told = export(hard, header="<!-- <item> --><atom:link href='x'/>")
    whole = items(told)
    monkeypatch.setattr("posts.wordpress.decoding.CHUNK", piece)
    assert items(told) == whole


def test_undeclared_prefixes_are_harmless(reading: Reading) -> None:
    told = export(item(), header="<atom:link rel='self' href='x'/><title>x</title>", namespaces="")
    records, repaired = reading(told)
    assert isinstance(records[-1], wxr.Item)
    assert records[-1].slug == "title-1"
    assert repaired == {"namespace prefixes that are not declared": 5}


def test_elements_that_nobody_knows_are_left_out(items: Items) -> None:
    strange = "<georss:point>1 2</georss:point><media:group><media:title>x</media:title></media:group>"
    warning = "<br />\n<b>Warning</b>: Undefined & stuff in <b>/x.php</b> on line <b>3</b><br />\n"
    assert items(warning + export(warning, item(strange, warning))) == items(export(item()))


def test_an_element_that_is_not_closed_ends_where_the_next_begins(reading: Reading) -> None:
    told = export(item()).replace("title-1</wp:post_name>", "title-1")
    records, repaired = reading(told)
    assert isinstance(records[-1], wxr.Item)
    assert (records[-1].slug, records[-1].status) == ("title-1", "publish")
    assert repaired == {"elements that were not closed": 1}


def test_end_tags_without_a_start_are_dropped(reading: Reading) -> None:
    assert reading(export(item("</wp:comment></title>")))[1] == {"end tags without a start": 2}


def test_ids_that_are_missing_are_taken_from_the_address(items: Items) -> None:
    told = without("wp:post_id", item(number=41))
    assert [one.id for one in items(export(told))] == [41]


@pytest.mark.parametrize("number", ["", "abc", "-3", "99999999999999999999999", "²"])
def test_an_item_without_an_id_gets_the_same_one_on_every_run(items: Items, number: str) -> None:
    told = export(item(guid="x", wp__post_id=number), item(guid="y", wp__post_id=number))
    first, second = items(told)
    assert first.id != second.id
    assert min(first.id, second.id) >= wxr.MADE_UP_IDS
    assert max(first.id, second.id) < 2**63
    assert items(told) == [first, second]


def test_two_items_with_one_id_are_both_kept(reading: Reading) -> None:
    records, repaired = reading(export(item(guid="x"), item(guid="y")))
    first, second = (record for record in records if isinstance(record, wxr.Item))
    assert first.id != second.id
    assert not second.is_copy
    assert repaired == {"ids that two items have": 1}


def test_an_item_that_stands_there_twice_is_marked(items: Items) -> None:
    assert [one.is_copy for one in items(export(item(), item(number=2), item()))] == [False, False, True]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"wp__post_date_gmt": "0000-00-00 00:00:00"}, "2019-05-04 19:30"),
        (
            {"wp__post_date_gmt": "", "wp__post_date": "", "pubDate": "Sat, 04 May 2019 10:30:00 +0000"},
            "2019-05-04 10:30",
        ),
        ({"wp__post_date_gmt": "2019-05-04 9:05:00"}, "2019-05-04 09:05"),
        ({"wp__post_date_gmt": "2019-05-04T09:05:00Z"}, "2019-05-04 09:05"),
        ({"wp__post_date_gmt": "yesterday", "wp__post_date": "2019-13-77 00:00:00"}, None),
        ({"wp__post_date_gmt": "0001-01-01 00:00:00", "wp__post_date": "9999-12-31 23:59:59"}, None),
        ({"wp__post_date_gmt": "0000-00-00 00:00:00", "wp__post_date": "0000-00-00 00:00:00"}, None),
        ({"wp__post_date_gmt": "", "wp__post_date": "", "pubDate": "Wed, 30 Nov -0001 00:00:00 +0000"}, None),
        ({"wp__post_date_gmt": "", "wp__post_date": "", "pubDate": "Sat, 04 May 2019 10:30:00 -9999"}, None),
    ],
)
def test_dates(items: Items, values: dict[str, str], expected: str | None) -> None:
    [found] = items(export(item(**values)))
    assert (found.date and f"{found.date:%Y-%m-%d %H:%M}") == expected


@pytest.mark.parametrize(
    ("encoding", "declared", "text"),
    [
        ("utf-8-sig", "UTF-8", "인권"),
        ("utf-16", "UTF-16", "인권"),
        ("utf-16-le", "UTF-16", "인권"),
        ("utf-16-be", "UTF-16", "인권"),
        ("utf-8", "UTF-16", "인권"),
        ("utf-8", "ISO-8859-1", "인권"),
        ("utf-8", "klingon", "인권"),
        ("utf-8", "zlib", "인권"),
        ("utf-8", "rot13", "인권"),
        ("cp949", "EUC-KR", "똠방"),
        ("shift_jis", "Shift_JIS", "人権"),
        ("gb18030", "GB2312", "人權"),
        ("koi8-r", "KOI8-R", "права"),
        ("cp1252", "ISO-8859-1", "droits – “créés”"),
        ("cp1252", "us-ascii", "droits créés"),
    ],
)
def test_the_text_is_read_in_the_encoding_that_it_is_in(items: Items, encoding: str, declared: str, text: str) -> None:
    told = export(item(title=text)).replace('encoding="UTF-8"', f'encoding="{declared}"')
    assert [one.title for one in items(told.encode(encoding))] == [text]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"caf\xe9 cr\xe9\xe9e", "café créée"),
        ("인권".encode()[:-1] + b" x", "인\ufffd x"),
        (b"x \xec\x9d y", "x \ufffd y"),
        (b"\xff\xfe", "ÿþ"),
        (b"\xed\xa0\x80 x", "\ufffd x"),
    ],
)
def test_bytes_that_are_not_utf_8_are_read_as_well_as_can_be(reading: Reading, raw: bytes, text: str) -> None:
    records, repaired = reading(export(item(title="TITLE")).encode().replace(b"TITLE", raw))
    assert isinstance(records[-1], wxr.Item)
    assert records[-1].title == text
    assert repaired["bytes that are not UTF-8"]


LEGACY = [
    ("cp949", "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다."),
    ("cp1251", "Все люди рождаются свободными и равными в своем достоинстве и правах."),
    ("cp932", "きのうのよるはとてもさむかったです。アイスクリームとコンピュータ。日本国民は、正当に選挙された。"),
    ("euc-jp", "きのうのよるはとてもさむかったです。でもあさになるとはれていて。"),
    ("gb18030", "人人生而自由,在尊严和权利上一律平等。他们赋有理性和良心。"),
]


@pytest.mark.parametrize(("encoding", "text"), LEGACY)
@pytest.mark.parametrize("declared", ['encoding="UTF-8"', "", 'encoding="klingon"'])
def test_another_encoding_that_is_not_declared_is_refused(
    reading: Reading, items: Items, encoding: str, text: str, declared: str
) -> None:
    told = export(item(content__encoded=f"<![CDATA[{text}]]>"))
    with pytest.raises(wxr.WxrError, match="Most of the text is not UTF-8: please name its encoding"):
        reading(told.replace('encoding="UTF-8"', declared).encode(encoding))
    [found] = items(told.replace("UTF-8", encoding).encode(encoding))
    assert found.body == text


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("인권 " * 100, "인권".encode("cp949") * 20),
        ("인권 ", "caf\xe9 d\u2019\xe9t\xe9 " * 1000),
        ("One ", "\x93two\x94 don\x92t\x85 " * 1000),
    ],
)
def test_where_most_is_utf_8_or_comes_from_windows_1252_it_is_repaired(
    reading: Reading, text: str, broken: str | bytes
) -> None:
    raw = broken if isinstance(broken, bytes) else broken.replace("\u2019", "\x92").encode("latin-1")
    reading(export(item(title="TITLE")).encode().replace(b"TITLE", text.encode() + raw))


CUT = export(item(comment()))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "The file is empty."),
        (" \n", "The file is empty."),
        ("<!DOCTYPE html>\n<html><body>Log in</body></html>", "This is an HTML page, not a WordPress export."),
        ("<html><body>Log in</body></html>", "This is an HTML page, not a WordPress export."),
        ('{"posts": []}', "This is not a WordPress export: it has no <rss> element."),
        ("<feed xmlns='http://www.w3.org/2005/Atom'/>", "This is not a WordPress export: it has no <rss> element."),
        ("<rss><channel><item/></channel></rss>", "This is an RSS feed, not a WordPress export."),
        ("<channel></channel>", "The file cannot be read: in line 1, <channel> comes first."),
        (gzip.compress(CUT.encode()), "The file is packed with gzip; please unpack it first."),
        (b"PK\x03\x04\x14", "The file is packed with zip; please unpack it first."),
        (CUT + CUT, "The file holds more than one export; please import each in a file of its own."),
        (CUT[: CUT.index("Comment 1")], "The file was cut short: it ends inside <wp:comment_content>."),
        (CUT[: CUT.index("</item>")], "The file was cut short: it ends inside <item>."),
        (CUT[: CUT.index("</channel>")], "The file was cut short: it ends inside <channel>."),
        (CUT[: CUT.index("</rss>")], "The file was cut short: it ends inside <rss>."),
        (
            export(item().replace("Text 1.]]>", "Text 1.").replace("<![CDATA[]]>", ""), item(number=2)),
            "The file cannot be read: in line 29, <content:encoded> is not closed, or a CDATA section in it.",
        ),
        (CUT.replace("</wp:comment>", ""), "The file cannot be read: in line 39, <wp:comment> is not closed."),
        (CUT.replace("</item>", "<item>"), "The file cannot be read: in line 39, <item> stands inside <item>."),
    ],
)
def test_what_cannot_be_read_is_refused_with_one_sentence(reading: Reading, content: str | bytes, message: str) -> None:
    with pytest.raises(wxr.WxrError) as refused:
        reading(content)
    assert str(refused.value) == message


def test_a_path_that_is_no_readable_file_is_refused(tmp_path: Path) -> None:
    for path, message in [(tmp_path, "is not a file."), (tmp_path / "x", "There is no file")]:
        with pytest.raises(wxr.WxrError, match=message):
            list(wxr.read(path, Counter()))


@pytest.mark.parametrize(
    "prolog",
    [
        '<!DOCTYPE rss [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE rss [<!ENTITY % a SYSTEM "http://127.0.0.1:9/x"> %a;]>',
        '<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd">',
        '<!doctype rss><!entity a "x">',
    ],
)
def test_entities_and_external_references_are_refused(reading: Reading, prolog: str) -> None:
    with pytest.raises(wxr.WxrError, match="there is a document type or an entity"):
        reading(prolog + export(item(title="&b;")))


@pytest.mark.parametrize(
    "content",
    [
        "<a>" * 10**6,
        export("<a>" * 10**6 + "</a>" * 10**6),
        export(item("<wp:x>" * 10**6)),
        export(item(title="<b>" * 10**6)),
        export("<item>" * 10**6),
        export(item("<wp:comment>" * 10**6)),
    ],
)
def test_a_million_elements_inside_one_another_are_refused(reading: Reading, content: str) -> None:
    with pytest.raises(wxr.WxrError, match="inside one another|stands inside"):
        reading(content)


@pytest.mark.parametrize(
    ("before", "after"),
    [("<title>", ""), ("<x y='", "'/>"), ("<x", "/>"), ("<!--", "-->"), ("<x><![CDATA[", "]]></x>"), ("<?x ", "?>")],
)
def test_an_endless_text_is_refused(reading: Reading, before: str, after: str) -> None:
    endless = before + "x" * 9_000_000 + after
    started = time.monotonic()
    with pytest.raises(wxr.WxrError, match="a text is longer than 8 million characters"):
        reading(export(item(), header=endless))
    assert time.monotonic() - started < 10


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_is_done_to_a_file_it_is_read_or_refused(reading: Reading, data: st.DataObject) -> None:
    content = export(item(comment(), term("category", "a", "A")), header=author("a", "A") + category("a", "A")).encode()
    pieces = [
        b"<",
        b">",
        b"]]>",
        b"<![CDATA[",
        b"&",
        b"<!--",
        b"</item>",
        b"<item>",
        b"\0",
        b"\xff",
        b"<wp:comment>",
        b'"',
    ]
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(content)))
        end = start + data.draw(st.sampled_from([0, 0, 1, 5, 300]))
        content = content[:start] + data.draw(st.sampled_from([b"", *pieces]) | st.binary(max_size=4)) + content[end:]
    with suppress(wxr.WxrError):
        reading(content)
