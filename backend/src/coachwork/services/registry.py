"""Which services there are, which paths are theirs, and how each is loaded, lazily."""

from collections.abc import Sequence

from fastapi import APIRouter

from coachwork.chassis.http.services import Service


def _fitness() -> APIRouter:
    from coachwork.services.fitness.endpoints import router

    return router


_SERVICES = {
    "fitness": Service(
        "fitness",
        (
            "/api/v1/health",
            "/api/v1/users",
            "/api/v1/profile",
            "/api/v1/exercises",
            "/api/v1/workouts-db",
            "/api/v1/chat",
        ),
        _fitness,
    ),
}


def selected(names: Sequence[str]) -> list[Service]:
    """Return the services of these names, in the order given."""
    return [_SERVICES[name] for name in names]
