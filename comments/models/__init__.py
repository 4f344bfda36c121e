"""Comments, what was decided about them and why, and what must leave the machine because of them."""

from comments.models.comment import (
    DECIDED,
    MAX_DEPTH,
    MAX_LENGTH,
    MAX_NAME_LENGTH,
    Comment,
    CommentQuerySet,
    CommentSignal,
    redacted,
)
from comments.models.decision import AppendOnlyError, Decision
from comments.models.desk import (
    MAX_APPEAL_LENGTH,
    Appeal,
    Campaign,
    Claim,
    Moderator,
    Note,
    Sanction,
    Template,
)
from comments.models.housekeeping import RateWindow, Receipt, Sweep
from comments.models.mail import CONFIRMATION_DAYS, Confirmation, Contact, OutboxMail
from comments.models.spam import (
    Correction,
    LearnerState,
    MarkedHost,
    PolicyRevision,
    Proof,
    Rule,
    RuleHit,
    SketchPart,
    SourceHealth,
    new_mark,
)
from comments.models.status import DENIED, Status

__all__ = [
    "CONFIRMATION_DAYS",
    "DECIDED",
    "DENIED",
    "MAX_APPEAL_LENGTH",
    "MAX_DEPTH",
    "MAX_LENGTH",
    "MAX_NAME_LENGTH",
    "Appeal",
    "AppendOnlyError",
    "Campaign",
    "Claim",
    "Comment",
    "CommentQuerySet",
    "CommentSignal",
    "Confirmation",
    "Contact",
    "Correction",
    "Decision",
    "LearnerState",
    "MarkedHost",
    "Moderator",
    "Note",
    "OutboxMail",
    "PolicyRevision",
    "Proof",
    "RateWindow",
    "Receipt",
    "Rule",
    "RuleHit",
    "Sanction",
    "SketchPart",
    "SourceHealth",
    "Status",
    "Sweep",
    "Template",
    "new_mark",
    "redacted",
]
