"""Reads an export twice: once to see that it can be read to its end, and once to write it, item by item."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from django.db import reset_queries, transaction
from django.db.models import Q
from django.utils import timezone

from comments import moderation
from comments.models import Comment
from config.wordpress import discussion, texts
from config.wordpress.pictures import Pictures, PostPictures
from config.wordpress.report import Report
from config.wordpress.terms import Terms
from posts import publishing, wxr
from posts.html import HtmlError
from posts.models import Page, Post, Redirect, State
from posts.slugs import numbered

Progress = Callable[[int, int], None]  # items done, items in all


@dataclass(frozen=True, slots=True)
class Options:
    write: bool  # or only say what would be done
    media: Path | None  # a copy of the uploads folder
    keep_emails: bool


def import_file(path: Path, options: Options, progress: Progress) -> Report:
    """Raises WxrError, before anything is written, if the file cannot be read to its end."""
    report = Report()
    pictures = Pictures(options.media, report.repaired, write=options.write)
    site, total = look_through(wxr.read(path, report.repaired), pictures)
    importer = Importer(options, report, pictures, site)
    for done, record in enumerate(wxr.read(path, Counter()), start=1):
        importer.add(record)
        progress(done, total)
    importer.finish_header()
    importer.terms.tell(report)
    return report


def look_through(records: Iterable[wxr.Record], pictures: Pictures) -> tuple[wxr.Site, int]:
    """Read to the end. What the file says of the site, how many records it has, and where its pictures were."""
    site, total = wxr.Site("", "", ""), 0
    for record in records:
        total += 1
        if isinstance(record, wxr.Site):
            site = record
        elif isinstance(record, wxr.Item) and record.type == "attachment" and not record.is_copy:
            pictures.add_attachment(record)
    pictures.add_site(site.address)
    return site, total


class Importer:
    """Writes each item with its comments in one transaction; what is there already is left as it is."""

    def __init__(self, options: Options, report: Report, pictures: Pictures, site: wxr.Site) -> None:
        self.options = options
        self.report = report
        self.pictures = pictures
        self.site = site
        self.source = texts.source(site.address)
        self.terms = Terms(site, write=options.write)
        self.categories: list[wxr.Category] = []
        self.listed: list[wxr.Tag | wxr.Author] = []
        self.slugs: dict[type[Post | Page], set[str]] = {Post: set(), Page: set()}  # given in this run
        self.numbered: dict[tuple[type[Post | Page], str], Iterator[str]] = {}  # goes on where the last one was found
        self.redirects: dict[str, bool] = {}  # digest of an old path: whether it leads to what readers can see
        self.now = timezone.now()

    def add(self, record: wxr.Record) -> None:
        match record:
            case wxr.Category():
                self.categories.append(record)
            case wxr.Tag() | wxr.Author():
                self.listed.append(record)
            case wxr.Site():
                self.finish_header()
            case wxr.Item():
                if self.listed:
                    self.add_listed()
                with self.transaction():
                    self.add_item(record)
        reset_queries()  # which Django keeps while DEBUG is on

    def finish_header(self) -> None:
        """Also to be called at the end: a few exports have categories after the items."""
        self.add_listed()
        with self.transaction():
            self.terms.add_categories(self.categories, self.report.repaired)
            if self.options.write and self.terms.categories.made:
                publishing.touch()
        self.categories = []

    def add_listed(self) -> None:
        """In one transaction, for a blog may have thousands of tags."""
        with self.transaction():
            for record in self.listed:
                self.terms.add_listed(record)
        self.listed = []

    def transaction(self) -> AbstractContextManager[object]:
        return transaction.atomic() if self.options.write else nullcontext()

    def add_item(self, item: wxr.Item) -> None:
        why = texts.reason_to_skip(item) or self.already_there(item)
        if not why and item.type == "attachment":
            self.add_attachment(item)
        elif not why:
            pictures = PostPictures(self.pictures, item.id)
            try:
                self.add_post(item, pictures) if item.type == "post" else self.add_page(item, pictures)
            except HtmlError:
                why = "its text is too long"
        if why:
            self.report.skipped["item", why] += 1
            self.skip_comments(item, "on an item that is skipped")

    def already_there(self, item: wxr.Item) -> str:
        """Where the item came in before, it is left as it is, with its comments."""
        models: dict[str, type[Post | Page]] = {"post": Post, "page": Page}
        model = models.get(item.type)
        ours = Q(wordpress_site=self.source) | Q(wordpress_site="", title=texts.title(item, Counter()))
        return "imported before" if model and model.objects.filter(ours, wordpress_id=item.id).exists() else ""

    def skip_comments(self, item: wxr.Item, why: str) -> None:
        self.report.skipped["comment", why] += len(item.comments)

    def add_attachment(self, item: wxr.Item) -> None:
        self.report.attachments += 1
        self.skip_comments(item, "on an attachment")
        if not self.pictures.attached(item.id):
            self.report.repaired["attached files that are not here"] += 1

    def add_post(self, item: wxr.Item, pictures: PostPictures) -> None:
        """Raises HtmlError, before anything is written."""
        post = self.post_of(item, pictures)
        categories, tags = self.terms.of_item(item.terms)
        self.report.posts += 1
        if self.options.write:
            publishing.save_post(post)
            post.categories.set(categories)
            post.tags.set(tags)
        self.count_lost_number(item, post)
        self.add_redirects(item, post)
        self.add_comments(item, post)

    def post_of(self, item: wxr.Item, pictures: PostPictures) -> Post:
        """Raises HtmlError."""
        repaired = self.report.repaired
        body, teaser = texts.body(item, pictures, repaired)
        title = texts.title(item, repaired)
        state = texts.state(item, repaired)
        cover = pictures.cover(item)
        post = Post(
            title=title,
            slug=self.free_slug(Post, texts.slug(item)),
            body=body,
            excerpt=texts.excerpt(item, teaser),
            language=texts.language(item, self.site.language),
            state=state,
            published_at=texts.published_at(item, state),
            author_id=self.terms.author(item.author),
            cover_id=cover and cover.pk,
            featured=item.is_sticky,
            comments=Post.Comments.OPEN if item.comments_open else Post.Comments.CLOSED,
            **texts.source_of(item),
            wordpress_id=item.id,
            wordpress_site=self.source,
        )
        if days := texts.comment_days(item):
            post.comments, post.comments_days = Post.Comments.TIMED, days
        return post

    def add_page(self, item: wxr.Item, pictures: PostPictures) -> None:
        """Raises HtmlError, before anything is written."""
        repaired = self.report.repaired
        body, _ = texts.body(item, pictures, repaired)
        page = Page(
            title=texts.title(item, repaired),
            slug=self.free_slug(Page, texts.slug(item)),
            body=body,
            language=texts.language(item, self.site.language),
            state=texts.state(item, repaired),
            position=min(item.position, texts.MAX_POSITION),
            in_navigation=not item.parent and item.meta.get("_tumen_in_navigation") != "0",
            wordpress_id=item.id,
            wordpress_site=self.source,
        )
        self.report.pages += 1
        if self.options.write:
            publishing.save_page(page)
        self.count_lost_number(item, page)
        self.add_redirects(item, page)
        self.skip_comments(item, "on a page")

    def free_slug(self, model: type[Post | Page], wanted: str) -> str:
        """The slug, with a number if another post or page has it."""
        given = self.slugs[model]

        def is_free(slug: str) -> bool:
            return slug not in given and not model.objects.filter(slug=slug).exists()

        slug = wanted
        if not is_free(wanted):
            self.report.repaired["slugs that were taken, now with a number"] += 1
            slug = next(filter(is_free, self.numbered.setdefault((model, wanted), numbered(wanted))))
        given.add(slug)
        return slug

    def count_lost_number(self, item: wxr.Item, target: Post | Page) -> None:
        """WordPress's `/?p=ID` stays with the blog that was imported first."""
        others = Q(wordpress_id=item.id) & ~Q(wordpress_site=self.source)
        if target.state == State.PUBLISHED and item.id < wxr.MADE_UP_IDS:
            self.report.repaired["addresses /?p=ID that another blog has"] += any(
                model.objects.published().filter(others).exists() for model in (Post, Page)
            )

    def add_redirects(self, item: wxr.Item, target: Post | Page) -> None:
        for path in [texts.old_path(item.link), *texts.older_paths(item)]:
            self.add_redirect(path, target)

    def add_redirect(self, path: str, target: Post | Page) -> None:
        """Of several items with the same address, the first that readers can see has it."""
        if not path or unquote(path) == unquote(target.get_absolute_url()):
            return
        key = publishing.path_digest(publishing.decoded(path))
        is_public = self.leads_to_readers(key)
        if is_public or (is_public is False and not target.is_published):
            self.report.repaired["old addresses that another item has"] += target.is_published
            return
        self.redirects[key] = target.is_published
        self.report.redirects += is_public is None
        if not self.options.write:
            return
        if isinstance(target, Post):
            publishing.add_redirect(path, post=target)
        else:
            publishing.add_redirect(path, page=target)

    def leads_to_readers(self, key: str) -> bool | None:
        """Whether the redirect leads to what readers can see; none if there is no such redirect."""
        if key not in self.redirects:
            known = Redirect.objects.select_related("post", "page").filter(pk=key).first()
            target = known and (known.post or known.page)
            if target:
                self.redirects[key] = target.is_published
        return self.redirects.get(key)

    def add_comments(self, item: wxr.Item, post: Post) -> None:
        placed = list(
            discussion.threaded(discussion.readers_comments(item.comments, self.report), self.report.repaired)
        )
        answered = {one.parent for one in placed}
        stored: dict[int | None, Comment] = {}
        numbers: set[int | None] = set()  # that WordPress gave, each once
        for one in placed:
            comment = discussion.new_comment(one.comment, post, self.now, self.report)
            comment.parent = stored.get(one.parent)
            if comment.wordpress_id in numbers:
                comment.wordpress_id = None
            numbers.add(comment.wordpress_id)
            self.report.threads += comment.parent is not None
            if self.options.write:
                email = one.comment.email if self.options.keep_emails else ""
                moderation.import_comment(comment, email=email if discussion.is_email(email) else "")
            if one.place in answered:
                comment.body = comment.html = ""  # of the comments that wait for answers, only the place is needed
                stored[one.place] = comment
