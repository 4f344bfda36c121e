"""Comments that belong together: which are grouped, which are not, and how all of a campaign are decided at once."""

from itertools import count
from random import Random

import pytest
import time_machine
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from bench.campaign_mix import measured, mix, run, text
from comments import campaigns, moderation, retention, similar
from comments.desk import add_note
from comments.models import Campaign, Comment, Decision, SketchPart, Status
from comments.scoring import submission_of
from comments.spam.phrases import spread
from posts.models import Post
from tests.comments.test_undo import state
from tests.factories import make_comment, make_decided, make_moderator, make_post

pytestmark = pytest.mark.django_db

TEXT = "Granite worktops, polished in our workshop in {} and delivered on every Monday of the year to all customers."
KOREAN = "저희 공장에서 {} 다듬은 대리석 상판을 매주 월요일마다 전국 어디든지 배송해 드립니다."
PHRASE = "the lighthouse keeper of Vladivostok has already sold eleven secret maps to the admiral"
KOREAN_PHRASE = "블라디보스토크 등대지기가 비밀 지도 열한 장을 이미 제독에게 팔아넘겼다"
QUOTED = "Nobody who crossed there in those years would give a name to the reporters afterwards."
FILLERS = (
    "I stood by the river when it froze.",
    "Perhaps somebody will ask the teacher one day.",
    "My brother kept a radio under the floor.",
    "Bread was what we talked about at night.",
)

QUEUE = "/admin/comments/queue/"

numbers = count(1)


@pytest.fixture
def moderator() -> User:
    return make_moderator()


@pytest.fixture
def browser(client: Client, moderator: User) -> Client:
    client.force_login(moderator)
    return client


def sent(body: str, *, post: Post | None = None, name: str | None = None, **fields: object) -> Comment:
    """A comment as the form sends it, by somebody else each time."""
    name = f"Reader {next(numbers)}" if name is None else name
    comment = Comment(post=post or make_post(), name=name, body=body, **fields)
    return moderation.submit(comment, submission_of(comment))


def around(phrase: str, seed: int) -> str:
    """A text of its own with the phrase in its middle."""
    random = Random(seed)  # noqa: S311 the same texts each time
    before, after = (text(random, "en", 20) for _side in range(2))
    return f"{before} {phrase}. {after}"


def groups(*comments: Comment) -> list[int | None]:
    return [Comment.objects.get(pk=comment.pk).campaign_id for comment in comments]


def together(*comments: Comment) -> bool:
    return len(set(groups(*comments))) == 1 and None not in groups(*comments)


def alone(*comments: Comment) -> bool:
    return set(groups(*comments)) == {None}


def make_campaign(number: int = 3, *, host: str = "sells.example", **fields: object) -> list[Comment]:
    """Waiting comments that were put together."""
    campaign, _created = Campaign.objects.get_or_create(kind=Campaign.Kind.HOST, key=host)
    post = make_post()
    return [make_comment(post=post, status=Status.PENDING, campaign=campaign, **fields) for _number in range(number)]


def address(comment: Comment) -> str:
    return f"/admin/comments/campaigns/{comment.campaign_id}/"


def press(browser: Client, action: str, *comments: Comment) -> HttpResponse:
    """Press a button for the comments as they are in memory: as they were shown."""
    chosen = [f"{comment.pk}:{comment.revision}" for comment in comments]
    return browser.post(address(comments[0]), {"action": action, "comment": chosen})


def told(response: HttpResponse) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


# How right it is


def test_of_a_mix_nearly_all_pairs_that_are_grouped_belong_together() -> None:
    comments = mix(seed=1)
    found = measured(comments, run(comments))
    assert len(comments) >= 500
    assert found.precision >= 0.98
    assert found.recall >= 0.7
    assert found.honest_grouped <= 6  # two times three who lead to one newspaper that nobody has published yet


# Which are grouped


@pytest.mark.parametrize("advert", [TEXT, KOREAN])
def test_nearly_the_same_text_is_a_campaign_of_two(advert: str) -> None:
    first, second = sent(advert.format("Busan")), sent(advert.format("Daegu"))
    assert together(first, second)
    assert Campaign.objects.get().kind == Campaign.Kind.TEXT
    assert together(first, second, sent(advert.format("Incheon")))


@pytest.mark.parametrize(
    "leads", [{"body": "{} https://www.sells.example/{}"}, {"body": "{} {}", "website": "https://a.sells.example"}]
)
def test_the_third_who_leads_to_a_host_makes_a_campaign(leads: dict[str, str]) -> None:
    body, website = leads["body"], leads.get("website", "")
    comments = [sent(body.format(filler, "x"), website=website) for filler in FILLERS[:2]]
    assert alone(*comments)
    comments.append(sent(body.format(FILLERS[2], "x"), website=website))
    assert together(*comments)
    assert Campaign.objects.get().key == "sells.example"


@pytest.mark.parametrize("phrase", [PHRASE, KOREAN_PHRASE])
def test_the_third_with_a_phrase_makes_a_campaign(phrase: str) -> None:
    comments = [sent(around(phrase, n)) for n in range(2)]
    assert alone(*comments)
    assert together(*comments, sent(around(phrase, 2)))
    assert Campaign.objects.get().key in phrase.casefold()


def test_two_campaigns_that_turn_out_to_be_one_grow_together() -> None:
    first, second = sent(TEXT.format("Busan")), sent(TEXT.format("Daegu"))
    other = Campaign.objects.create(kind=Campaign.Kind.TEXT)
    Comment.objects.filter(pk=second.pk).update(campaign=other)
    assert together(first, second, sent(TEXT.format("Incheon")))


def test_later_ones_join_what_was_decided_and_wait(browser: Client, moderator: User) -> None:
    earlier = [sent(TEXT.format(place)) for place in ("Busan", "Daegu", "Ulsan")]
    moderation.each(Comment.objects.filter(status=Status.PENDING), Status.SPAM, by=moderator)

    later = sent(TEXT.format("Incheon"))

    assert together(*earlier, later)
    assert Comment.objects.get(pk=later.pk).status == Status.PENDING
    assert "3 others of this campaign were marked as spam." in browser.get(QUEUE).content.decode()


# Which are not


@pytest.mark.parametrize(
    "said",
    [
        "Thank you!",
        "감사합니다",
        "Thank you so much for sharing this article with all of us.",
        "좋은 글 감사합니다. 많이 배우고 갑니다. 좋은 글 잘 읽었습니다. 정보 공유 감사합니다.",
        "ha ha ha ha ha ha ha ha ha ha ha ha",
        "https://www.youtube.com/watch?v=1",
    ],
)
def test_what_many_say_is_no_campaign(said: str) -> None:
    assert alone(*[sent(said) for _number in range(4)])


def test_quoting_the_article_is_no_campaign() -> None:
    post = make_post(body=f'<p>It was so. {QUOTED} <a href="https://source.example/">See</a>.</p>')
    bodies = [f"{QUOTED} {filler} https://source.example/" for filler in FILLERS]
    assert alone(*[sent(body, post=post) for body in bodies], *[sent(QUOTED, post=post) for _number in range(3)])
    assert together(*[sent(f"{QUOTED} {filler} {QUOTED[::-1]}") for filler in FILLERS])  # elsewhere it is one


@pytest.mark.parametrize("mark", ["", "> "])
def test_quoting_who_is_answered_is_no_campaign(mark: str) -> None:
    parent = make_comment(body=f"{PHRASE} https://parent.example/")
    bodies = [f"{mark}{PHRASE}\n\n{filler} https://parent.example/" for filler in FILLERS]
    assert alone(*[sent(body, post=parent.post, parent=parent) for body in bodies])


def test_lines_that_quote_are_no_clue() -> None:
    bodies = [f"> {PHRASE}\n\n{around('', n)}" for n in range(4)]
    assert alone(*[sent(body) for body in bodies])


def test_one_person_with_their_own_site_and_ending_is_no_campaign() -> None:
    comments = [sent(around(PHRASE, n), name=" Mira", website="https://mira.example") for n in range(4)]
    assert alone(*comments)
    assert not alone(sent(around(PHRASE, 4)))


def test_a_host_that_was_ever_published_is_no_campaign(moderator: User) -> None:
    make_decided(Status.APPROVED, by=moderator, body="See https://paper.example/1")
    assert alone(*[sent(f"{filler} https://paper.example/2") for filler in FILLERS])


def test_the_own_site_is_no_campaign(settings: Settings) -> None:
    settings.SITE_HOST = "blog.example"
    assert alone(*[sent(f"{filler} https://blog.example/2026/") for filler in FILLERS])


def test_a_phrase_that_was_published_is_no_campaign(moderator: User) -> None:
    first, *rest = [sent(around(PHRASE, n)) for n in range(2)]
    moderation.approve(first, by=moderator)
    assert alone(first, *rest, sent(around(PHRASE, 3)), sent(around(PHRASE, 4)))


def test_after_a_week_nothing_is_compared() -> None:
    with time_machine.travel(timezone.now() - similar.KEPT * 1.01):
        sent(TEXT.format("Busan"))
    retention.purge()
    assert alone(sent(TEXT.format("Daegu")))


# What it costs


def test_looking_costs_the_same_however_many_there_are() -> None:
    def queries() -> int:
        comment = Comment.objects.create(post=post, name=f"R{next(numbers)}", body=f"{TEXT} {link}", html="")
        similar.remember(comment)
        with CaptureQueriesContext(connection) as captured:
            campaigns.join(comment)
        return sum("SAVEPOINT" not in query["sql"] for query in captured)

    post, link = make_post(), "https://sells.example"
    first = queries()
    costs = [queries() for _number in range(campaigns.ENOUGH + 4)]
    assert first == 3  # what shares a clue, a like text; and keeping the clues
    assert max(costs) <= 7
    assert costs[-1] == costs[-2] <= costs[2]


def test_a_flood_of_one_text_keeps_no_more_than_enough_of_its_clues() -> None:
    post = make_post()
    for _number in range(campaigns.ENOUGH + 5):
        comment = sent(f"{TEXT} {PHRASE} https://sells.example", post=post)
    kept = SketchPart.objects.filter(value__gte=1 << 60)
    assert kept.filter(comment=Comment.objects.earliest("pk")).count() <= campaigns.KEPT
    assert not kept.filter(comment=comment).exists()
    assert Comment.objects.exclude(campaign=comment.campaign).count() == 0


def test_a_text_of_links_and_words_keeps_a_bounded_number() -> None:
    sent(" ".join(f"https://host{n}.example word{n} other{n} third{n}" for n in range(80)) + FILLERS[0] * 20)
    assert SketchPart.objects.count() <= 24


@pytest.mark.parametrize("length", [0, 1, 30, 300, 2500])
def test_what_is_kept_of_a_text_is_bounded_and_found_in_another(length: int) -> None:
    numbers = Random(length).sample(range(10**6), length)  # noqa: S311 the same numbers each time
    chosen = spread(numbers, 18)
    assert len(chosen) <= 18
    other = [10**6 + place for place in range(length)] + numbers
    assert not length or set(chosen).intersection(spread(other, 18))


# Withdrawn and purged


def test_a_withdrawn_comment_leaves_and_an_empty_campaign_goes() -> None:
    first, second = sent(TEXT.format("Busan")), sent(TEXT.format("Daegu"))
    moderation.withdraw(first)
    retention.purge()
    assert alone(first)
    assert groups(second) == [Campaign.objects.get().pk]
    moderation.withdraw(second)
    retention.purge()
    assert not Campaign.objects.exists()


def test_a_phrase_goes_with_the_last_text_that_is_held() -> None:
    first, second = make_campaign(2)
    Comment.objects.filter(pk=first.pk).update(purged_at=timezone.now())
    campaigns.purge()
    assert Campaign.objects.exists()
    Comment.objects.filter(pk=second.pk).update(purged_at=timezone.now())
    campaigns.purge()
    assert not Campaign.objects.exists()


# In the queue and on its pages


def shown(browser: Client, query: str = "") -> list[tuple[Comment, int]]:
    """The comments that have a card, each with the number of those that share it."""
    neighbours = browser.get(f"{QUEUE}{query}").context["neighbours"]
    return [(neighbour.comment, neighbour.others) for neighbour in neighbours]


def test_all_of_a_campaign_that_wait_share_one_card(browser: Client) -> None:
    first, second, third = make_campaign(3)
    single = make_comment(status=Status.PENDING)
    make_comment(status=Status.REJECTED, campaign_id=first.campaign_id)
    assert shown(browser) == [(first, 2), (single, 0)]
    page = browser.get(QUEUE).content.decode()
    assert "2 others are decided with it" in page
    assert "1 other of this campaign was rejected." in page
    assert "Decide together" not in page
    for other in (second, third):
        assert page.count(f'value="{other.pk}:0" form="decide-{first.pk}"') == 1


def test_what_needs_a_look_of_its_own_keeps_its_card(browser: Client, moderator: User) -> None:
    first, careful, noted, last = make_campaign(4)
    Comment.objects.filter(pk=careful.pk).update(careful=True)
    add_note(noted, "She has telephoned.", by=moderator)
    assert shown(browser) == [(first, 1), (careful, 0), (noted, 0)]
    assert last.body in browser.get(QUEUE).content.decode()


def test_those_on_other_pages_are_counted(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comments.listing.PAGE_SIZE", 2)
    first, _second, third = make_campaign(3)
    page = browser.get(QUEUE)
    assert "Decide together with 1 other that waits" in page.content.decode()
    assert shown(browser) == [(first, 1)]
    assert shown(browser, f"?after={page.context['listing'].after}") == [(third, 0)]


def test_each_can_be_looked_at_on_a_card_of_its_own(browser: Client) -> None:
    comments = make_campaign(3)
    query = f"?campaign={comments[0].campaign_id}"
    assert f'href="{query}"' in browser.get(QUEUE).content.decode()
    assert shown(browser, query) == [(comment, 0) for comment in comments]


def test_what_was_decided_is_not_decided_together_again(browser: Client) -> None:
    comments = make_campaign(2)
    Comment.objects.update(status=Status.SPAM)
    assert {comment for comment, others in shown(browser, "?status=spam") if not others} == set(comments)


def test_cards_that_are_fetched_come_in_the_order_that_was_asked_for(browser: Client) -> None:
    first, second, third = make_campaign(3)
    assert shown(browser, f"?only={second.pk},{first.pk},{third.pk}") == [(second, 2)]


def test_a_shared_card_costs_no_query_more(browser: Client) -> None:
    costs = []
    for number in (1, 2, 5):
        make_campaign(number)
        with CaptureQueriesContext(connection) as captured:
            browser.get(QUEUE)
        costs.append(len(captured))
    assert costs[1] == costs[2]


def test_a_campaign_of_one_is_none(browser: Client) -> None:
    make_campaign(1)
    assert "Campaign:" not in browser.get(QUEUE).content.decode()


def test_the_campaigns_of_a_page_are_counted_at_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    comments = [*make_campaign(3), *make_campaign(2, host="other.example")]
    with django_assert_num_queries(1):
        found = campaigns.sizes(comments)
    assert [size.waiting for size in found.values()] == [3, 2]
    with django_assert_num_queries(0):
        assert campaigns.sizes([Comment(body="Of none.")]) == {}


def test_the_page_lists_the_newest_that_wait_and_says_how_many_more(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comments.campaign_views.SHOWN", 2)
    first, second, third = make_campaign(3)
    page = browser.get(address(first))
    assert [member for member, _ticked in page.context["members"]] == [third, second]
    assert f'value="{third.pk}:0" id="tick-{third.pk}" checked' in page.content.decode()
    assert "Here are the newest 2." in page.content.decode()


def test_what_needs_a_look_of_its_own_is_marked_and_not_ticked_on_the_page(browser: Client) -> None:
    usual, careful, noted = make_campaign(3)
    Comment.objects.filter(pk=careful.pk).update(careful=True)
    add_note(noted, "Ask Jun first.", by=make_moderator())
    page = browser.get(address(usual)).content.decode()
    assert [f'id="tick-{each.pk}" checked' in page for each in (usual, careful, noted)] == [True, False, False]
    assert page.count("Needs a careful eye") == 1
    assert "Ask Jun first." in page


def test_the_page_costs_the_same_for_many(browser: Client) -> None:
    browser.get("/admin/comments/campaigns/")  # the first page of a process asks for the name of the site
    costs = []
    for number in (1, 6):
        comments = make_campaign(number)
        with CaptureQueriesContext(connection) as captured:
            browser.get(address(comments[0]))
        costs.append(len(captured))
    assert costs[0] == costs[1] <= 11


def test_the_largest_campaign_comes_first(browser: Client) -> None:
    make_campaign(2, host="small.example")
    make_campaign(3, host="large.example", body="<b>Buy</b>")
    page = browser.get("/admin/comments/campaigns/")
    assert [(row.campaign.key, row.number) for row in page.context["campaigns"]] == [
        ("large.example", 3),
        ("small.example", 2),
    ]
    assert "&lt;b&gt;Buy" in page.content.decode()


@pytest.mark.parametrize(
    ("action", "after"), [("approve", Status.APPROVED), ("reject", Status.REJECTED), ("spam", Status.SPAM)]
)
def test_the_ticked_ones_are_decided_together(browser: Client, action: str, after: Status) -> None:
    first, second, left = make_campaign(3)
    answer = press(browser, action, first, second)
    assert told(answer) == []
    assert list(Comment.objects.order_by("pk").values_list("status", flat=True)) == [after, after, Status.PENDING]
    assert len({decision.batch for decision in Decision.objects.all()}) == 1
    assert left.campaign_id == first.campaign_id


def test_what_was_decided_meanwhile_is_named_and_left(browser: Client) -> None:
    first, second = make_campaign(2)
    moderation.approve(Comment.objects.get(pk=first.pk), by=make_moderator(username="haneul"))
    answer = press(browser, "spam", first, second)
    assert any(first.name in message and "haneul" in message for message in told(answer))
    assert set(Comment.objects.values_list("status", flat=True)) == {Status.APPROVED, Status.SPAM}


def test_one_press_undoes_the_whole_campaign(browser: Client, moderator: User) -> None:
    make_decided(Status.APPROVED, by=moderator)
    comments = make_campaign(5, body="Cheap granite: https://stone.example/a")
    as_it_was = state()
    page = browser.get(press(browser, "spam", *comments)["Location"])
    assert state() != as_it_was
    assert page.context["last"].sentence == "Marked as spam: 5 comments."

    browser.post("/admin/comments/queue/undo/", {"batch": page.context["last"].key})

    assert state() == as_it_was
    assert browser.get(address(comments[0])).context["last"] is None


def test_what_a_moderator_covered_is_not_shown(browser: Client, moderator: User) -> None:
    [comment] = make_campaign(1, body="Call 010-1234-5678 now.")
    moderation.redact(comment, [(5, 18)], by=moderator)
    for page in (address(comment), "/admin/comments/campaigns/"):
        assert "Call [removed] now." in browser.get(page).content.decode()


@pytest.mark.parametrize(
    ("kind", "key", "body", "covered"),
    [
        ("phrase", "the secret maps of the lighthouse", "Buy the secret maps, of the lighthouse.", "secret maps"),
        ("host", "stone.example", "See https://www.stone.example/a today.", "https://www.stone.example/a"),
    ],
)
def test_what_makes_a_campaign_is_not_told_once_it_is_covered(
    browser: Client, moderator: User, kind: str, key: str, body: str, covered: str
) -> None:
    campaign = Campaign.objects.create(kind=kind, key=key)
    make_comment(status=Status.PENDING, campaign=campaign)
    comment = make_comment(status=Status.PENDING, body=body, campaign=campaign)
    moderation.redact(comment, [(0, 3)], by=moderator)
    assert key in browser.get("/admin/comments/campaigns/").text
    moderation.redact(comment, [(body.index(covered), body.index(covered) + len(covered))], by=moderator)
    for page in (QUEUE, address(comment), "/admin/comments/campaigns/"):
        assert key not in browser.get(page).text


@pytest.mark.parametrize(
    "sent_data",
    [{"action": "restore"}, {"action": "spam", "comment": "x"}, {}],
)
def test_a_form_that_was_never_given_is_refused(browser: Client, sent_data: dict[str, str]) -> None:
    [comment] = make_campaign(1)
    assert browser.post(address(comment), sent_data).status_code == 400
    assert Comment.objects.get().status == Status.PENDING


def test_nothing_ticked_is_said(browser: Client) -> None:
    [comment] = make_campaign(1)
    assert told(browser.post(address(comment), {"action": "spam"})) == ["Please tick at least one comment."]
