"""What the site says of itself is edited in the newsroom, and shows everywhere at once."""

import json
import re
from importlib import import_module
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.test import Client

from posts import identity, publishing
from posts.models import Identity, Language, Media, NavigationEntry, State, Wording
from tests.factories import make_category, make_comment, make_media, make_page, make_post, make_user

pytestmark = pytest.mark.django_db

FORM = "/admin/posts/identity/1/change/"


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(make_user(is_superuser=True))
    return client


def say(language: str = "en", **fields: Any) -> None:
    """Change what the site says in the language, as the newsroom does."""
    Wording.objects.update_or_create(language=language, defaults={"identity_id": 1, **fields})
    publishing.touch()


def wear(logo: Media, **fields: Any) -> None:
    Identity.objects.filter(pk=1).update(logo=logo, **fields)
    publishing.touch()


def lead_to(*, language: str = "en", **fields: Any) -> NavigationEntry:
    entry = NavigationEntry(identity_id=1, language=language, position=NavigationEntry.objects.count(), **fields)
    entry.full_clean()
    entry.save()
    publishing.touch()
    return entry


def markup(client: Client, address: str = "/") -> str:
    return client.get(address).content.decode()


def navigation(client: Client, address: str = "/") -> list[tuple[str, str]]:
    """Language and label of each link in the main navigation."""
    nav = re.search(r'<nav aria-label="(?:Main|주 메뉴|[^"]*)">(.*?)</nav>', markup(client, address), re.DOTALL)
    assert nav
    return re.findall(r'<a href="[^"]*" lang="(\w\w)"[^>]*>([^<]+)</a>', nav[1])


def form_data(page: str) -> dict[str, str]:
    """What a browser would send of the form as it is shown."""
    data = dict(re.findall(r'<input type="(?:hidden|text|email|number)" name="([^"]+)" value="([^"]*)"', page))
    data |= dict(re.findall(r'<textarea name="([^"]+)"[^>]*>\s*([^<]*)</textarea>', page))
    for name, options in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        data[name] = chosen[1] if chosen else ""
    return data


def test_there_is_one_identity() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Identity.objects.create(pk=2)
    assert Identity.objects.get().pk == 1


@pytest.mark.parametrize("named", [True, False])
def test_a_site_that_was_named_in_its_environment_keeps_its_name(
    client: Client, monkeypatch: pytest.MonkeyPatch, *, named: bool
) -> None:
    Identity.objects.all().delete()
    if named:
        monkeypatch.setenv("SITE_NAME", "Border Notes")
        monkeypatch.setenv("SITE_TAGLINE", "From the river")
    import_module("posts.migrations.0009_first_identity").seed(apps, None)
    publishing.touch()
    site, korean = identity.current(), identity.current("ko")
    wanted = ("Border Notes", "From the river") if named else ("Tumen", "Reporting on human rights in North Korea")
    assert (site.name, site.tagline) == (korean.name, korean.tagline) == wanted
    assert (korean.wording_language, korean.languages) == ("en", ("en", "ko"))


def test_a_seed_does_not_change_what_was_edited() -> None:
    say(name="Edited", tagline="Here")
    import_module("posts.migrations.0009_first_identity").seed(apps, None)
    assert identity.current().name == "Edited"


def test_an_edit_in_the_newsroom_shows_at_once_everywhere(administrator: Client) -> None:
    post = make_post()
    addresses = ["/", post.get_absolute_url(), "/feed/", "/feed/atom/", "/feed/json/"]
    before = {address: administrator.get(address)["ETag"] for address in addresses}
    data = form_data(markup(administrator, FORM)) | {
        "wordings-0-name": "Border Notes",
        "wordings-0-tagline": "New words",
    }
    assert administrator.post(FORM, data).status_code == 302
    for address in addresses:
        answer = administrator.get(address)
        assert "Border Notes" in answer.content.decode()
        assert answer["ETag"] != before[address]
    assert "Border Notes newsroom" in markup(administrator, "/admin/")


def test_of_two_administrators_the_second_is_shown_what_the_first_has_changed(administrator: Client) -> None:
    lead_to(address="/archive/", label="All posts")
    first = form_data(markup(administrator, FORM))
    second = first | {"wordings-0-name": "Border Notes", "entries-0-label": "Archive", "email": "a@example.org"}
    assert administrator.post(FORM, first | {"wordings-0-name": "River Notes"}).status_code == 302
    answer = administrator.post(FORM, second)
    assert answer.status_code == 409
    assert [found.label for found in answer.context["differences"]] == [
        "site identity: E-mail address",
        "English: Name of the site",
        "All posts: Label",
    ]
    assert identity.current().name == "River Notes"
    seen_both = form_data(answer.content.decode())
    assert seen_both["wordings-0-name"] == "Border Notes"
    assert administrator.post(FORM, seen_both).status_code == 302
    assert identity.current().name == "Border Notes"


def test_an_entry_that_somebody_else_has_deleted_does_not_stop_the_form(administrator: Client) -> None:
    lead_to(address="/archive/", label="All posts"), lead_to(address="/search/", label="Search")
    data = form_data(markup(administrator, FORM)) | {"wordings-0-name": "Border Notes"}
    NavigationEntry.objects.get(label="All posts").delete()
    answer = administrator.post(FORM, data)
    assert answer.status_code == 409
    assert administrator.post(FORM, form_data(answer.content.decode())).status_code == 302
    assert identity.current().name == "Border Notes"
    assert sorted(NavigationEntry.objects.values_list("label", "address")) == [
        ("All posts", "/archive/"),
        ("Search", "/search/"),
    ]


def test_the_site_needs_a_name_in_its_main_language(administrator: Client) -> None:
    data = form_data(markup(administrator, FORM))
    both_empty = data | {"wordings-0-name": "", "wordings-0-tagline": ""}
    answer = administrator.post(FORM, both_empty)
    assert "needs a name and a tagline in English" in answer.content.decode()
    removed = administrator.post(FORM, data | {"wordings-0-DELETE": "on"})
    assert "needs a name and a tagline in English" in removed.content.decode()
    assert identity.current().name == "Tumen"


def test_a_name_without_a_tagline_is_refused() -> None:
    with pytest.raises(ValidationError, match="both a name and a tagline"):
        Wording(identity_id=1, language="ko", name="두만강").full_clean()


def test_a_page_says_it_in_its_own_language(client: Client) -> None:
    say("ko", name="두만강", tagline="북한 인권을 기록합니다", footer="서울에서 펴냅니다.", contact="우편함 1")
    say("en", footer="Published in Seoul.")
    korean, english = (markup(client, make_post(language=language).get_absolute_url()) for language in ("ko", "en"))
    assert 'lang="ko"><a href="/">' in korean
    assert '<p class="tagline" lang="ko">북한 인권을 기록합니다</p>' in korean
    assert "서울에서 펴냅니다." in korean
    assert "Published in Seoul." in english
    assert "두만강" not in english
    assert "우편함 1" not in english


def test_what_a_language_does_not_say_is_said_in_the_main_one(client: Client) -> None:
    say("en", footer="Published in Seoul.")
    korean = markup(client, make_post(language="ko").get_absolute_url())
    assert '<div lang="en"><p>Published in Seoul.</p></div>' in korean
    assert '<p class="site-name" lang="en">' in korean


def test_the_foot_of_a_page_has_the_contact_and_shows_no_markup_of_it(client: Client) -> None:
    Identity.objects.update(email="desk@example.org")
    say(contact="<b>Signal</b> https://example.org/signal", footer="<script>x</script>")
    html = markup(client)
    assert '<a href="mailto:desk@example.org">desk@example.org</a>' in html
    assert "&lt;b&gt;Signal&lt;/b&gt;" in html
    assert 'href="https://example.org/signal"' in html
    assert "<script>x" not in html


def test_without_entries_the_navigation_is_made_from_what_there_is(client: Client) -> None:
    make_category(name="Camps"), make_page(title="About"), make_page(title="Hidden", in_navigation=False)
    make_page(title="Draft", state=State.DRAFT)
    publishing.touch()
    assert navigation(client) == [("en", "Camps"), ("en", "Archive"), ("en", "About")]


def test_entries_are_the_navigation_in_their_order(client: Client) -> None:
    make_category(name="Others")
    lead_to(page=make_page(title="소개", language="ko"))
    lead_to(category=make_category(name="Camps"))
    lead_to(address="https://example.org/", label="Partner")
    lead_to(page=make_page(title="Draft", state=State.DRAFT))
    assert navigation(client) == [("ko", "소개"), ("en", "Camps"), ("en", "Partner")]


def test_each_language_has_its_own_navigation_or_that_of_the_main_one(client: Client) -> None:
    korean = make_post(language="ko").get_absolute_url()
    lead_to(address="/archive/", label="All posts")
    assert navigation(client, korean) == [("en", "All posts")]
    lead_to(address="/archive/", label="모든 글", language="ko")
    assert navigation(client, korean) == [("ko", "모든 글")]
    assert navigation(client) == [("en", "All posts")]


@pytest.mark.parametrize(
    "target",
    [{}, {"address": "/archive/"}, {"address": "javascript:x", "label": "x"}, {"address": "//x.test", "label": "x"}],
)
def test_an_entry_that_leads_nowhere_is_refused(target: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        lead_to(**target)


@pytest.mark.parametrize(
    "address", ["archive", "example.org", "javascript:x", "//x.test", "/\\x.test", "mailto:a@b.test", "#top"]
)
def test_an_address_that_begins_with_something_else_is_told_how_one_begins(address: str) -> None:
    with pytest.raises(ValidationError, match="An address begins with / on this site"):
        lead_to(address=address, label="x")


@pytest.mark.parametrize("address", ["/archive", "/archive/", "/?p=1", "http://example.org", "https://example.org/a"])
def test_an_address_here_or_elsewhere_is_taken(address: str) -> None:
    lead_to(address=address, label="x")


def test_an_entry_has_one_target() -> None:
    with pytest.raises(ValidationError, match="Choose one"):
        lead_to(page=make_page(), category=make_category())
    with pytest.raises(IntegrityError), transaction.atomic():
        NavigationEntry.objects.create(identity_id=1, page=make_page(), category=make_category())


def test_the_logo_stands_in_pages_feeds_and_what_others_read(client: Client) -> None:
    logo = make_media(alt="A river in a circle")
    wear(logo)
    address = make_post().get_absolute_url()
    whole, html = settings.SITE_URL + logo.url, markup(client, address)
    image = re.search(r'<img class="logo" src="([^"]+)" alt="" width="(\d+)" height="44">', html)
    assert image
    assert image[1] == logo.thumbnail
    assert int(image[2]) == round(44 * logo.width / logo.height)
    assert f'<meta property="og:image" content="{whole}">' in html
    assert '<meta property="og:image:alt" content="A river in a circle">' in html
    publisher = json.loads(re.search(r'ld\+json">(.*?)</script>', html)[1])["@graph"][0]["publisher"]
    assert publisher["logo"]["url"] == whole
    assert fromstring(client.get("/feed/").content).findtext(".//channel/image/url") == whole
    assert fromstring(client.get("/feed/atom/").content).findtext("{http://www.w3.org/2005/Atom}logo") == whole
    assert json.loads(client.get("/feed/json/").content)["icon"] == whole


def test_a_post_with_a_cover_is_shared_with_its_cover(client: Client) -> None:
    cover = make_media()
    wear(make_media())
    html = markup(client, make_post(cover=cover).get_absolute_url())
    assert re.findall(r'og:image" content="([^"]+)"', html) == [settings.SITE_URL + cover.url]


def test_a_logo_that_shows_the_name_is_read_as_the_name(client: Client) -> None:
    wear(make_media(), name_in_logo=True)
    html = markup(client)
    assert 'alt="Tumen"' in html
    assert "<span>Tumen</span>" not in html


def test_the_logo_cannot_be_deleted(administrator: Client) -> None:
    logo = make_media()
    wear(logo)
    with pytest.raises(ProtectedError):
        publishing.delete_media(logo)
    page = markup(administrator, f"/admin/posts/media/{logo.pk}/delete/")
    assert "/admin/posts/identity/1/change/" in page
    publishing.save_media(logo)  # renews the texts that show it, of which the site is none


def test_a_comment_form_leads_to_the_policy_in_its_language(client: Client) -> None:
    post = make_post(language="ko")
    assert "어떤 댓글을 싣나요" not in markup(client, post.get_absolute_url())
    say("en", comment_policy=make_page(title="Rules", slug="rules"))
    assert '<a href="/rules/" hreflang="en">어떤 댓글을 싣나요</a>' in markup(client, post.get_absolute_url())
    say("ko", comment_policy=make_page(title="원칙", slug="principles", language="ko"))
    assert '<a href="/principles/">어떤 댓글을 싣나요</a>' in markup(client, post.get_absolute_url())
    reply = f"{post.get_absolute_url()}comments/{make_comment(post=post).pk}/"
    assert "/principles/" in markup(client, reply)


def test_a_policy_that_is_a_draft_is_led_to_by_nothing(client: Client) -> None:
    say(comment_policy=make_page(slug="rules", state=State.DRAFT))
    assert "/rules/" not in markup(client, make_post().get_absolute_url())


def test_posts_are_written_in_the_languages_that_the_site_publishes(administrator: Client) -> None:
    Wording.objects.filter(language="ko").delete()
    publishing.touch()
    korean = make_post(language="ko")
    assert '<option value="ko"' not in markup(administrator, "/admin/posts/post/add/")
    assert '<option value="ko" selected' in markup(administrator, f"/admin/posts/post/{korean.pk}/change/")


def test_what_was_read_is_kept_until_something_is_edited(django_assert_num_queries: Any) -> None:
    publishing.touch()
    first = identity.current()
    with django_assert_num_queries(1):
        assert identity.current() is first
    say(name="Border Notes", tagline="New words")
    assert identity.current().name == "Border Notes"


def test_a_database_without_its_rows_still_has_a_name() -> None:
    Identity.objects.all().delete()
    site = identity.current()
    assert (site.name, site.languages) == (settings.SITE_HOST, tuple(Language.values))


def test_an_administrator_comes_straight_to_the_one_form(administrator: Client) -> None:
    Identity.objects.all().delete()
    answer = administrator.get("/admin/posts/identity/")
    assert answer["Location"] == FORM
    assert administrator.get(FORM).status_code == 200
