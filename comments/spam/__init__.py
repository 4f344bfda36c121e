"""The spam hook: a frozen submission goes in, signals with points and evidence come out; pure, no Django."""

from comments.spam.judgement import Answer, Evidence, Judgement, Signal, Source, gap_name, judge, source_name
from comments.spam.submission import Link, Submission, find_links, normalised

__all__ = [
    "Answer",
    "Evidence",
    "Judgement",
    "Link",
    "Signal",
    "Source",
    "Submission",
    "find_links",
    "gap_name",
    "judge",
    "normalised",
    "source_name",
]
