"""WordPress exports made up for tests: a test says only what matters to it."""

from pathlib import Path
from typing import Any

NAMESPACES = (
    'xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/"'
)
HEADER = """<title>The Old Blog</title><link>https://old.example</link><language>en-US</language>
<wp:wxr_version>1.2</wp:wxr_version><wp:base_blog_url>https://old.example</wp:base_blog_url>
"""


def export(*items: str, header: str = HEADER, namespaces: str = NAMESPACES) -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!-- generator="WordPress/6.8" -->
<rss version="2.0" {namespaces}>
<channel>
{header}{"".join(items)}</channel>
</rss>
"""


def elements(values: dict[str, str]) -> str:
    return "".join(
        f"<{name.replace('__', ':')}>{value}</{name.replace('__', ':')}>\n" for name, value in values.items()
    )


def item(*inside: str, number: Any = 1, **values: str) -> str:
    """A published post. `wp__post_name="x"` writes the element wp:post_name; an empty value is an empty element."""
    defaults = {
        "title": f"Title {number}",
        "link": f"https://old.example/2019/05/title-{number}/",
        "dc__creator": "<![CDATA[mina]]>",
        "guid": f"https://old.example/?p={number}",
        "content__encoded": f"<![CDATA[Text {number}.]]>",
        "excerpt__encoded": "<![CDATA[]]>",
        "wp__post_id": str(number),
        "wp__post_date": "2019-05-04 19:30:00",
        "wp__post_date_gmt": "2019-05-04 10:30:00",
        "wp__comment_status": "open",
        "wp__post_name": f"title-{number}",
        "wp__status": "publish",
        "wp__post_parent": "0",
        "wp__menu_order": "0",
        "wp__post_type": "post",
        "wp__post_password": "",
        "wp__is_sticky": "0",
    }
    return f"<item>\n{elements(defaults | values)}{''.join(inside)}</item>\n"


def without(name: str, markup: str) -> str:
    """The markup without the elements of this name."""
    first, *rest = markup.split(f"<{name}>")
    return first + "".join(part.partition(f"</{name}>")[2] for part in rest)


def attachment(*inside: str, number: int, file: str, **values: str) -> str:
    """An attachment whose file is at this path below the uploads folder."""
    address = f"https://old.example/wp-content/uploads/{file}"
    return item(
        *inside, number=number, wp__post_type="attachment", wp__status="inherit", wp__attachment_url=address, **values
    )


def comment(number: Any = 1, **values: str) -> str:
    defaults = {
        "wp__comment_id": str(number),
        "wp__comment_author": f"<![CDATA[Reader {number}]]>",
        "wp__comment_author_email": f"reader{number}@mail.example",
        "wp__comment_author_url": "",
        "wp__comment_author_IP": "203.0.113.77",
        "wp__comment_date": "2019-05-05 19:30:00",
        "wp__comment_date_gmt": f"2019-05-05 10:30:{int(number) % 60:02d}",
        "wp__comment_content": f"<![CDATA[Comment {number}.]]>",
        "wp__comment_approved": "1",
        "wp__comment_type": "",
        "wp__comment_parent": "0",
        "wp__comment_user_id": "0",
    }
    return f"<wp:comment>\n{elements(defaults | values)}</wp:comment>\n"


def meta(key: str, value: str) -> str:
    values = elements({"wp__meta_key": key, "wp__meta_value": f"<![CDATA[{value}]]>"})
    return f"<wp:postmeta>{values}</wp:postmeta>\n"


def category(slug: str, name: str, parent: str = "", description: str = "") -> str:
    return (
        f"<wp:category><wp:category_nicename>{slug}</wp:category_nicename><wp:category_parent>{parent}"
        f"</wp:category_parent><wp:cat_name><![CDATA[{name}]]></wp:cat_name><wp:category_description><![CDATA["
        f"{description}]]></wp:category_description></wp:category>\n"
    )


def tag(slug: str, name: str) -> str:
    return f"<wp:tag><wp:tag_slug>{slug}</wp:tag_slug><wp:tag_name><![CDATA[{name}]]></wp:tag_name></wp:tag>\n"


def author(login: str, name: str) -> str:
    return (
        f"<wp:author><wp:author_id>7</wp:author_id><wp:author_login>{login}</wp:author_login><wp:author_email>"
        f"{login}@secret.example</wp:author_email><wp:author_display_name><![CDATA[{name}]]></wp:author_display_name>"
        "</wp:author>\n"
    )


def term(taxonomy: str, slug: str, name: str) -> str:
    return f'<category domain="{taxonomy}" nicename="{slug}"><![CDATA[{name}]]></category>\n'


def write(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path
