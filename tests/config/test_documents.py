"""What the documents lead to is there, and every picture is in one of them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOT: Path = settings.BASE_DIR
DOCS = ROOT / "docs"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)#\s]+)[^)]*\)")
LIGHT = 100_000  # bytes: a document with ten pictures loads on a slow line, too


def links(document: Path) -> Iterator[tuple[str, str, Path]]:
    """For each link to a file: "!" if it is a picture, its words, and what it leads to."""
    for mark, words, address in LINK.findall(document.read_text(encoding="utf-8")):
        if not re.match(r"[a-z]+:", address):
            yield mark, words, (document.parent / address).resolve()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: str(document.relative_to(ROOT)))
def test_every_link_between_documents_leads_somewhere(document: Path) -> None:
    assert [target for _mark, _words, target in links(document) if not target.exists()] == []


def test_every_picture_is_shown_and_described_and_light() -> None:
    shown = {target: words for document in DOCUMENTS for mark, words, target in links(document) if mark}
    assert set(shown) == set(DOCS.rglob("*.webp"))
    assert all(shown.values())
    assert [picture for picture in shown if picture.stat().st_size > LIGHT] == []
