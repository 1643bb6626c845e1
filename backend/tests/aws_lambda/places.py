"""What tests of the Lambda entry point share."""

from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).parents[3]
SOURCE = REPOSITORY / "backend" / "src"

Answer = dict[str, Any]
