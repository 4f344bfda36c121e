"""Names of those who publish, which readers must not be able to take a commenter for."""

from collections.abc import Iterator

from django.contrib.auth.models import User

from comments.spam.names import name_key
from posts.models import Author, Wording

SHORTEST = 3  # letters; shorter names are alike by chance


def is_borne_by_staff(name: str) -> bool:
    """Whether it looks like the name of somebody who works here, or of the site. Three queries."""
    key = name_key(name)
    return len(key) >= SHORTEST and any(name_key(known) == key for known in _names())


def _names() -> Iterator[str]:
    yield from Wording.objects.exclude(name="").values_list("name", flat=True)
    yield from Author.objects.values_list("name", flat=True)
    staff = User.objects.filter(is_staff=True).values_list("username", "first_name", "last_name")
    for username, first, last in staff:
        yield from (username, f"{first} {last}", f"{last} {first}")
