"""Forms are taken from our own pages, and from clients that are no browsers."""

import pytest
from django.conf import settings
from django.test import RequestFactory

from comments.origin import is_same_origin

OURS = settings.SITE_URL


@pytest.mark.parametrize(
    ("headers", "taken"),
    [
        ({}, True),
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "same-origin", "origin": OURS}, True),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, True),
        ({"origin": OURS}, True),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "cross-site", "origin": OURS}, False),
        ({"sec-fetch-site": "same-site", "origin": OURS}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"sec-fetch-site": ""}, True),
        ({"sec-fetch-site": "", "origin": "https://evil.example"}, False),
        ({"origin": "null"}, False),
        ({"origin": ""}, False),
        ({"origin": "https://evil.example"}, False),
        ({"origin": OURS + ".evil.example"}, False),
        ({"origin": OURS.replace("http:", "https:")}, False),
        ({"origin": OURS + "0"}, False),
    ],
)
def test_who_may_send_the_form(headers: dict[str, str], taken: bool) -> None:  # noqa: FBT001
    assert is_same_origin(RequestFactory().post("/", headers=headers)) is taken
