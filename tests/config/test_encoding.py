"""Addresses and forms are UTF-8, whatever a client says."""

import pytest
from django.test import Client

from comments.models import Comment
from config.encoding import only_utf_8
from tests.factories import make_post

pytestmark = pytest.mark.django_db

NAMED = [
    "charset=unicode_escape",
    "charset=utf-7",
    "charset=utf-16",
    "charset=idna",
    'CHARSET="zlib"',
    "charset*=utf-8''zlib",
    "charset*0=zl; charset*1=ib",
    "other*=nonsense''x",
]


@pytest.fixture(autouse=True)
def served(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """As config/wsgi.py and the command `serve` do."""
    answer = client.handler
    application = only_utf_8(lambda environ, _start_response: answer(environ))
    monkeypatch.setattr(client, "handler", lambda environ: application(environ, None))


@pytest.mark.parametrize("named", NAMED)
def test_what_a_request_names_does_not_change_the_page(client: Client, named: str) -> None:
    address = "/search/?q=%5Cud800+%2BADw-"
    answer = client.get(address, headers={"Content-Type": f"text/plain; {named}"})
    assert answer.status_code == 200
    assert answer.content == client.get(address).content


@pytest.mark.parametrize("named", NAMED)
@pytest.mark.parametrize("boundary", ["x", "a b=c"])
def test_a_form_is_read_as_it_was_sent(client: Client, named: str, boundary: str) -> None:
    line = f"--{boundary}"
    fields = {"name": "민수", "comment": r"안녕 \ud800"}
    parts = (f'{line}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{fields[name]}\r\n' for name in fields)
    client.generic(
        "POST",
        f"{make_post().get_absolute_url()}comments/",
        f"{''.join(parts)}{line}--\r\n".encode(),
        content_type=f'multipart/form-data; {named}; boundary="{boundary}"',
    )
    stored = Comment.objects.get()
    assert (stored.name, stored.body) == ("민수", r"안녕 \ud800")
