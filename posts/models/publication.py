"""What is written and published: posts and pages."""

from __future__ import annotations

import datetime
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, Q, Subquery
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from posts.html import HtmlError, pictures_shown
from posts.models.media import Media
from posts.models.revisions import Revisions
from posts.models.taxonomy import Author, Category, Slugged, Tag, validate_web_address
from posts.slugs import validate_page_slug


class Language(models.TextChoices):
    ENGLISH = "en", _("English")
    KOREAN = "ko", _("Korean")


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")


class Publishable(models.Model):
    """What a post and a page have in common."""

    title = models.CharField(_("title"), max_length=300)
    body = models.TextField(_("text"), blank=True)  # as entered in the editor, or as imported
    html = models.TextField(editable=False, blank=True)  # derived from body by posts.publishing, safe to show
    language = models.CharField(_("language"), max_length=5, choices=Language, default=Language.ENGLISH)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    revision = models.PositiveIntegerField(default=0, editable=False)  # how often it was saved since it was new
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
        if missing := shown - set(Media.objects.named(shown)):
            message = _("The media library does not have %(pictures)s. Please choose the picture there.")
            raise ValidationError({"body": message % {"pictures": ", ".join(sorted(missing))}})


def published(prefix: str = "") -> Q:
    """The one predicate for posts that readers may see now: published, and not scheduled for later.

    `prefix` names the way to the post from another model, as in `post__`.
    """
    return Q(**{f"{prefix}state": State.PUBLISHED, f"{prefix}published_at__lte": timezone.now()})


class Beside(NamedTuple):
    """The posts that a post leads to."""

    newer: Post | None
    older: Post | None
    translations: list[Post]  # and what it was translated from


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

    def beside(self, post: Post) -> Beside:
        """The next newer and the next older post, and the same post in other languages. One query."""
        later = Q(published_at__gt=post.published_at) | Q(published_at=post.published_at, pk__gt=post.pk)
        others = self.exclude(pk=post.pk)
        newer = others.filter(later).order_by("published_at", "pk").values("pk")[:1]
        older = others.exclude(later).order_by("-published_at", "-pk").values("pk")[:1]
        original = post.translation_of_id or post.pk
        same = Q(pk=original) | Q(translation_of=original)
        found = others.filter(Q(pk=Subquery(newer)) | Q(pk=Subquery(older)) | same).only(
            "title", "slug", "published_at", "language", "translation_of"
        )
        in_order: list[Any] = sorted([post, *found], key=lambda other: (other.published_at, other.pk))
        place = in_order.index(post)
        return Beside(
            newer=in_order[place + 1] if place + 1 < len(in_order) else None,
            older=in_order[place - 1] if place else None,
            translations=[other for other in found if original in {other.pk, other.translation_of_id}],
        )

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
    translation_of = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="translations",
        verbose_name=_("translation of"),
        help_text=_("The post that this one was translated from. Each leads readers to the other."),
    )
    comments = models.CharField(_("comments"), max_length=10, choices=Comments, default=Comments.OPEN)
    comments_days = models.PositiveSmallIntegerField(  # days from publication
        _("days open"), default=30, validators=[MinValueValidator(1), MaxValueValidator(3650)]
    )
    comments_stamp = models.CharField(max_length=16, default="", editable=False)  # changes with the visible comments

    objects = PostQuerySet.as_manager()
    history = Revisions("summary", "comments_stamp")

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
            models.UniqueConstraint(name="post_translated_once", fields=["translation_of", "language"]),
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
        if self.translation_of:
            self.check_original(self.translation_of)

    def check_original(self, original: Post) -> None:
        """Each post of a group points at the same one, in which all others have a language of their own."""
        if original.translation_of_id or (self.pk and self.translations.exists()):
            raise ValidationError({"translation_of": _("Please choose the post that all translations were made from.")})
        if original.language == self.language:
            raise ValidationError({"translation_of": _("That post has the same language as this one.")})

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
    history = Revisions()

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
