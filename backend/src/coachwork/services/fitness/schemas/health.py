"""The health report."""

from typing import Literal

from pydantic import ConfigDict

from coachwork.chassis.http.schemas import ResponseSchema


class HealthResponse(ResponseSchema):
    """The state of each part; `status` is "ok" only when every part is as it should be."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"status": "ok", "database": "connected", "rag": "initialized"}]}
    )

    status: Literal["ok", "unavailable"]
    database: Literal["connected", "unreachable"]
    rag: Literal["initialized", "empty", "unreachable"]
