"""The spam hook: a frozen submission goes in, signals with points and evidence come out; pure, no Django."""

from comments.spam.judgement import Evidence, Judgement, Signal, Source, judge
from comments.spam.submission import Link, Submission, normalised

__all__ = ["Evidence", "Judgement", "Link", "Signal", "Source", "Submission", "judge", "normalised"]
