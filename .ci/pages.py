"""Write every HTML page of the demo site into the folder that is named, for the Nu HTML checker.

Expects settings whose database is empty; fills it with the demo.
"""

import logging
import re
import sys
from collections import Counter
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
django.setup()
logging.disable(logging.INFO)

from django.conf import settings  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import resolve  # noqa: E402

from config.management.commands.demo import password  # noqa: E402
from posts.models import Post  # noqa: E402

STAFF = ["/admin/", "/admin/comments/queue/"]
DOOR = ["/admin/login/", "/admin/password_reset/", "/admin/password_reset/asked/", "/admin/account/password/1/old/"]
ACCOUNTS = [
    *["/admin/account/", "/admin/account/reauthenticate/", "/admin/account/device/", "/admin/password_change/"],
    *["/admin/auth/user/", "/admin/auth/user/add/", "/admin/auth/user/2/change/", "/admin/auth/user/2/reset/"],
]
FEW = 12  # pages of one view: filters and orders of a list can be combined without end


def new_client() -> Client:
    return Client(SERVER_NAME=urlsplit(settings.SITE_URL).hostname)


def links(response: HttpResponse, path: str) -> Iterator[str]:
    """Paths on this site that a page links to."""
    for href in re.findall(r'<a [^>]*?href="([^"]*)"', response.text):
        target = urlsplit(urljoin(settings.SITE_URL + path, unescape(href)))
        if f"{target.scheme}://{target.netloc}" == settings.SITE_URL:
            yield unquote(target.path) + (f"?{target.query}" if target.query else "")


def crawl(client: Client, starts: list[str], within: str) -> Iterator[tuple[str, HttpResponse]]:
    """Every page that is reached from the starts by links that match `within`, and few of each view of the admin."""
    waiting, seen, looked = [*starts], set(starts), Counter[str]()
    while waiting:
        path = waiting.pop(0)
        view = resolve(urlsplit(path).path).view_name
        looked[view] += 1
        if view.startswith("admin:") and looked[view] > FEW:
            continue
        response = client.get(path)
        if not response.headers["Content-Type"].startswith("text/html"):
            continue
        yield path, response
        new = {link for link in links(response, path) if re.match(within, link)} - seen
        seen |= new
        waiting += sorted(new)


def commenting() -> Iterator[tuple[str, HttpResponse]]:
    """The form with its errors, and what a commenter sees."""
    post = next(post for post in Post.objects.published() if post.comments_open)
    client, action = new_client(), f"{post.get_absolute_url()}comments/"
    yield f"{action}#errors", client.post(action, {"name": "", "website": "no address"})
    answer = client.post(action, {"name": "A reader", "comment": "A comment <b>with</b> markup & more."})
    yield f"{action}#answer", client.get(answer.headers["Location"])


def pages() -> Iterator[tuple[str, HttpResponse]]:
    staff = new_client()
    staff.force_login(User.objects.filter(is_superuser=True)[0])
    yield from crawl(new_client(), ["/", "/nothing/", "/search/", "/search/?q=rights"], r"/(?!admin/|media/|static/)")
    yield from commenting()
    for path in DOOR:
        yield path, new_client().get(path)
    staff.post("/admin/account/reauthenticate/", {"password": password("admin")})
    for path in ACCOUNTS:
        yield path, staff.get(path)
    yield from crawl(staff, STAFF, r"/admin/comments/")


def main(folder: Path) -> None:
    call_command("migrate", verbosity=0)
    call_command("demo", verbosity=0)
    count = 0
    for count, (path, response) in enumerate(pages(), start=1):
        if response.status_code >= 500:
            sys.exit(f"{response.status_code} at {path}")
        name = re.sub(r"\W+", "_", unquote(path))[:80]
        Path(folder, f"{count:03}{name}.html").write_text(response.text)
    print(f"{count} pages")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
