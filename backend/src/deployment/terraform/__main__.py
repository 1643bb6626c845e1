"""`python -m deployment.terraform [--if-there]`: check the Terraform without a cloud; exit 1 where something is wrong.

With `--if-there`, a machine without Terraform is told so and no more; in CI (the variable is set) it still fails.
"""

import os
import sys

from deployment.terraform.check import badly_formatted, checked
from deployment.terraform.program import TerraformUnusable


def main(arguments: list[str]) -> int:
    """Print a line a folder and every complaint; return the exit code."""
    try:
        complaint = badly_formatted(os.environ)
        if complaint:
            return _refused(f"terraform fmt would change:\n{complaint}")
        complaints = 0
        for outcome in checked(os.environ):
            if outcome.complaint:
                complaints += _refused(f"terraform: {outcome.folder}\n{outcome.complaint}")
            else:
                sys.stdout.write(f"terraform: {outcome.folder}: {outcome.passed} tests passed\n")
    except TerraformUnusable as unusable:
        if "--if-there" in arguments and "CI" not in os.environ:
            sys.stdout.write(f"terraform: skipped: {unusable}\n")
            return 0
        return _refused(f"terraform: {unusable}")
    return min(complaints, 1)


def _refused(message: str) -> int:
    sys.stderr.write(message + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
