"""Comments, and the signals that were seen when they were scored."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.decision import Decision
from comments.models.desk import Appeal, Campaign
from comments.models.spam import Proof
from comments.models.status import DENIED, Status
from comments.signal_words import told
from posts.models import Language, Post, published

MAX_LENGTH = 5000  # characters of a comment that is typed here; imported ones are kept whole
MAX_NAME_LENGTH = 80  # characters
DECIDED = (Status.APPROVED, Status.REJECTED, Status.SPAM)
MAX_DEPTH = 4  # replies below the first comment: five levels

COUNTERFACTUALS = {  # outcome, and what it would have been
    ("held", "published"): _("Held only because of “%(reason)s” (%(points)s); otherwise published."),
    ("held", "spam"): _("Held only because of “%(reason)s” (%(points)s); otherwise in the spam folder."),
    ("spam", "held"): _("In the spam folder only because of “%(reason)s” (%(points)s); otherwise held."),
    ("spam", "published"): _("In the spam folder only because of “%(reason)s” (%(points)s); otherwise published."),
    ("published", "held"): _("Published only because of “%(reason)s” (%(points)s); otherwise held."),
    ("published", "spam"): _("Published only because of “%(reason)s” (%(points)s); otherwise in the spam folder."),
}


COVER = {Language.ENGLISH: "[removed]", Language.KOREAN: "[가림]"}  # in place of a passage, in the post's language


def redacted(text: str, spans: Iterable[list[int]], *, language: str) -> str:
    """The text with each span of characters covered; the cover does not tell how long it was."""
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + COVER[Language(language)] + text[end:]
    return text


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible(self) -> CommentQuerySet:
        """What readers may see, the one place that decides it: approved, below a post that is public now."""
        return self.filter(published("post__"), status=Status.APPROVED)

    def waiting(self) -> CommentQuerySet:
        return self.filter(status=Status.PENDING)

    def with_titles(self) -> CommentQuerySet:
        """With their posts, and without what lists do not show: HTML, and the text of the posts."""
        return self.select_related("post").defer("html", "post__body", "post__html", "post__excerpt")

    def counts(self) -> dict[str, int]:
        """The number of comments in each status. One query."""
        counted = dict(self.order_by().values_list("status").annotate(models.Count("pk")))
        return {status: counted.get(status, 0) for status in Status}

    def to_score(self) -> CommentQuerySet:
        """What waits to be judged once more, or for the first time because it was imported."""
        due = Q(score_again_at__lte=timezone.now()) | Q(score_again_at=None, scored_at=None)
        return self.waiting().filter(due).order_by("pk")

    def refused_until(self, moment: datetime.datetime) -> CommentQuerySet:
        """Rejected or spam since then or longer, and not erased after that; oldest first. An appeal gets as long."""
        appeal = Appeal.objects.filter(comment=models.OuterRef("pk"), refused_at=None, made_at__gt=moment)
        due = self.filter(
            Q(purged_at=None) | Q(purged_at__lt=models.F("status_since")),
            status__in=DENIED,
            status_since__lte=moment,
        )
        return due.exclude(models.Exists(appeal)).order_by("status_since", "pk")

    def covered_until(self, moment: datetime.datetime) -> CommentQuerySet:
        """Published with passages that are covered, about which nobody has decided anything since then."""
        decision = Decision.objects.filter(comment=models.OuterRef("pk"), made_at__gt=moment)
        covered = self.filter(status=Status.APPROVED, redactions__isnull=False)
        return covered.exclude(models.Exists(decision)).order_by("pk")

    def decided_by_people(self) -> CommentQuerySet:
        """Those whose status is what a moderator wanted, not the policy: it must not learn from itself."""
        decision = Decision.objects.standing().filter(comment=models.OuterRef("pk"), after=models.OuterRef("status"))
        return self.filter(models.Exists(decision.filter(by__isnull=False)), status__in=DECIDED)

    def decided_anywhere(self) -> CommentQuerySet:
        """Those that a person decided here, and those that came decided from elsewhere."""
        by_people = self.model.objects.decided_by_people().filter(pk=models.OuterRef("pk"))
        return self.filter(Q(models.Exists(by_people)) | Q(wordpress_id__isnull=False), status__in=DECIDED)

    def proven(self) -> CommentQuerySet:
        """Those whose author has proven who they are, was published by a person before and never refused."""
        same = Comment.objects.filter(proof=models.OuterRef("proof")).exclude(pk=models.OuterRef("pk"))
        published = same.filter(status=Status.APPROVED, pk__lt=models.OuterRef("pk")).decided_by_people()
        refused = same.filter(status__in=DENIED)
        return self.filter(models.Exists(published), ~models.Exists(refused), proof__isnull=False)


class Comment(models.Model):
    post = models.ForeignKey(Post, models.PROTECT, related_name="comment_set")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="replies")
    thread = models.ForeignKey("self", models.PROTECT, null=True, related_name="thread_replies")  # its first comment
    depth = models.PositiveSmallIntegerField(default=0)  # levels below the first comment
    name = models.CharField(max_length=245)  # longer than the form allows: WordPress's limit, for imports
    website = models.CharField(max_length=500, blank=True)
    body = models.TextField()  # exactly as sent
    html = models.TextField()  # derived from body, safe to show
    text_digest = models.CharField(max_length=64, blank=True)  # the same for near-identical texts; see moderation
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    revision = models.PositiveIntegerField(default=0)  # counts every change of status or text
    status_since = models.DateTimeField(default=timezone.now)  # the moderators' order: longest waiting, newest decided
    created_at = models.DateTimeField(default=timezone.now)  # readers are shown the day only
    score = models.FloatField(null=True)  # the sum of the signals' points; none before scoring
    threshold = models.FloatField(null=True)  # points from which the policy would have called it spam
    policy_version = models.PositiveSmallIntegerField(null=True)  # primary key of the PolicyRevision
    outcome = models.CharField(max_length=10, blank=True)  # what the policy made of it; see comments.policy.Outcome
    counterfactual = models.JSONField(null=True)  # the signal that decided: {"name", "points", "reason", "otherwise"}
    incomplete = models.BooleanField(default=False)  # a source gave no answer, so the policy did nothing but hold
    scored_at = models.DateTimeField(null=True)
    score_again_at = models.DateTimeField(null=True)  # if scoring does not finish, or a source gives no answer
    scoring_tries = models.PositiveSmallIntegerField(default=0)  # counted before any source is asked
    asking = models.CharField(max_length=60, blank=True)  # source that is asked now, if an earlier try did not finish
    learnt = models.CharField(max_length=4, blank=True)  # what the learner was told that it is: spam, ham or nothing
    proof = models.ForeignKey(Proof, models.SET_NULL, null=True, related_name="comments")
    proven_name = models.CharField(
        max_length=64, blank=True
    )  # where there is a proof: the same for names that look alike
    wordpress_id = models.PositiveBigIntegerField(null=True)
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)  # who wrote it as the publication
    language = models.CharField(max_length=2, blank=True)  # of the text, by its script; of the post if it has none
    risk = models.FloatField(default=0.0)  # the moderators' order by risk: the score, and far above it the careful eye
    careful = models.BooleanField(default=False)  # something in it may endanger people
    blind = models.BooleanField(default=False)  # spam by its score, laid before moderators to see how often that errs
    campaign = models.ForeignKey(Campaign, models.SET_NULL, null=True, related_name="comments")
    redactions = models.JSONField(null=True)  # [[start, end], ...]: characters of body that moderators covered
    purged_at = models.DateTimeField(null=True)  # when the text as it was entered was erased

    objects = CommentQuerySet.as_manager()

    class Meta:
        permissions = [("moderate_comment", "Can moderate comments")]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(name="comment_status_known", condition=Q(status__in=Status.values)),
            models.CheckConstraint(name="comment_depth_limited", condition=Q(depth__lte=MAX_DEPTH)),
            models.CheckConstraint(
                name="comment_withdrawn_is_erased", condition=~Q(status="withdrawn") | Q(body="", html="")
            ),
            models.CheckConstraint(name="comment_name_is_proven", condition=Q(proof__isnull=False) | Q(proven_name="")),
            models.UniqueConstraint(name="comment_imported_once", fields=["post", "wordpress_id"]),
        ]
        indexes = [
            # Whole indexes, not partial ones: SQLite cannot match a partial index with a bound parameter.
            models.Index(name="comment_visible", fields=["post", "status", "created_at", "id"]),  # a post's page, feed
            models.Index(name="comment_queue", fields=["status", "status_since", "id"]),  # the moderators' views
            models.Index(name="comment_same_text", fields=["text_digest", "created_at"]),  # repeated text
            models.Index(name="comment_by_risk", fields=["status", "-risk", "id"]),  # the queue, worst first
            models.Index(
                name="comment_by_post", fields=["status", "post", "status_since", "id"]
            ),  # the queue of a post
            models.Index(name="comment_by_language", fields=["status", "language", "status_since", "id"]),  # the queue
            models.Index(name="comment_campaign", fields=["campaign", "status", "status_since", "id"]),  # its members
            models.Index(name="comment_by_name", fields=["name"]),  # the same typed name
            models.Index(
                name="comment_erasable",
                fields=["status", "status_since", "id"],
                condition=Q(purged_at=None) | Q(purged_at__lt=models.F("status_since")),
            ),  # what has been refused for long
            models.Index(name="comment_covered", fields=["status", "id"], condition=Q(redactions__isnull=False)),
            models.Index(name="comment_unscored", fields=["status", "scored_at"]),  # the worker
            models.Index(name="comment_score_again", fields=["status", "score_again_at"]),  # the worker, too
            # Partial all the same: neither "careful" alone nor "IS NOT NULL" has a parameter.
            models.Index(
                name="comment_careful", fields=["status", "status_since", "id"], condition=Q(careful=True)
            ),  # the queue
            models.Index(
                name="comment_name", fields=["proven_name"], condition=Q(proof__isnull=False)
            ),  # unproven names
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def counterfactual_in_words(self) -> str:
        """One sentence: the signal that decided, and what would have become of the comment without it."""
        because = self.counterfactual or {}
        sentence = COUNTERFACTUALS.get((self.outcome, because.get("otherwise", "")))
        return (
            sentence % {"reason": told(because["reason"]).rstrip("."), "points": f"{because['points']:+.1f}"}
            if sentence
            else ""
        )

    @property
    def public_text(self) -> str:
        """The text as others may see it: without the passages that a moderator covered."""
        return redacted(self.body, self.redactions or [], language=self.post.language)

    @property
    def is_erased(self) -> bool:
        """Whether nothing of the text is left, because it was refused long ago."""
        return self.purged_at is not None and not self.body

    @property
    def is_visible(self) -> bool:
        return self.status == Status.APPROVED and self.post.is_published


class CommentSignal(models.Model):
    """A signal as it was when the comment was scored. Their points add up to the comment's score."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="signals")
    name = models.CharField(max_length=60)
    points = models.FloatField()
    unweighted = models.FloatField(null=True)  # points before the policy's factor; none: there was no factor
    reason = models.CharField(max_length=300)
    evidence = models.JSONField(null=True)  # {"field", "start", "end", "quote"}

    class Meta:
        default_permissions = ()
        ordering = ["-points", "pk"]
        indexes = [models.Index(name="signal_by_name", fields=["name", "comment"])]  # the queue of one signal

    def __str__(self) -> str:
        return self.name
