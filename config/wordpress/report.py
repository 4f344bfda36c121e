"""What an import did, in figures."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

COMMENT_STATES = ("approved", "pending", "spam", "trash")


@dataclass(slots=True)
class Report:
    """Posts, pages and so on that the import made, or would make; attachments that the file lists."""

    posts: int = 0
    pages: int = 0
    categories: int = 0
    tags: int = 0
    authors: int = 0
    attachments: int = 0
    comments: Counter[str] = field(default_factory=Counter)  # by what WordPress calls their state
    threads: int = 0  # comments that answer another one
    redirects: int = 0
    skipped: Counter[tuple[str, str]] = field(default_factory=Counter)  # ("item" or "comment", why)
    repaired: Counter[str] = field(default_factory=Counter)

    def as_dict(self) -> dict[str, Any]:
        return {
            "posts": self.posts,
            "pages": self.pages,
            "categories": self.categories,
            "tags": self.tags,
            "authors": self.authors,
            "attachments": self.attachments,
            "comments": {state: self.comments[state] for state in COMMENT_STATES},
            "threads": self.threads,
            "redirects": self.redirects,
            "skipped": [
                {"what": what, "why": why, "count": count} for (what, why), count in self.skipped.most_common() if count
            ],
            "repaired": [{"what": what, "count": count} for what, count in self.repaired.most_common() if count],
        }

    def as_text(self) -> str:
        figures = self.as_dict()
        comments, skipped, repaired = (figures.pop(name) for name in ("comments", "skipped", "repaired"))
        lines = [f"{name}: {count}" for name, count in figures.items()]
        lines.append("comments: " + ", ".join(f"{count} {state}" for state, count in comments.items()))
        lines += [f"skipped: {entry['count']} × {entry['what']}, {entry['why']}" for entry in skipped]
        lines += [f"repaired: {entry['count']} × {entry['what']}" for entry in repaired]
        return "\n".join(lines)
