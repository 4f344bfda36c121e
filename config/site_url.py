"""`SITE_URL` is the switch between local and production; what it forbids is said in one sentence."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

MIN_SECRET_KEY_LENGTH = 50  # characters, as `check --deploy` asks


def is_loopback(host: str) -> bool:
    """Whether the host name or address can only be reached from this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def parse_site_url(value: str) -> tuple[str, str, bool]:
    """Split SITE_URL into (base address without a final slash, host, is it production).

    https means production. http is accepted on a loopback host only and means local.
    Raises ImproperlyConfigured for anything else.
    """
    parts = urlsplit(value)
    if not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment or parts.username:
        raise ImproperlyConfigured("SITE_URL must be an address like https://example.org, without a path.")
    base = f"{parts.scheme}://{parts.netloc}"
    if parts.scheme == "https":
        return base, parts.hostname, True
    if parts.scheme == "http" and is_loopback(parts.hostname):
        return base, parts.hostname, False
    raise ImproperlyConfigured("SITE_URL must begin with https:// (http:// is accepted on a loopback address only).")


def refuse_unsafe_production(*, debug: bool, secret_key: str) -> None:
    """Raise ImproperlyConfigured where a production site would run with debugging on or a guessable key."""
    if debug:
        raise ImproperlyConfigured("DEBUG must be off where SITE_URL begins with https://.")
    weak = len(secret_key) < MIN_SECRET_KEY_LENGTH or len(set(secret_key)) < 5
    if weak or secret_key.startswith("django-insecure-"):
        raise ImproperlyConfigured(f"SECRET_KEY must be random and at least {MIN_SECRET_KEY_LENGTH} characters long.")
