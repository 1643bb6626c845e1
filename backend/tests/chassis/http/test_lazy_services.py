"""Services that are imported when they are first asked for."""

from fastapi import APIRouter
from starlette.testclient import TestClient

from coachwork.chassis.http.services import Endpoints, Service
from coachwork.chassis.resources import Resources
from coachwork.main import create_app

probe = APIRouter(prefix="/probe")


@probe.get("/here")
def get_here() -> str:
    """Answer."""
    return "here"


class TestLazyServices:
    """Endpoints load at the first request for their paths."""

    def test_liveness_loads_nothing(self, resources: Resources) -> None:
        """GET /health imports no service, and a request no endpoints but its own."""
        loaded: list[str] = []
        app = create_app(
            resources,
            [
                Service(
                    "probe",
                    [
                        Endpoints("/probe", lambda: loaded.append("probe") or [probe]),
                        Endpoints("/other", lambda: loaded.append("other") or []),
                    ],
                )
            ],
        )
        http = TestClient(app)
        assert {"status": "ok"} == http.get("/health").json()
        assert loaded == []
        http.get("/probe/here")
        http.get("/probe/here")
        assert loaded == ["probe"]
