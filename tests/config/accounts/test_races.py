"""Real processes at the door, all at the same moment."""

import pytest
from django.contrib.auth.models import User
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken

from config.accounts.attempts import MAX_OF_ACCOUNT
from config.accounts.second_factor import fingerprint, normal
from tests.comments.contenders import (
    RECOVERY_CODE,
    guesses,
    less_of_each_other,
    race,
    same_code,
    same_code_again,
    same_link,
    same_recovery_code,
)
from tests.config.accounts.door import code_of, make_device, make_member

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def test_of_many_guesses_at_once_only_few_are_tried() -> None:
    assert race(guesses, processes=4, attempts=40) == {"200": MAX_OF_ACCOUNT, "429": 40 - MAX_OF_ACCOUNT}


def test_of_many_who_type_the_same_code_at_once_one_is_let_in() -> None:
    user = make_member()
    code = int(code_of(make_device(user)))
    assert race(same_code, processes=4, attempts=16, user=user.pk, code=code)["True"] == 1


def test_of_many_who_type_the_same_recovery_code_at_once_one_is_let_in() -> None:
    user = make_member()
    device = StaticDevice.objects.create(user=user)
    StaticToken.objects.create(device=device, token=fingerprint(user, normal(RECOVERY_CODE)))
    assert race(same_recovery_code, processes=4, attempts=16, user=user.pk)["True"] == 1


def test_of_many_who_show_with_the_same_code_that_they_are_the_owner_one_is_believed() -> None:
    user = make_member()
    code = int(code_of(make_device(user)))
    found = race(same_code_again, processes=4, attempts=8, user=user.pk, code=code)
    assert found == {"302": 1, "400": 7}


@pytest.mark.parametrize("delete", [0, 1])
def test_of_two_administrators_who_turn_each_other_out_one_stays(delete: int) -> None:
    first, second = make_member(), make_member()
    found = race(less_of_each_other, processes=2, attempts=2, first=first.pk, second=second.pk, delete=delete)
    assert found["302"] >= 1
    assert User.objects.filter(is_superuser=True, is_active=True).count() == 1


def test_of_many_who_use_the_same_link_at_once_one_sets_the_password() -> None:
    user = make_member()
    assert race(same_link, processes=4, attempts=8, user=user.pk) == {"302": 1, "410": 7}
