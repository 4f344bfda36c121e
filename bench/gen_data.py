#!/usr/bin/env python3
"""Make a seeded, neutral data set for a benchmark: one JSON object {"meta", "categories", "posts", "comments"}.

categories: [{id, name, slug}]
posts:      [{id, slug, title, category_id, published_at (ISO, UTC), excerpt, body_html}]
comments:   [{id, post_id, parent_id|null, depth, author, email, created_at, body, status}], oldest first
            status: approved | pending | spam, in shares of 80 / 15 / 5

One post ("hot") has exactly 100 comments, all approved. A reply's parent is an earlier approved comment of its post.
"""

import argparse
import json
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

SYLLABLES = "ba be bo da de do fa ga ka la le li lo ma me mi mo na ne no pa ra re ri ro sa se ta te ti to va".split()
CATEGORIES = ["Detention", "Refugees", "Information", "Law", "Memory"]
HOT_COMMENTS = 100
NEWEST = datetime(2026, 6, 1, 9, tzinfo=UTC)


class Generator:
    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.random = random.Random(options.seed)
        self.words = ["".join(self.random.choices(SYLLABLES, k=self.random.randint(1, 4))) for _ in range(800)]
        self.hot = max(1, options.posts - 100)

    def sentence(self) -> str:
        return " ".join(self.random.choices(self.words, k=self.random.randint(6, 18))).capitalize() + "."

    def text(self, words: int) -> str:
        sentences = [self.sentence()]
        while sum(sentence.count(" ") + 1 for sentence in sentences) < words:
            sentences.append(self.sentence())
        return " ".join(sentences)

    def body(self) -> str:
        paragraphs = [f"<p>{self.text(70)}</p>" for _ in range(max(1, self.options.words // 70))]
        paragraphs[1:1] = [
            f"<h2>{self.sentence()[:-1]}</h2>",
            f"<ul><li>{self.text(8)}</li><li>{self.text(8)}</li></ul>",
        ]
        return "\n".join(paragraphs)

    def posts(self) -> Iterator[dict[str, Any]]:
        for number in range(1, self.options.posts + 1):
            age = timedelta(hours=9 * (self.options.posts - number))
            yield {
                "id": number,
                "slug": f"post-{number}",
                "title": self.sentence()[:-1],
                "category_id": self.random.randint(1, len(CATEGORIES)),
                "published_at": (NEWEST - age).isoformat(),
                "excerpt": self.text(28),
                "body_html": self.body(),
            }

    def plan(self) -> Iterator[tuple[int, str]]:
        """The post and status of each comment."""
        others = [number for number in range(1, self.options.posts + 1) if number != self.hot]
        for _ in range(HOT_COMMENTS):
            yield self.hot, "approved"
        for _ in range(self.options.comments - HOT_COMMENTS):
            yield self.random.choice(others), self.random.choices(["approved", "pending", "spam"], [80, 15, 5])[0]

    def comments(self, published: dict[int, datetime]) -> Iterator[dict[str, Any]]:
        dated = sorted(
            (published[post] + timedelta(minutes=self.random.randint(5, 28_800)), post, status)
            for post, status in self.plan()
        )
        open_to_replies: dict[int, list[dict[str, Any]]] = {}
        for number, (when, post, status) in enumerate(dated, start=1):
            parents = open_to_replies.setdefault(post, [])
            parent = self.random.choice(parents) if parents and self.random.random() < 0.4 else None
            comment = {
                "id": number,
                "post_id": post,
                "parent_id": parent and parent["id"],
                "depth": parent["depth"] + 1 if parent else 0,
                "author": " ".join(self.random.choices(self.words, k=2)).title(),
                "email": f"reader{self.random.randint(1, 5000)}@example.org",
                "created_at": when.isoformat(),
                "body": "\n\n".join(
                    self.text(self.random.randint(12, 45)) for _ in range(self.random.choice([1, 1, 2]))
                ),
                "status": status,
            }
            if status == "approved" and comment["depth"] < self.options.max_depth - 1:
                parents.append(comment)
            yield comment

    def document(self) -> dict[str, Any]:
        posts = list(self.posts())
        published = {post["id"]: datetime.fromisoformat(post["published_at"]) for post in posts}
        categories = [
            {"id": number, "name": name, "slug": name.lower()} for number, name in enumerate(CATEGORIES, start=1)
        ]
        meta = {
            "seed": self.options.seed,
            "hot_post": self.hot,
            "hot_slug": f"post-{self.hot}",
            "category": categories[0]["slug"],
            "search_word": self.words[0],
        }
        return {"meta": meta, "categories": categories, "posts": posts, "comments": list(self.comments(published))}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", nargs="?", default="-")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--posts", type=int, default=1000)
    parser.add_argument("--comments", type=int, default=20_000)
    parser.add_argument("--words", type=int, default=600)
    parser.add_argument("--max-depth", type=int, default=5)
    options = parser.parse_args()
    with sys.stdout if options.out == "-" else open(options.out, "w") as out:
        json.dump(Generator(options).document(), out, separators=(",", ":"))


if __name__ == "__main__":
    main()
