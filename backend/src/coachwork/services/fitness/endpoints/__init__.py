"""The fitness service's router."""

from fastapi import APIRouter

from coachwork.services.fitness.endpoints import users

router = APIRouter(prefix="/api/v1")
router.include_router(users.router)
