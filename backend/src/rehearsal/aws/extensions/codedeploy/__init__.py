"""CodeDeploy for Lambda, which moves an alias from one version to the next."""

from rehearsal.aws.extensions.codedeploy import deployments, groups

__all__ = ["install"]


def install() -> None:
    """Put what works in place of moto's own."""
    groups.install()
    deployments.install()
