"""Closes gaps of moto 5.2.5 by extending its own classes: one module a service, each with an `install` function.

Fit to be sent upstream, one by one; each is tested against the real boto3. moto is pinned exactly, for these touch
what it does not promise to keep.
"""


def install() -> None:
    """Extend moto; may be called more than once."""
    from rehearsal.aws.extensions import (
        apigateway,
        applicationautoscaling,
        awslambda,
        budgets,
        codedeploy,
        iam,
        post_policies,
        s3,
        sqs,
    )

    for extension in (apigateway, applicationautoscaling, awslambda, budgets, codedeploy, iam, post_policies, s3, sqs):
        extension.install()
