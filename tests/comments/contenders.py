"""What the processes of test_concurrency do, all at the same moment. Runs outside pytest."""

import multiprocessing
from collections import Counter
from collections.abc import Callable, Iterable
from copy import copy
from functools import partial
from typing import Any

import django
from django.apps import apps

if not apps.ready:  # once, in the server that the processes are forked from
    django.setup()

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice

from comments import appeals, moderation, moderator_mail, outbox
from comments.limits import Source, count
from comments.models import Comment
from comments.proof import BrowserToken
from comments.scoring import submission_of
from config.accounts import mails, second_factor
from posts.models import Post
from tests.config.accounts.door import PASSWORD, show_again

Attempt = Callable[[], object]
RECOVERY_CODE = "abcd efgh ijkl mnop"
SOURCE = Source("a1b2c3d4", shared=False)


def opposite_decisions(number: int, times: int) -> Iterable[Attempt]:
    """On one comment after the other, each as it was before the others began."""
    user, comments = User.objects.get(), list(Comment.objects.select_related("post").order_by("pk"))
    for time in range(times):
        decide = (moderation.approve, moderation.reject)[(number + time) % 2]
        seen = copy(comments[time * len(comments) // times])
        yield partial(decide, seen, by=user)


def opposite_answers(number: int, times: int, *, comment: int) -> Iterable[Attempt]:
    """Each to the appeal as it was before the others began."""
    user, revision = User.objects.get(username="second"), Comment.objects.get(pk=comment).revision
    for time in range(times):
        if (number + time) % 2:
            yield partial(appeals.publish, comment, revision, by=user)
        else:
            yield partial(appeals.refuse, comment, revision, by=user, answer="No.")


def same_form(number: int, times: int, *, post: int) -> Iterable[Attempt]:
    for _time in range(times):
        comment = Comment(post=Post.objects.get(pk=post), name="A", body="Hello.")
        submission = submission_of(comment)
        yield partial(moderation.submit, comment, submission, source=SOURCE, receipt="r", email="a@example.org")


def same_form_ticked(number: int, times: int, *, post: int) -> Iterable[Attempt]:
    """Each with a token of its own."""
    for time in range(times):
        comment = Comment(post=Post.objects.get(pk=post), name="A", body="Hello.")
        token = BrowserToken(f"{number}:{time}", is_new=True)
        submission = submission_of(comment)
        yield partial(moderation.submit, comment, submission, receipt="r", token=token)


def one_source(number: int, times: int) -> Iterable[Attempt]:
    return [partial(count, SOURCE)] * times


def sent(number: int, times: int, *, port: int) -> Iterable[Attempt]:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    return [outbox.send_due] * times


def notified(number: int, times: int) -> Iterable[Attempt]:
    return [moderator_mail.tell] * times


def guesses(number: int, times: int) -> Iterable[Attempt]:
    """At one account's password, each from a source of its own."""
    for time in range(times):
        browser = Client(SERVER_NAME=settings.SITE_HOST, REMOTE_ADDR=f"192.0.{number}.{time}")
        yield partial(answer, browser, "/admin/login/", username="ann", password="wrong")


def same_code(number: int, times: int, *, user: int, code: int) -> Iterable[Attempt]:
    return [lambda: second_factor.verify(User.objects.get(pk=user), f"{code:06}") is not None] * times


def same_recovery_code(number: int, times: int, *, user: int) -> Iterable[Attempt]:
    return [lambda: second_factor.verify(User.objects.get(pk=user), RECOVERY_CODE) is not None] * times


def same_code_again(number: int, times: int, *, user: int, code: int) -> Iterable[Attempt]:
    """In open sessions, each elsewhere."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    for time in range(times):
        browser = Client(SERVER_NAME=settings.SITE_HOST, REMOTE_ADDR=f"192.0.{number}.{time}")
        browser.force_login(User.objects.get(pk=user))
        verify_session(browser)
        form = {"password": PASSWORD, "code": f"{code:06}"}
        yield partial(answer, browser, "/admin/account/reauthenticate/", **form)


def verify_session(browser: Client) -> None:
    """As if a code had been given there."""
    session = browser.session
    session[DEVICE_ID_SESSION_KEY] = TOTPDevice.objects.get().persistent_id
    session.save()


def less_of_each_other(number: int, times: int, *, first: int, second: int, delete: int) -> Iterable[Attempt]:
    """Two administrators who want to be the only one."""
    me, other = User.objects.filter(pk__in=[first, second]).order_by("pk" if number % 2 else "-pk")
    for _time in range(times):
        browser = Client(SERVER_NAME=settings.SITE_HOST)
        browser.force_login(me)
        show_again(browser)
        browser.get(f"/admin/auth/user/{other.pk}/change/")  # what the first request of a process loads takes long
        if delete:
            yield partial(answer, browser, f"/admin/auth/user/{other.pk}/delete/", post="yes")
        else:
            form = {"username": other.username, "is_active": "on"}
            yield partial(answer, browser, f"/admin/auth/user/{other.pk}/change/", **form)


def same_link(number: int, times: int, *, user: int) -> Iterable[Attempt]:
    address = str(mails.link_for(User.objects.get(pk=user))["address"]).removeprefix(settings.SITE_URL)
    for time in range(times):
        password = f"a pass phrase {number} {time}"
        browser = Client(SERVER_NAME=settings.SITE_HOST)
        yield partial(answer, browser, address, new_password1=password, new_password2=password)


def answer(browser: Client, address: str, **form: str) -> int:
    return browser.post(address, form).status_code


def contend(database: str, barrier: Any, results: Any, prepare: str, number: int, times: int, **what: int) -> None:
    """Prepare all attempts, wait until every process has, then make them. What each led to goes to `results`."""
    connection.settings_dict["NAME"] = database
    attempts = list(globals()[prepare](number, times, **what))
    barrier.wait(timeout=120)
    for attempt in attempts:
        try:
            results.put(str(attempt()))
        except Exception as error:  # noqa: BLE001  the test expects certain ones
            results.put(type(error).__name__)
    connection.close()


def race(prepare: Callable[..., object], *, processes: int, attempts: int, **what: int) -> Counter[str]:
    """How many of `attempts`, made at once by so many processes on this test's database, led to what."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    barrier, results = context.Barrier(processes), context.Queue()
    database = str(connection.settings_dict["NAME"])
    shares = [attempts // processes + (number < attempts % processes) for number in range(processes)]
    runners = [
        context.Process(
            target=contend, args=(database, barrier, results, prepare.__name__, number, share), kwargs=what, daemon=True
        )
        for number, share in enumerate(shares)
    ]
    for runner in runners:
        runner.start()
    found = Counter(results.get(timeout=120) for _attempt in range(attempts))
    for runner in runners:
        runner.join()
    return found
