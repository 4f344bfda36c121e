"""What is published: posts, pages, their categories, tags, authors and media."""

from __future__ import annotations

import datetime
import secrets
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.db.models import Count, Q, Subquery
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from posts.html import HtmlError, pictures_shown
from posts.media import rendition_name
from posts.slugs import MAX_SLUG_LENGTH, free_slug, make_slug, validate_page_slug, validate_slug

validate_http = URLValidator(schemes=["http", "https"])


def validate_web_address(address: str) -> None:
    """Refuse what readers could not follow, and a user part: it is often an e-mail address. Raises ValidationError."""
    validate_http(address)
    if "@" in urlsplit(address).netloc:
        raise ValidationError(
            _("This looks like an e-mail address, which readers would see. Please enter a web address, or nothing."),
            code="user_part",
        )


class Language(models.TextChoices):
    ENGLISH = "en", _("English")
    KOREAN = "ko", _("Korean")


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")


class Slugged(models.Model):
    """Anything that readers reach by a slug."""

    slug = models.CharField(
        _("slug"),
        max_length=MAX_SLUG_LENGTH,
        unique=True,
        blank=True,
        validators=[validate_slug],
        help_text=_("The last part of the address. Left empty, it is made from the title; Korean stays Korean."),
    )

    class Meta:
        abstract = True

    def clean(self) -> None:
        others = type(self)._default_manager.exclude(pk=self.pk)
        self.slug = make_slug(self.slug) or free_slug(
            make_slug(str(self)), lambda slug: others.filter(slug=slug).exists()
        )
        if not self.slug:
            raise ValidationError({"slug": _("Please give a slug: the title has no letters to make one from.")})


class Category(Slugged):
    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(
        _("description"), blank=True, help_text=_("Shown at the top of the category's page.")
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent")
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("category")
        verbose_name_plural = _("categories")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("posts:category", args=[self.slug])

    def clean(self) -> None:
        super().clean()
        if self.pk and self.parent_id and self.pk in {category.pk for category in self.parent_line()}:
            raise ValidationError({"parent": _("A category cannot stand below itself.")})

    def parent_line(self) -> list[Category]:
        """The categories above this one, nearest first. One query a level; stops at a cycle."""
        line: list[Category] = []
        above = self.parent
        while above and above not in line:
            line.append(above)
            above = above.parent
        return line

    def family(self) -> list[int]:
        """Ids of this category and of all below it. One query."""
        below: dict[int | None, list[int]] = {}
        for pk, parent in Category.objects.values_list("pk", "parent"):
            below.setdefault(parent, []).append(pk)
        family, ahead = [], [self.pk]
        while ahead:
            family.append(ahead.pop())
            ahead += [pk for pk in below.get(family[-1], []) if pk not in family]
        return family


class Tag(Slugged):
    name = models.CharField(_("name"), max_length=200)

    class Meta:
        ordering = ["name"]
        verbose_name = _("tag")
        verbose_name_plural = _("tags")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("posts:tag", args=[self.slug])


class Author(Slugged):
    """A byline: a person or an organisation, whether or not they have a staff account."""

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        ORGANISATION = "organisation", _("Organisation")

    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.PERSON)
    bio = models.TextField(_("about"), blank=True)
    website = models.CharField(_("website"), max_length=500, blank=True, validators=[validate_web_address])

    class Meta:
        ordering = ["name"]
        verbose_name = _("author")
        verbose_name_plural = _("authors")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("posts:author", args=[self.slug])


class Media(models.Model):
    """A picture: re-encoded without metadata, kept under the hash of its content, in several widths."""

    name = models.CharField(max_length=80, unique=True, editable=False)  # content hash and file ending
    title = models.CharField(_("title"), max_length=200, help_text=_("To find it again; readers do not see it."))
    alt = models.CharField(
        _("alternative text"), max_length=500, blank=True, help_text=_("What a reader who cannot see it should know.")
    )
    decorative = models.BooleanField(
        _("decorative"), default=False, help_text=_("It says nothing that the text does not say.")
    )
    caption = models.CharField(_("caption"), max_length=500, blank=True)
    credit = models.CharField(_("credit"), max_length=200, blank=True)
    width = models.PositiveIntegerField(editable=False)  # pixels
    height = models.PositiveIntegerField(editable=False)  # pixels
    widths = models.JSONField(default=list, editable=False)  # pixels; one WebP rendition each
    created_at = models.DateTimeField(_("uploaded"), auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("picture")
        verbose_name_plural = _("media")
        constraints = [
            models.CheckConstraint(name="media_alt_or_decorative", condition=~Q(alt="") | Q(decorative=True)),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        if bool(self.alt.strip()) == self.decorative:
            raise ValidationError({"alt": _("Describe the picture, or mark it as decorative: one of the two.")})

    @property
    def url(self) -> str:
        return reverse("posts:media", args=[self.name])

    @property
    def srcset(self) -> str:
        """Value of the attribute `srcset`: each rendition with its width, and the picture itself."""
        renditions = [f"{self.rendition(width)} {width}w" for width in self.widths]
        return ", ".join([*renditions, f"{self.url} {self.width}w"]) if renditions else ""

    def rendition(self, width: int) -> str:
        """The address of the picture in one of its widths."""
        return reverse("posts:media", args=[rendition_name(self.name, width)])

    @property
    def caption_and_credit(self) -> str:
        return " – ".join(filter(None, [self.caption, self.credit]))

    @property
    def thumbnail(self) -> str:
        """The address of the smallest rendition."""
        return self.rendition(self.widths[0]) if self.widths else self.url


class Publishable(models.Model):
    """What a post and a page have in common."""

    title = models.CharField(_("title"), max_length=300)
    body = models.TextField(_("text"), blank=True)  # as entered in the editor, or as imported
    html = models.TextField(editable=False, blank=True)  # derived from body by posts.publishing, safe to show
    language = models.CharField(_("language"), max_length=5, choices=Language, default=Language.ENGLISH)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    wordpress_id = models.PositiveBigIntegerField(null=True, editable=False)
    wordpress_site = models.CharField(max_length=200, default="", editable=False)  # the blog that gave the id, if known
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        super().clean()
        try:
            shown = pictures_shown(self.body)
        except HtmlError as error:
            raise ValidationError({"body": str(error)}) from error
        if missing := shown - set(Media.objects.filter(name__in=shown).values_list("name", flat=True)):
            message = _("The media library does not have %(pictures)s. Please choose the picture there.")
            raise ValidationError({"body": message % {"pictures": ", ".join(sorted(missing))}})


def published(prefix: str = "") -> Q:
    """The one predicate for posts that readers may see now: published, and not scheduled for later.

    `prefix` names the way to the post from another model, as in `post__`.
    """
    return Q(**{f"{prefix}state": State.PUBLISHED, f"{prefix}published_at__lte": timezone.now()})


class PostQuerySet(models.QuerySet["Post"]):
    def published(self) -> PostQuerySet:
        return self.filter(published())

    def drafts(self) -> PostQuerySet:
        return self.filter(state=State.DRAFT)

    def scheduled(self) -> PostQuerySet:
        return self.filter(state=State.PUBLISHED, published_at__gt=timezone.now())

    def newest_first(self) -> PostQuerySet:
        return self.order_by("-published_at", "-pk")

    def with_summary(self) -> PostQuerySet:
        """With all that an entry of a list shows, but without the text. Two queries in all."""
        return self.select_related("author", "cover").prefetch_related("categories").defer("body", "html")

    def for_lists(self) -> PostQuerySet:
        return self.newest_first().with_summary()

    def neighbours(self, post: Post) -> tuple[Post | None, Post | None]:
        """The next newer and the next older post. One query."""
        later = Q(published_at__gt=post.published_at) | Q(published_at=post.published_at, pk__gt=post.pk)
        others = self.exclude(pk=post.pk)
        newer = others.filter(later).order_by("published_at", "pk").values("pk")[:1]
        older = others.exclude(later).order_by("-published_at", "-pk").values("pk")[:1]
        beside = self.filter(Q(pk=Subquery(newer)) | Q(pk=Subquery(older))).only(
            "title", "slug", "published_at", "language"
        )
        found = {(other.published_at, other.pk) > (post.published_at, post.pk): other for other in beside}
        return found.get(True), found.get(False)

    def by_month(self) -> list[dict[str, Any]]:
        """Rows of `month` (its first moment) and `count`, newest first. One query."""
        months = self.order_by().annotate(month=TruncMonth("published_at")).values("month")
        return [dict(row) for row in months.annotate(count=Count("pk")).order_by("-month")]


class Post(Publishable, Slugged):
    class Comments(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")
        TIMED = "timed", _("Closed after a number of days")

    excerpt = models.TextField(
        _("excerpt"), blank=True, max_length=1000, help_text=_("Two or three sentences for lists, feeds and previews.")
    )
    summary = models.TextField(editable=False, blank=True)  # the excerpt, or else the beginning of the text; derived
    author = models.ForeignKey(Author, models.PROTECT, related_name="posts", verbose_name=_("author"))
    categories = models.ManyToManyField(Category, related_name="posts", blank=True, verbose_name=_("categories"))
    tags = models.ManyToManyField(Tag, related_name="posts", blank=True, verbose_name=_("tags"))
    cover = models.ForeignKey(
        Media, models.PROTECT, null=True, blank=True, related_name="covers", verbose_name=_("cover picture")
    )
    featured = models.BooleanField(_("featured"), default=False, help_text=_("Stands first on the home page."))
    published_at = models.DateTimeField(
        _("publication date"),
        null=True,
        blank=True,
        help_text=_("In the future: it appears by itself at that time. Left empty, it is set on publication."),
    )
    source_name = models.CharField(
        _("source"), max_length=200, blank=True, help_text=_("The publication that the text is drawn from.")
    )
    source_url = models.CharField(
        _("address of the source"), max_length=2000, blank=True, validators=[validate_web_address]
    )
    full_reprint = models.BooleanField(
        _("full reprint"), default=False, help_text=_("Search engines are pointed to the source.")
    )
    comments = models.CharField(_("comments"), max_length=10, choices=Comments, default=Comments.OPEN)
    comments_days = models.PositiveSmallIntegerField(  # days from publication
        _("days open"), default=30, validators=[MinValueValidator(1), MaxValueValidator(3650)]
    )
    comments_stamp = models.CharField(max_length=16, default="", editable=False)  # changes with the visible comments

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-pk"]
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints = [
            models.CheckConstraint(name="post_state_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="post_published_has_date", condition=~Q(state="published") | Q(published_at__isnull=False)
            ),
            models.UniqueConstraint(name="post_imported_once", fields=["wordpress_id", "wordpress_site"]),
        ]
        indexes = [
            # Lists, newest first. Whole, not partial: SQLite cannot match a partial index with a bound parameter.
            models.Index(name="post_newest", fields=["state", "-published_at", "-id"]),
        ]

    def get_absolute_url(self) -> str:
        """The permalink. A draft without a date has none yet: the empty string."""
        if not self.published_at:
            return ""
        day = timezone.localtime(self.published_at)
        return reverse("posts:post", args=[day.year, day.month, self.slug])

    def clean(self) -> None:
        super().clean()
        if self.state == State.PUBLISHED and not self.published_at:
            self.published_at = timezone.now()
        if self.source_url and not self.source_name:
            raise ValidationError({"source_name": _("Please name the source as well as its address.")})
        if self.full_reprint and not self.source_url:
            raise ValidationError({"source_url": _("A full reprint needs the address of its source.")})

    @property
    def is_published(self) -> bool:
        return self.state == State.PUBLISHED and self.published_at is not None and self.published_at <= timezone.now()

    @property
    def is_scheduled(self) -> bool:
        return self.state == State.PUBLISHED and not self.is_published

    @property
    def comments_open(self) -> bool:
        if not self.is_published or self.comments == self.Comments.CLOSED:
            return False
        closing = self.comments_close_at
        return closing is None or timezone.now() < closing

    @property
    def comments_close_at(self) -> datetime.datetime | None:
        if self.comments != self.Comments.TIMED or not self.published_at:
            return None
        return self.published_at + datetime.timedelta(days=self.comments_days)


class PageQuerySet(models.QuerySet["Page"]):
    def published(self) -> PageQuerySet:
        return self.filter(state=State.PUBLISHED)


class Page(Publishable, Slugged):
    """About, Contact and the like: not dated, not in feeds."""

    position = models.PositiveSmallIntegerField(
        _("position"), default=100, help_text=_("Lower stands further left in the navigation.")
    )
    in_navigation = models.BooleanField(_("in the navigation"), default=True)

    objects = PageQuerySet.as_manager()

    class Meta:
        ordering = ["position", "title"]
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        constraints = [
            models.CheckConstraint(name="page_state_known", condition=Q(state__in=State.values)),
            models.UniqueConstraint(name="page_imported_once", fields=["wordpress_id", "wordpress_site"]),
        ]

    def get_absolute_url(self) -> str:
        return reverse("posts:page", args=[self.slug])

    def clean(self) -> None:
        super().clean()
        try:
            validate_page_slug(self.slug)
        except ValidationError as error:
            raise ValidationError({"slug": error}) from error

    @property
    def is_published(self) -> bool:
        return self.state == State.PUBLISHED


class Redirect(models.Model):
    """An address that something had before. The path is decoded and of any length, so its hash is the key."""

    digest = models.CharField(max_length=64, primary_key=True)  # SHA-256 of the path, in hex
    path = models.TextField()
    post = models.ForeignKey(Post, models.CASCADE, null=True, related_name="old_addresses")
    page = models.ForeignKey(Page, models.CASCADE, null=True, related_name="old_addresses")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="redirect_has_one_target",
                condition=Q(post__isnull=False, page__isnull=True) | Q(post__isnull=True, page__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.path


def new_token() -> str:
    return secrets.token_hex(8)


class SiteStamp(models.Model):
    """One row: a token that is replaced whenever anything that readers see was edited.

    Random rather than counted, so that a database restored from a backup never repeats an old stamp.
    """

    token = models.CharField(max_length=16, default=new_token)

    def __str__(self) -> str:
        return self.token
