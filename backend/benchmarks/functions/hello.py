"""(b) FastAPI and Mangum, with nothing of ours."""

from fastapi import FastAPI
from mangum import Mangum

app = FastAPI()


@app.get("/health")
async def get_health() -> dict[str, str]:
    """Say that the process answers."""
    return {"status": "ok"}


handler = Mangum(app, lifespan="off")
