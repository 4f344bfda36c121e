"""The settings of a site with a source of signals that ends every process which asks it."""

from config.settings import *  # noqa: F403

SPAM_SIGNALS = ["comments.spam.signals.behaviour.honeypot", "tests.comments.broken_sources.ends_its_process"]
