"""The site's settings plus an empty view to compare with."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
