"""Closes gaps of moto 5.2.5 by extending its own classes: one module a service, each with an `install` function.

Fit to be sent upstream, one by one; each is tested against the real boto3. moto is pinned exactly, for these touch
what it does not promise to keep.
"""

from importlib import import_module

_EXTENDED = frozenset(
    {
        "acm",
        "apigateway",
        "applicationautoscaling",
        "awslambda",
        "budgets",
        "cloudwatch",
        "codedeploy",
        "dynamodb",
        "ec2",
        "ecr",
        "iam",
        "logs",
        "s3",
        "sqs",
    }
)
"""The services of moto that are extended, each by the module of its name."""


def install(service: str) -> None:
    """Extend a service of moto, if there is anything to; may be called more than once.

    At the service's first request, for some of moto's modules take a second to load.
    """
    if service in _EXTENDED:
        import_module(f"{__name__}.{service}").install()
