"""Categories, tags and authors: found by their slug, made where they are missing."""

from hashlib import sha256

from django.db import models

from config.wordpress.report import Report
from config.wordpress.texts import decoded_slug, public_name
from posts import wxr
from posts.models import Author, Category, Tag
from posts.slugs import make_slug
from posts.wordpress.plain import plain_text

MAX_NAME_LENGTH = 200  # characters
MAX_LEVELS = 20  # of categories below one another


class Terms:
    """Remembers ids, not rows, for a blog may have very many tags. In a dry run every id is 0."""

    def __init__(self, report: Report, site: wxr.Site, *, write: bool) -> None:
        self.report = report
        self.site = site
        self.write = write
        self.any_made = False
        self.categories: dict[str, int] = {}  # slug: id
        self.tags: dict[str, int] = {}
        self.authors: dict[str, int] = {}  # login: id
        self.logins: dict[str, str] = {}  # slug: login of the author who has it

    def add_categories(self, categories: list[wxr.Category]) -> None:
        """The categories of the file with what stands above them. A child may come before its parent."""
        above: dict[str, str] = {}
        for category in categories:
            slug = term_slug(category.slug, category.name)
            if self.category(category.slug, category.name, category.description) and category.parent:
                above[slug] = term_slug(category.parent, "")
        for slug, parent in above.items():
            if parent not in self.categories or stands_below(parent, slug, above):
                self.report.repaired["categories whose parent is missing or below them"] += 1
            elif self.write:
                Category.objects.filter(pk=self.categories[slug]).update(parent_id=self.categories[parent])

    def category(self, slug: str, name: str, description: str = "") -> bool:
        """Whether it was missing."""
        slug = term_slug(slug, name)
        new = slug not in self.categories and self.find_or_make(
            Category, self.categories, slug, slug, name=shown(name or slug), description=plain_text(description)
        )
        self.report.categories += new
        return new

    def tag(self, slug: str, name: str) -> None:
        slug = term_slug(slug, name)
        if slug not in self.tags:
            self.report.tags += self.find_or_make(Tag, self.tags, slug, slug, name=shown(name or slug))

    def add_author(self, login: str, name: str) -> None:
        """Two authors never share a slug, even if only punctuation tells their logins apart."""
        if login in self.authors:
            return
        name = public_name(name or login) or shown(self.site.title) or "Author"
        kind = Author.Kind.PERSON if login else Author.Kind.ORGANISATION
        slug = wanted = ("" if "@" in login else make_slug(login)) or make_slug(name) or "author"
        number = 1
        while self.logins.setdefault(slug, login) != login:
            number += 1
            slug = f"{wanted[:190]}-{number}"
        self.report.authors += self.find_or_make(Author, self.authors, login, slug, name=shown(name), kind=kind)

    def author(self, login: str) -> int:
        """The id of the author whom an item names; where it names none, of one who is called like the blog."""
        if login not in self.authors and (listed := self.logins.get(make_slug(login))):
            return self.authors[listed]
        self.add_author(login, "")
        return self.authors[login]

    def find_or_make(
        self, model: type[models.Model], known: dict[str, int], key: str, slug: str, **fields: str
    ) -> bool:
        """Put the id of what has the slug into `known`. Whether it had to be made; an existing one is left as it is."""
        found = model._default_manager.filter(slug=slug).values_list("pk", flat=True).first()
        self.any_made = self.any_made or found is None
        if found is None and self.write:
            known[key] = model._default_manager.create(slug=slug, **fields).pk
        else:
            known[key] = found or 0
        return found is None

    def of_item(self, terms: tuple[wxr.Term, ...]) -> tuple[list[int], list[int]]:
        """Ids of the item's categories and of its tags."""
        categories = [term for term in terms if term.taxonomy == "category" and (term.slug or term.name)]
        tags = [term for term in terms if term.taxonomy == "post_tag" and (term.slug or term.name)]
        for term in categories:
            self.category(term.slug, term.name)
        for term in tags:
            self.tag(term.slug, term.name)
        return (
            [self.categories[term_slug(term.slug, term.name)] for term in categories],
            [self.tags[term_slug(term.slug, term.name)] for term in tags],
        )


def term_slug(written: str, name: str) -> str:
    return decoded_slug(written) or make_slug(plain_text(name)) or f"term-{sha256(name.encode()).hexdigest()[:8]}"


def shown(name: str) -> str:
    return plain_text(name)[:MAX_NAME_LENGTH] or "?"


def stands_below(slug: str, top: str, above: dict[str, str]) -> bool:
    """Whether the category would stand below itself, or below very many others."""
    for _ in range(MAX_LEVELS):
        if slug == top:
            return True
        if slug not in above:
            return False
        slug = above[slug]
    return True
