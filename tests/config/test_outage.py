import pytest
from django.db import OperationalError, ProgrammingError, connection
from django.test import Client

from comments.models import Comment
from posts.models import Post
from tests.factories import make_post

pytestmark = pytest.mark.django_db

FORM = {"name": 'Min-ji "Mina"', "email": "mina@example.org", "comment": "<b>Not</b> to be lost.", "parent": ""}


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.fixture
def post() -> Post:
    return make_post()


def locked(*_query: object) -> None:
    raise OperationalError("database is locked")


def broken(*_query: object) -> None:
    raise ProgrammingError("no such thing")


def test_a_page_that_needs_the_database_is_asked_for_later(client: Client, post: Post) -> None:
    with connection.execute_wrapper(locked):
        response = client.get(post.get_absolute_url())
    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assert response["Cache-Control"] == "private, no-store"
    assert "locked" not in response.content.decode()


def test_what_was_sent_is_given_back_and_can_be_sent_as_it_was(client: Client, post: Post) -> None:
    address = f"{post.get_absolute_url()}comments/"
    with connection.execute_wrapper(locked):
        page = client.post(address, FORM).content.decode()
    assert f'action="{address}"' in page
    assert "&lt;b&gt;Not&lt;/b&gt; to be lost.</textarea>" in page
    assert 'name="name" value="Min-ji &quot;Mina&quot;"' in page
    assert 'name="email" value="mina@example.org"' in page
    assert client.post(address, FORM).status_code == 303
    assert Comment.objects.get().body == FORM["comment"]


def test_no_form_is_made_of_what_another_site_or_the_newsroom_sent(client: Client, post: Post) -> None:
    address = f"{post.get_absolute_url()}comments/"
    with connection.execute_wrapper(locked):
        foreign = client.post(address, FORM, headers={"sec-fetch-site": "cross-site"})
        newsroom = client.post("/admin/login/", {"username": "mina", "password": "a secret"})
    for response in (foreign, newsroom):
        assert response.status_code == 503
        assert "<form" not in response.content.decode()


def test_another_fault_stays_a_fault(client: Client, post: Post) -> None:
    with connection.execute_wrapper(broken):
        response = client.get(post.get_absolute_url())
    assert response.status_code == 500
    assert "Retry-After" not in response
