"""What nothing else would notice: a browser reads a stylesheet that is wrong as far as it can, without a word."""

from pathlib import Path

import pytest
from django.conf import settings

SHEETS = sorted(Path(settings.BASE_DIR, "static").rglob("*.css"))


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_every_rule_is_closed(sheet: Path) -> None:
    text = sheet.read_text()
    assert text.count("{") == text.count("}")
