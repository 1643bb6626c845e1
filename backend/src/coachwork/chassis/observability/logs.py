"""The one logger: JSON lines on standard output, as CloudWatch Logs Insights reads them.

Never pass it a secret, a token, or the text of a message: ids, counts and durations only.
"""

import logging

from aws_lambda_powertools import Logger

logging.logAsyncioTasks = False  # type: ignore[attr-defined]  # since 3.12 each line would name its task

logger = Logger(service="coachwork", level="INFO", log_uncaught_exceptions=False)


def configure(level: str) -> None:
    """Set the level the settings ask for."""
    logger.setLevel(level)
