"""Settings -> frozen Resources: the only module that names an adapter, and imports it only when it is first used."""

from collections.abc import Callable
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from coachwork.chassis.resources import Resources
from coachwork.chassis.settings import Settings

if TYPE_CHECKING:
    from coachwork.chassis.identity.port import IdentityProvider, TokenVerifier
    from coachwork.chassis.identity.throttle import LoginThrottle
    from coachwork.chassis.models import ChatModel, Embedder
    from coachwork.chassis.sql.database import Database
    from coachwork.chassis.vectors import VectorIndex

Part = TypeVar("Part")


def bootstrap(settings: Settings) -> Resources:
    """Return the resources `settings` describe; nothing is imported or connected until it is asked for."""
    database = _once(lambda: _database(settings))
    return Resources(
        settings=settings,
        database=database,
        identity_provider=_once(lambda: _identity_provider(settings, database)),
        token_verifier=_once(lambda: _token_verifier(settings)),
        login_throttle=_once(lambda: _login_throttle(database)),
        chat_model=_once(lambda: _chat_model(settings)),
        embedder=_once(lambda: _embedder(settings)),
        vector_index=cache(lambda name: _vector_index(settings, name)),
    )


def _once(build: Callable[[], Part]) -> Callable[[], Part]:
    """Build at the first call, then return the same; a build that fails is tried again by the next caller."""
    lock = Lock()
    built: list[Part] = []

    def get() -> Part:
        if not built:
            with lock:
                if not built:
                    built.append(build())
        return built[0]

    return get


def _database(settings: Settings) -> "Database":
    from coachwork.chassis.sql.database import Database

    assert settings.database_url is not None  # noqa: S101  settings refuse to load without it
    return Database(
        settings.database_url.get_secret_value(),
        pool_size=settings.database_pool_size,
        timeout_seconds=settings.database_timeout_seconds,
        require_safe_login=settings.is_production,
    )
