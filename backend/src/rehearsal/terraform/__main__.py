"""`python -m rehearsal.terraform`: check the Terraform without a cloud; exit 1 where something is wrong."""

import os
import sys

from rehearsal.terraform.check import badly_formatted, checked
from rehearsal.terraform.program import TerraformUnusable


def main() -> int:
    """Print a line a folder and every complaint; return the exit code."""
    try:
        complaint = badly_formatted(os.environ)
        if complaint:
            return _refused(f"terraform fmt would change:\n{complaint}")
        for outcome in checked(os.environ):
            if outcome.complaint:
                return _refused(f"terraform: {outcome.folder}\n{outcome.complaint}")
            sys.stdout.write(f"terraform: {outcome.folder}: {outcome.passed} tests\n")
    except TerraformUnusable as unusable:
        return _refused(f"terraform: {unusable}")
    return 0


def _refused(message: str) -> int:
    sys.stderr.write(message + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
