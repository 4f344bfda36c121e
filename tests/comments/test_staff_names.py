"""A commenter whom readers could take for the publication is looked at by a person."""

import pytest
from django.test import Client

from comments.models import Comment, Status
from comments.policy import Outcome
from tests.comments.test_sanctions import judged, make_proof
from tests.factories import make_author, make_editor, make_post, make_sanction, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def staff() -> None:
    make_editor(username="haneul", first_name="Haneul", last_name="Park")
    make_author(name="박하늘")
    make_user(username="ex", is_staff=False, first_name="Former", last_name="Colleague")


def marks(client: Client, name: str) -> set[str]:
    client.post(f"{make_post().get_absolute_url()}comments/", {"name": name, "comment": "Write to me instead."})
    comment = Comment.objects.latest("pk")
    return set(comment.signals.filter(name__startswith="danger_").values_list("name", flat=True))


@pytest.mark.parametrize(
    "name",
    ["Haneul Park", "park haneul", "HANEUL", "Нaneul Pаrk", "Ｈａｎｅｕｌ\u200b Ρark", "박 하늘", "Tumen", "Turnen"],
)
def test_a_name_that_looks_like_one_of_the_staff_is_marked(client: Client, name: str) -> None:
    assert marks(client, name) == {"danger_impersonation"}


@pytest.mark.parametrize("name", ["Park", "박하은", "Former Colleague", "Tumen reader", "…"])
def test_another_name_is_not(client: Client, name: str) -> None:
    make_user(username="…")
    assert marks(client, name) == set()


def test_no_trust_publishes_it() -> None:
    proof = make_proof()
    make_sanction(proof=proof, effect="trust")
    comment = judged(proof=proof, clue="danger_impersonation")
    assert (comment.status, comment.outcome, comment.careful) == (Status.PENDING, Outcome.HELD, True)
