"""What an account may do, asked for at once."""

import pytest
from django.contrib.auth.models import Permission, User
from pytest_django import DjangoAssertNumQueries

from tests.factories import make_moderator

pytestmark = pytest.mark.django_db


def again(user: User) -> User:
    """As in the next request."""
    return User.objects.get(pk=user.pk)


def test_what_was_given_to_the_account_and_to_its_role_counts(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    user, other = make_moderator(), make_moderator()
    user.user_permissions.add(Permission.objects.get(codename="add_post"))
    with django_assert_num_queries(1):
        assert user.has_perms(["posts.add_post", "comments.moderate_comment"])
        assert user.has_module_perms("posts")
        assert not user.has_perm("posts.change_post")
    assert not other.has_perm("posts.add_post")


def test_who_is_disabled_may_do_nothing_and_who_is_administrator_everything() -> None:
    user = make_moderator(is_active=False)
    assert user.get_all_permissions() == set()
    user.is_active = user.is_superuser = True
    user.save()
    assert len(again(user).get_all_permissions()) == Permission.objects.count()
    user.is_active = False
    user.save()
    assert not again(user).has_perm("comments.moderate_comment")
