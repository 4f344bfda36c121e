"""What the samples in docs/deploy/ must not lose. That they are valid, .ci/run asks systemd, nginx and Caddy."""

from configparser import RawConfigParser
from pathlib import Path

import pytest
from django.conf import settings

SAMPLES = settings.BASE_DIR / "docs" / "deploy"


def parsed(unit: Path) -> RawConfigParser:
    """Of what is given twice, the last."""
    parser = RawConfigParser(strict=False, delimiters="=")
    parser.read(unit)
    return parser


@pytest.mark.parametrize("service", sorted(SAMPLES.glob("*.service")), ids=lambda service: str(service.name))
def test_a_call_that_is_not_allowed_ends_no_process(service: Path) -> None:
    """As when Django gives a new picture to the group of its folder, if that is another group than the site's."""
    assert parsed(service)["Service"]["SystemCallErrorNumber"] == "EPERM"


def test_the_site_is_started_again_however_long_its_database_was_away() -> None:
    unit = parsed(SAMPLES / "tumen.service")
    assert unit["Service"]["Restart"] == "always"
    assert unit["Unit"]["StartLimitIntervalSec"] == "0"
