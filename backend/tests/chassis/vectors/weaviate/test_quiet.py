"""Weaviate's client is heard of by nobody else, and by no process without it."""

import subprocess
import sys
from pathlib import Path
from textwrap import dedent

from tests.chassis.vectors.weaviate.stage import API_KEY

from rehearsal.vendors.weaviate_server import RunningWeaviate

SOURCE = Path(__file__).parents[4] / "src"


class TestQuiet:
    """Nobody else hears of it."""

    def test_the_client_connects_to_nobody_else(self, server: RunningWeaviate) -> None:
        """It asks no package registry whether it is old, and tells no vendor that it is used."""
        program = f"""
            import sys
            seen = set()
            def hook(event, arguments):
                if event == "socket.connect":
                    seen.add(arguments[1][0])
                elif event == "socket.getaddrinfo":
                    seen.add(arguments[0])
            sys.addaudithook(hook)
            from coachwork.chassis.vectors import Item
            from coachwork.chassis.vectors.weaviate.index import WeaviateIndex
            from coachwork.chassis.vectors.weaviate.server import Weaviate
            weaviate = Weaviate({server.url!r}, grpc_url={server.grpc_url!r}, api_key={API_KEY!r})
            index = WeaviateIndex(weaviate, "quiet", embedder="compass-1", dimensions=2)
            index.upsert([Item("a", "", (1.0, 0.0))])
            print(index.count(), index.search((1.0, 0.0), limit=1)[0].id, sorted(seen))
            weaviate.close()
        """
        assert "1 a ['127.0.0.1']" == run(program)

    def test_it_is_not_even_imported_for_chroma(self) -> None:
        """Its second and its megabytes are paid by who uses it."""
        program = """
            import sys
            from coachwork.bootstrap import bootstrap
            from coachwork.chassis.settings import Settings
            settings = Settings.load({
                "ENVIRONMENT": "development", "DATABASE_URL": "postgresql://u:p@h:5432/d",
                "AUTH_SIGNING_KEYS": "-----BEGIN PRIVATE KEY-----", "CHROMA_HTTP_URL": "http://127.0.0.1:1",
            })
            bootstrap(settings).vector_index("passages")
            print([name for name in ("weaviate", "grpc") if name in sys.modules])
        """
        assert "[]" == run(program)

    def test_warnings_are_shown_as_before(self, server: RunningWeaviate) -> None:
        """Importing the client changes that for the whole process, unless it is put back."""
        program = f"""
            import warnings
            before = list(warnings.filters)
            from coachwork.bootstrap import bootstrap
            from coachwork.chassis.settings import Settings
            settings = Settings.load({{
                "ENVIRONMENT": "development", "DATABASE_URL": "postgresql://u:p@h:5432/d",
                "AUTH_SIGNING_KEYS": "-----BEGIN PRIVATE KEY-----", "WEAVIATE_URL": {server.url!r},
                "WEAVIATE_GRPC_URL": {server.grpc_url!r}, "WEAVIATE_API_KEY": {API_KEY!r},
            }})
            count = bootstrap(settings).vector_index("passages").count()
            print(count, before == list(warnings.filters))
        """
        assert "0 True" == run(program)


def run(program: str) -> str:
    """Return what a Python program of its own prints."""
    environ = {"PYTHONPATH": str(SOURCE)}
    asked = [sys.executable, "-c", dedent(program)]
    return subprocess.run(asked, env=environ, capture_output=True, text=True, check=True).stdout.strip()
