"""Categories, tags and authors: found by their slug, made where they are missing."""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from urllib.parse import unquote

from config.wordpress.report import Report
from config.wordpress.texts import decoded_slug, public_name
from posts import wxr
from posts.models import Author, Category, Tag
from posts.slugs import make_slug, numbered
from posts.wordpress.plain import plain_text

MAX_NAME_LENGTH = 200  # characters
ENCODED = "xn--"  # begins a login that stands for a slug in other letters
MAX_LEVELS = 20  # of categories below one another


class Registry:
    """Rows of one model. What the export tells apart stays apart, even if only punctuation does.

    Remembers ids and not rows, for a blog may have very many tags. In a dry run every id is 0.
    """

    def __init__(self, model: type[Category | Tag | Author], *, write: bool) -> None:
        self.model = model
        self.write = write
        self.ids: dict[str, int] = {}  # by the key that the export uses
        self.keys: dict[str, str] = {}  # by slug
        self.numbered: dict[str, Iterator[str]] = {}  # by slug; goes on where the last free one was found
        self.made: set[str] = set()  # keys

    def add(self, key: str, wanted: str, **fields: str) -> None:
        """Make the row, unless one with the same slug was here before; that is left as it is."""
        if key in self.ids:
            return
        slug = wanted
        if self.keys.setdefault(wanted, key) != key:
            slugs = self.numbered.setdefault(wanted, numbered(wanted))
            slug = next(slug for slug in slugs if self.keys.setdefault(slug, key) == key)
        found = self.model._default_manager.filter(slug=slug).values_list("pk", flat=True).first()
        if found is None:
            self.made.add(key)
        if found is None and self.write:
            self.ids[key] = self.model._default_manager.create(slug=slug, **fields).pk
        else:
            self.ids[key] = found or 0


class Terms:
    def __init__(self, site: wxr.Site, *, write: bool) -> None:
        self.site = site
        self.write = write
        self.categories = Registry(Category, write=write)
        self.tags = Registry(Tag, write=write)
        self.authors = Registry(Author, write=write)  # by login

    def tell(self, report: Report) -> None:
        report.categories, report.tags = len(self.categories.made), len(self.tags.made)
        report.authors = len(self.authors.made)

    def add_categories(self, categories: list[wxr.Category], repaired: Counter[str]) -> None:
        """The categories of the file with what stands above them. A child may come before its parent.

        Where they follow the items, the items have made them already.
        """
        above: dict[str, str] = {}
        for category in categories:
            key = term_key(category.slug, category.name)
            self.add_category(category.slug, category.name, category.description)
            if key in self.categories.made and category.parent:
                above.setdefault(key, term_key(category.parent, ""))
        for key, parent in above.items():
            if parent not in self.categories.ids or stands_below(parent, key, above):
                repaired["categories whose parent is missing or below them"] += 1
            elif self.write:
                ids = self.categories.ids
                Category.objects.filter(pk=ids[key]).update(parent_id=ids[parent])

    def add_listed(self, record: wxr.Tag | wxr.Author) -> None:
        if isinstance(record, wxr.Tag):
            self.add_tag(record.slug, record.name)
        else:
            self.add_author(record.login, record.name)

    def add_category(self, slug: str, name: str, description: str = "") -> None:
        wanted = term_slug(slug, name)
        text = plain_text(description)
        self.categories.add(term_key(slug, name), wanted, name=shown(name or wanted), description=text)

    def add_tag(self, slug: str, name: str) -> None:
        wanted = term_slug(slug, name)
        self.tags.add(term_key(slug, name), wanted, name=shown(name or wanted))

    def add_author(self, key: str, name: str) -> None:
        login = author_slug(key)
        name = public_name(name or login) or shown(self.site.title) or "Author"
        kind = Author.Kind.PERSON if login else Author.Kind.ORGANISATION
        wanted = ("" if "@" in login else make_slug(login)) or make_slug(name) or "author"
        self.authors.add(key, wanted, name=name[:MAX_NAME_LENGTH], kind=kind)

    def author(self, login: str) -> int:
        """The id of the author whom an item names; where it names none, of one who is called like the blog."""
        if login not in self.authors.ids and (listed := self.authors.keys.get(make_slug(login))):
            return self.authors.ids[listed]
        self.add_author(login, "")
        return self.authors.ids[login]

    def of_item(self, terms: tuple[wxr.Term, ...]) -> tuple[list[int], list[int]]:
        """Ids of the item's categories and of its tags."""
        categories = [term for term in terms if term.taxonomy == "category" and (term.slug or term.name)]
        tags = [term for term in terms if term.taxonomy == "post_tag" and (term.slug or term.name)]
        for term in categories:
            self.add_category(term.slug, term.name)
        for term in tags:
            self.add_tag(term.slug, term.name)
        return (
            [self.categories.ids[term_key(term.slug, term.name)] for term in categories],
            [self.tags.ids[term_key(term.slug, term.name)] for term in tags],
        )


def author_login(slug: str) -> str:
    """A login that WordPress takes, which wants ASCII."""
    return slug if slug.isascii() and not slug.startswith(ENCODED) else ENCODED + slug.encode("punycode").decode()


def author_slug(login: str) -> str:
    """What `author_login` was given; any other login stays as it is."""
    with suppress(UnicodeError):
        return login.removeprefix(ENCODED).encode().decode("punycode") if login.startswith(ENCODED) else login
    return login


def term_key(written: str, name: str) -> str:
    """What tells the terms of an export apart."""
    return unquote(written).lower() or plain_text(name).lower()


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
