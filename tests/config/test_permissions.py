"""Who may do what where: every address of the site × every role, against one table. A new address needs a row."""

from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from comments.addresses import confirmation_address, decision_address, status_address
from comments.models import Campaign, Confirmation, Status, Sweep, Template
from config.accounts import mails
from posts import previews
from posts.models import Post, PreviewLink
from tests.config.accounts.door import show_again
from tests.factories import (
    days_ago,
    make_author,
    make_category,
    make_comment,
    make_editor,
    make_media,
    make_moderator,
    make_page,
    make_policy,
    make_post,
    make_rule,
    make_sanction,
    make_tag,
    make_user,
)

pytestmark = pytest.mark.django_db

ROLES = ("anonymous", "reader", "disabled", "editor", "moderator", "administrator")
EVERYONE = frozenset(ROLES)
STAFF = frozenset({"editor", "moderator", "administrator"})
EDITORS = frozenset({"editor", "administrator"})
MODERATORS = frozenset({"moderator", "administrator"})
ADMINISTRATORS = frozenset({"administrator"})
OUTSIDERS = EVERYONE - STAFF
NOBODY: frozenset[str] = frozenset()


TAGS_OF_A_POST = "app_label=posts&model_name=post&field_name=tags&term=t"


class Row(NamedTuple):
    address: str  # an example, filled in from `world`
    get: frozenset[str]
    post: frozenset[str]
    refusal: int = 403  # what staff are answered who may not


def public(address: str) -> Row:
    return Row(address, EVERYONE, NOBODY)


def model(name: str, *, view: frozenset[str], change: frozenset[str]) -> dict[str, Row]:
    """The six addresses of a model in the admin."""
    folder, one = f"admin/{name}/", f"admin/{name}/<path:object_id>/"
    example = f"/admin/{name}/{{{name.split('/')[1]}}}/"
    return {
        folder: Row(f"/admin/{name}/", view, view),
        f"{folder}add/": Row(f"/admin/{name}/add/", change, change),
        f"{one}history/": Row(f"{example}history/", view, view),
        f"{one}delete/": Row(f"{example}delete/", change, change),
        f"{one}change/": Row(f"{example}change/", view, change),
        one: Row(example, STAFF, STAFF),  # leads to change/
    }


def feeds(route: str, address: str) -> dict[str, Row]:
    return {f"{route}feed/{kind}": public(f"{address}feed/{kind}") for kind in ("", "atom/", "json/")}


TABLE = {
    # Staff
    "admin/comments/queue/": Row("/admin/comments/queue/", MODERATORS, MODERATORS),
    "admin/comments/queue/note/": Row("/admin/comments/queue/note/", NOBODY, MODERATORS),
    "admin/comments/queue/reply/": Row("/admin/comments/queue/reply/", NOBODY, MODERATORS),
    "admin/comments/queue/redact/": Row("/admin/comments/queue/redact/", NOBODY, MODERATORS),
    "admin/comments/sanctions/new/": Row("/admin/comments/sanctions/new/", MODERATORS, MODERATORS),
    "admin/comments/sanctions/<uuid:batch>/": Row("/admin/comments/sanctions/{batch}/", MODERATORS, MODERATORS),
    "admin/comments/appeals/": Row("/admin/comments/appeals/", MODERATORS, MODERATORS),
    "admin/comments/appeals/reopen/": Row("/admin/comments/appeals/reopen/", NOBODY, MODERATORS),
    "admin/comments/queue/undo/": Row("/admin/comments/queue/undo/", NOBODY, MODERATORS),
    "admin/comments/queue/live/": Row("/admin/comments/queue/live/?seen=", MODERATORS, NOBODY),
    "admin/comments/queue/claim/": Row("/admin/comments/queue/claim/", NOBODY, MODERATORS),
    "admin/comments/sources/switch-on/": Row("/admin/comments/sources/switch-on/", NOBODY, MODERATORS),
    "admin/comments/figures/": Row("/admin/comments/figures/", MODERATORS, NOBODY),
    "admin/comments/log/": Row("/admin/comments/log/", MODERATORS, NOBODY),
    "admin/comments/profile/": Row("/admin/comments/profile/", MODERATORS, MODERATORS),
    # a link of the moderator's own
    "admin/comments/decide/<str:token>/": Row("{decision}", frozenset({"moderator"}), frozenset({"moderator"})),
    "admin/comments/campaigns/": Row("/admin/comments/campaigns/", MODERATORS, NOBODY),
    "admin/comments/campaigns/<int:pk>/": Row("/admin/comments/campaigns/{campaign}/", MODERATORS, MODERATORS),
    **model("posts/post", view=STAFF, change=EDITORS),
    **{
        route: row
        for name in ("page", "category", "tag", "author", "media")
        for route, row in model(f"posts/{name}", view=EDITORS, change=EDITORS).items()
    },
    **{
        f"admin/posts/{name}/<int:object_id>/editing/": Row(f"/admin/posts/{name}/{{{name}}}/editing/", NOBODY, EDITORS)
        for name in ("post", "page")
    },
    **{
        f"admin/posts/{name}/<int:object_id>/{beside}/": Row(
            f"/admin/posts/{name}/{{{name}}}/{beside}/", EDITORS, EDITORS
        )
        for name in ("post", "page")
        for beside in ("previews", "revisions")
    },
    **model("posts/identity", view=ADMINISTRATORS, change=NOBODY),  # there is one, made by a migration
    "admin/posts/identity/": Row("/admin/posts/identity/", ADMINISTRATORS, ADMINISTRATORS),
    "admin/posts/identity/<path:object_id>/change/": Row(
        "/admin/posts/identity/1/change/", ADMINISTRATORS, ADMINISTRATORS
    ),
    "admin/posts/media/pick/": Row("/admin/posts/media/pick/", EDITORS, NOBODY),
    **model("comments/rule", view=MODERATORS, change=MODERATORS),
    **model("comments/template", view=MODERATORS, change=MODERATORS),
    **model("comments/sanction", view=MODERATORS, change=MODERATORS),
    **model("comments/policyrevision", view=ADMINISTRATORS, change=NOBODY),  # a new one is added, none is changed
    "admin/comments/policyrevision/add/": Row("/admin/comments/policyrevision/add/", ADMINISTRATORS, ADMINISTRATORS),
    **model("auth/user", view=ADMINISTRATORS, change=ADMINISTRATORS),
    **model("auth/group", view=ADMINISTRATORS, change=ADMINISTRATORS),
    "admin/auth/user/<int:pk>/link/": Row("/admin/auth/user/{user}/link/", ADMINISTRATORS, ADMINISTRATORS),
    "admin/auth/user/<int:pk>/reset/": Row("/admin/auth/user/{user}/reset/", ADMINISTRATORS, ADMINISTRATORS),
    "admin/account/": Row("/admin/account/", STAFF, STAFF),
    "admin/account/device/": Row("/admin/account/device/", STAFF, STAFF),
    "admin/account/reauthenticate/": Row("/admin/account/reauthenticate/", STAFF, STAFF),
    "admin/account/recovery_codes/": Row("/admin/account/recovery_codes/", STAFF, STAFF),
    "admin/account/code/": Row("/admin/account/code/", NOBODY, NOBODY, 302),  # for those who owe one
    "admin/account/password/<int:pk>/<str:token>/": Row(
        "{password_link}", EVERYONE, EVERYONE
    ),  # whoever reads the mail
    "admin/password_reset/": Row("/admin/password_reset/", EVERYONE, EVERYONE),
    "admin/password_reset/asked/": Row("/admin/password_reset/asked/", EVERYONE, NOBODY),
    "admin/": Row("/admin/", STAFF, STAFF),
    "admin/login/": Row("/admin/login/", EVERYONE, EVERYONE),
    # leads those who are out to the front page
    "admin/logout/": Row("/admin/logout/", OUTSIDERS, EVERYONE),
    "admin/password_change/": Row("/admin/password_change/", STAFF, STAFF),
    "admin/password_change/done/": Row("/admin/password_change/done/", STAFF, NOBODY),
    "admin/autocomplete/": Row(f"/admin/autocomplete/?{TAGS_OF_A_POST}", EDITORS, NOBODY),
    "admin/jsi18n/": Row("/admin/jsi18n/", STAFF, NOBODY),
    "admin/r/<path:content_type_id>/<path:object_id>/": Row("/admin/r/{post_type}/{post}/", STAFF, STAFF),
    "admin/^(?P<app_label>posts|comments|auth)/$": Row("/admin/auth/", ADMINISTRATORS, ADMINISTRATORS, 404),
    "admin/(?P<url>.*)$": Row("/admin/nothing/", NOBODY, NOBODY, 404),
    # Readers
    "": public("/"),
    "archive/": public("/archive/"),
    "search/": public("/search/?q=text"),
    "robots.txt": public("/robots.txt"),
    "sitemap.xml": public("/sitemap.xml"),
    "media/<str:name>": public("{picture}"),
    "preview/<str:token>/": public("{preview}"),  # whoever has the link
    "category/<uslug:slug>/": public("/category/c/"),
    "tag/<uslug:slug>/": public("/tag/t/"),
    "author/<uslug:slug>/": public("/author/a/"),
    "<yyyy:year>/<mm:month>/": public("{month}"),
    "<yyyy:year>/<mm:month>/<uslug:slug>/": public("{month}p/"),
    "<yyyy:year>/<mm:month>/<uslug:slug>/comments/": Row("{month}p/comments/", EVERYONE, EVERYONE),
    "<yyyy:year>/<mm:month>/<uslug:slug>/comments/<int:pk>/": public("{month}p/comments/{comment}/"),
    "comments/<str:token>/": Row("{own_comment}", EVERYONE, EVERYONE),  # whoever has the signed address
    "comments/<str:token>/forget/": Row("{own_comment}forget/", NOBODY, EVERYONE),
    "comments/<str:token>/appeal/": Row("{own_comment}appeal/", NOBODY, EVERYONE),
    "comments/<str:token>/ask/": Row("{own_comment}ask/", NOBODY, EVERYONE),
    "comments/confirm/<str:token>/": Row("{confirmation}", EVERYONE, EVERYONE),  # whoever reads the mail with the link
    "transparency/": public("/transparency/"),
    "transparency/<str:language>/": public("/transparency/en/"),
    "<uslug:slug>/": public("/about/"),
    **feeds("", "/"),
    **feeds("category/<uslug:slug>/", "/category/c/"),
    **feeds("tag/<uslug:slug>/", "/tag/t/"),
    **feeds("author/<uslug:slug>/", "/author/a/"),
    **feeds("<yyyy:year>/<mm:month>/<uslug:slug>/", "{month}p/"),
    # Monitors
    "healthz": public("/healthz"),
    "readyz": public("/readyz"),
}


def routes(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route


@pytest.fixture
def people() -> dict[str, User | None]:
    return {
        "anonymous": None,
        "reader": make_user(is_staff=False),
        "disabled": make_user("Moderators", is_active=False, is_superuser=True),
        "editor": make_editor(),
        "moderator": make_moderator(),
        "administrator": make_user(is_superuser=True),
    }


@pytest.fixture
def world(people: dict[str, User | None]) -> dict[str, Any]:
    """One of everything, and how the examples name it."""
    post = make_post(
        slug="p", author=make_author(slug="a"), categories=[make_category(slug="c")], tags=[make_tag(slug="t")]
    )
    picture = make_media()
    asked = Confirmation.objects.create(comment=make_comment(post=post))
    waiting = make_comment(post=post, status=Status.PENDING, body="canary")
    Sweep.objects.create(name="worker", last_run=timezone.now())
    user = make_editor()
    sanction = make_sanction(batch=uuid4())
    return {
        "post": post.pk,
        "page": make_page(slug="about").pk,
        "identity": 1,
        "category": post.categories.get().pk,
        "tag": post.tags.get().pk,
        "author": post.author.pk,
        "media": picture.pk,
        "post_type": ContentType.objects.get_for_model(Post).pk,
        "comment": make_comment(post=post).pk,
        "own_comment": status_address(make_comment(post=post)),
        "campaign": Campaign.objects.create(kind=Campaign.Kind.HOST, key="sells.example").pk,
        "decision": decision_address(waiting, "approve", people["moderator"]),
        "confirmation": confirmation_address(asked.comment, "0" * 64),
        "month": f"{days_ago(1):/%Y/%m/}",
        "picture": picture.url,
        "preview": previews.address(PreviewLink.objects.create(post=make_post(state="draft"), by=user)),
        "rule": make_rule().pk,
        "template": Template.objects.earliest("pk").pk,
        "sanction": sanction.pk,
        "batch": sanction.batch,
        "policyrevision": make_policy().pk,
        "user": user.pk,
        "password_link": str(mails.link_for(user)["address"]).removeprefix(settings.SITE_URL),
        "group": user.groups.get().pk,
    }


def as_role(person: User | None) -> Client:
    client = Client()
    if person:
        client.force_login(person)
        show_again(client)  # or the pages of accounts would ask for the password
    return client


def is_let_in(role: str, answer: HttpResponse, row: Row) -> bool:
    """Anything that is neither a success nor the clear refusal that this role should get fails the test."""
    answer.getvalue()  # a file is closed once it was read
    led_to_login = answer.status_code == 302 and answer["Location"].startswith("/admin/login/")
    refused = led_to_login if role in OUTSIDERS else answer.status_code == row.refusal
    bad_form = answer.status_code in {400, 409} and answer.wsgi_request.method == "POST"
    assert refused or answer.status_code < 400 or answer.status_code == 405 or bad_form, answer.wsgi_request.path
    return not refused and answer.status_code != 405


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    assert set(TABLE) == set(routes(get_resolver().url_patterns))


@pytest.mark.parametrize("role", ROLES)
def test_a_role_is_let_in_only_where_the_table_says_so(
    role: str, world: dict[str, Any], people: dict[str, User | None]
) -> None:
    found, wanted, browser = {}, {}, as_role(people[role])
    for route, row in TABLE.items():
        address = row.address.format(**world)
        for method, allowed in [("get", row.get), ("post", row.post)]:
            if people[role] and SESSION_KEY not in browser.session:
                browser = as_role(people[role])  # it had led out
            answer = getattr(browser, method)(address)
            found[method, route] = is_let_in(role, answer, row)
            wanted[method, route] = role in allowed
    assert found == wanted


def test_an_editor_cannot_moderate_and_a_moderator_cannot_edit(people: dict[str, User | None]) -> None:
    editor, moderator = people["editor"], people["moderator"]
    assert editor
    assert moderator
    assert not any(permission.startswith("comments.") for permission in editor.get_all_permissions())
    assert moderator.get_all_permissions() == {"comments.moderate_comment", "posts.view_post"}


def test_looking_at_everything_changes_nothing(world: dict[str, Any], people: dict[str, User | None]) -> None:
    browser = as_role(people["administrator"])
    found = everything()
    for row in TABLE.values():
        browser.get(row.address.format(**world)).getvalue()
    assert everything() == found


def everything() -> dict[str, list[dict[str, Any]]]:
    models = [m for m in apps.get_models() if m._meta.label != "sessions.Session"]
    return {m._meta.label: list(m._default_manager.order_by("pk").values()) for m in models}


@pytest.mark.parametrize("role", sorted(EVERYONE - MODERATORS))
@pytest.mark.parametrize(
    "address",
    [
        "/admin/comments/queue",
        "/admin/comments/queue//",
        "/admin//comments/queue/",
        "/admin/./comments/queue/",
        "/ADMIN/comments/queue/",
        "/admin/comments/Queue/",
        "/admin/comments/queue/;x",
        "/admin/comments/queue/x.css",
        "/admin/comments/queue/%2e%2e/queue/",
        "/admin/comments/queue/?status=pending&_method=GET",
    ],
)
def test_no_spelling_of_an_address_is_a_way_around(
    world: dict[str, Any], people: dict[str, User | None], role: str, address: str
) -> None:
    answer = as_role(people[role]).get(address, follow=True)
    assert answer.status_code in {403, 404} or answer.redirect_chain[-1][0].startswith("/admin/login/")
    assert "canary" not in answer.content.decode()
