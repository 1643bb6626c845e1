"""Writes the OpenAPI document: `python -m coachwork.tools.openapi [FILE]` (docs/openapi.json by default).

It describes every service and needs no environment: nothing connects before a request does.
"""

import json
from argparse import ArgumentParser
from pathlib import Path

from coachwork.bootstrap import bootstrap
from coachwork.chassis.http.documentation import openapi
from coachwork.chassis.settings import SERVICES, Settings
from coachwork.main import create_app, load_all
from coachwork.services.registry import selected

_DOCUMENT = Path(__file__).parents[4] / "docs" / "openapi.json"
_ENVIRONMENT = {
    "ENVIRONMENT": "development",
    "DATABASE_URL": "postgresql://nobody@localhost/nothing",
    "CHROMA_PATH": ".",
    "AUTH_SIGNING_KEYS": "-----BEGIN PRIVATE KEY-----",
}


def document() -> str:
    """Return the whole document as indented JSON, the same for the same code."""
    services = selected(SERVICES)
    app = create_app(bootstrap(Settings.load(_ENVIRONMENT)), services)
    load_all(app, services)
    return json.dumps(openapi(app), indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    """Write it, and say where."""
    parser = ArgumentParser(prog="python -m coachwork.tools.openapi", description="Write the OpenAPI document.")
    parser.add_argument("file", nargs="?", type=Path, default=_DOCUMENT, help="docs/openapi.json where left out")
    target: Path = parser.parse_args().file
    target.write_text(document(), encoding="utf-8")
    print(f"wrote {target}")  # noqa: T201  a command's answer


if __name__ == "__main__":
    main()
