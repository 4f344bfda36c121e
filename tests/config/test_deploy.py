"""What the samples in docs/deploy/ must not lose. That they are valid, .ci/run asks systemd, nginx and Caddy."""

from pathlib import Path

import pytest
from django.conf import settings

SERVICES = sorted((settings.BASE_DIR / "docs" / "deploy").glob("*.service"))


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: str(service.name))
def test_a_call_that_is_not_allowed_ends_no_process(service: Path) -> None:
    """As when Django gives a new picture to the group of its folder, if that is another group than the site's."""
    assert "\nSystemCallErrorNumber=EPERM\n" in service.read_text()
