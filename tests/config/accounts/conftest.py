import pytest
from pytest_django import Settings


@pytest.fixture
def strict(settings: Settings) -> None:
    """As in production: nobody is let in without a code."""
    settings.TOTP_REQUIRED = True
