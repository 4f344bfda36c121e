"""Redis for what can be made afresh: while it does not answer, a page is slower and nothing fails."""

import logging
from collections.abc import Callable
from time import monotonic
from typing import Any

from django.core.cache.backends import redis
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

PAUSE = 2  # seconds in which a process does not ask again, so that a server that hangs does not hold up every reader


class RedisCache(redis.RedisCache):
    """What Tumen asks of a cache."""

    pause_until = 0.0  # by time.monotonic(); one for all threads, each of which has a cache of its own

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._asked(super().get, key, default, version, otherwise=default)

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return bool(self._asked(super().add, key, value, timeout, version, otherwise=False))

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._asked(super().set, key, value, timeout, version, otherwise=None)

    def clear(self) -> None:
        """Raises OSError where Redis does not answer: whoever clears a cache relies on it."""
        try:
            super().clear()
        except RedisError as error:
            raise ConnectionError(f"Redis does not answer: {error}") from error

    def _asked(self, question: Callable[..., Any], *arguments: Any, otherwise: Any) -> Any:
        if monotonic() < RedisCache.pause_until:
            return otherwise
        try:
            return question(*arguments)
        except RedisError as error:
            RedisCache.pause_until = monotonic() + PAUSE
            logger.warning("Redis does not answer: %s", error)
            return otherwise
