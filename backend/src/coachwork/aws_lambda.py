"""Lambda entry points, nothing else."""

from mangum import Mangum

from coachwork.chassis.http.problems import MEDIA_TYPE
from coachwork.main import app_from_environment

# Mangum enters the ASGI lifespan at every call, hence "off"; problem+json is text, or it would leave as base64.
handler = Mangum(
    app_from_environment(),
    lifespan="off",
    text_mime_types=["text/", "application/json", MEDIA_TYPE],
)
