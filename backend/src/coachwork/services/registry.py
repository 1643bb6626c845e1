"""Which services there are, which paths are theirs, and how their endpoints are loaded, lazily."""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from fastapi import APIRouter

from coachwork.chassis.http.services import Endpoints, Service


def _routers(service: str, *names: str) -> Callable[[], Sequence[APIRouter]]:
    """Return what imports these modules of a service's `endpoints` and takes the router of each."""

    def load() -> Sequence[APIRouter]:
        return [import_module(f"coachwork.services.{service}.endpoints.{name}").router for name in names]

    return load


def _handler(service: str, module: str, name: str) -> Callable[[], Any]:
    """Return what imports this module of a service's `service` and takes the function of this name from it."""

    def load() -> Any:
        return getattr(import_module(f"coachwork.services.{service}.service.{module}"), name)

    return load


_SERVICES = {
    "fitness": Service(
        "fitness",
        (
            Endpoints("/api/v1/users", _routers("fitness", "users")),
            Endpoints("/api/v1/health", _routers("fitness", "health")),
            Endpoints("/api/v1/exercises", _routers("fitness", "exercises")),
            Endpoints("/api/v1/progress", _routers("fitness", "performance", "charts")),
            Endpoints("/api/v1/profile", _routers("fitness", "profile")),
            Endpoints("/api/v1/body", _routers("fitness", "body")),
            Endpoints("/api/v1/goals", _routers("fitness", "goals")),
            Endpoints("/api/v1/nutrition", _routers("fitness", "nutrition")),
            Endpoints("/api/v1/feedback", _routers("fitness", "feedback_export")),
            Endpoints("/api/v1/memories", _routers("fitness", "memories")),
            Endpoints("/api/v1/usage", _routers("fitness", "usage")),
            Endpoints("/api/v1/programme-templates", _routers("fitness", "programme_templates")),
            Endpoints("/api/v1/programmes", _routers("fitness", "programmes")),
            Endpoints("/api/v1/sessions", _routers("fitness", "sessions", "session_exercises")),
            Endpoints("/api/v1/imports", _routers("fitness", "imports"), max_request_bytes=5_000_000),
            Endpoints("/api/v1/export", _routers("fitness", "export")),
            Endpoints("/api/v1/videos", _routers("fitness", "videos")),
            Endpoints("/api/v1/knowledge-base", _routers("fitness", "knowledge"), max_request_bytes=4_500_000),
            Endpoints("/api/v1/chat", _routers("fitness", "turns", "chat", "feedback")),
            # the workouts last: their /{workout_id} would take the others' paths
            Endpoints("/api/v1/workouts-db", _routers("fitness", "logs", "progress", "workouts")),
        ),
        {
            "fitness.chat_turn": _handler("fitness", "attempts", "run"),
            "fitness.thread_summary": _handler("fitness", "summaries", "run"),
        },
        prepare=_handler("fitness", "preparation", "prepare"),
    ),
    "knowledge": Service(
        "knowledge",
        (
            Endpoints(
                "/api/v1/documents",
                _routers("knowledge", "documents", "ingestion", "contents"),
                max_request_bytes=4_500_000,
            ),
            Endpoints("/api/v1/knowledge/collections", _routers("knowledge", "collections")),
            Endpoints("/api/v1/knowledge/search", _routers("knowledge", "search")),
            Endpoints("/api/v1/knowledge/stats", _routers("knowledge", "stats")),
            Endpoints("/api/v1/knowledge/chat", _routers("knowledge", "chat")),
            Endpoints("/api/v1/knowledge/threads", _routers("knowledge", "threads")),
            Endpoints("/api/v1/knowledge/shared", _routers("knowledge", "shared")),
            Endpoints("/api/v1/knowledge", _routers("knowledge", "erasure")),
        ),
        {
            "knowledge.chat_turn": _handler("knowledge", "attempts", "run"),
            "knowledge.ingest": _handler("knowledge", "ingestion", "run"),
        },
        arrivals={"documents": _handler("knowledge", "uploads", "arrived")},
        erase=_handler("knowledge", "erasure", "erase_account"),
    ),
}


def selected(names: Sequence[str]) -> list[Service]:
    """Return the services of these names, in the order given."""
    return [_SERVICES[name] for name in names]
