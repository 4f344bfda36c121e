"""A large form is refused before it fills the disk."""

from io import BytesIO

import pytest
from django.test import Client

from comments.models import Comment
from tests.factories import make_post

pytestmark = pytest.mark.django_db

COMMENT = {"name": "Reader", "comment": "A word."}


def test_a_comment_takes_no_large_file_along(client: Client) -> None:
    address = f"{make_post().get_absolute_url()}comments/"
    assert client.post(address, COMMENT | {"file": BytesIO(b"x" * 2_100_000)}).status_code == 400
    assert not Comment.objects.exists()
    assert client.post(address, COMMENT | {"file": BytesIO(b"x" * 1000)}).status_code == 303


def test_the_newsroom_takes_a_picture_and_nothing_larger(admin_client: Client) -> None:
    address = "/admin/posts/media/add/"
    within, beyond = BytesIO(b"x" * 20_000_001), BytesIO(b"x" * 21_000_001)
    assert "The file is larger than 20 MB." in admin_client.post(address, {"file": within}).content.decode()
    assert admin_client.post(address, {"file": beyond}).status_code == 400
