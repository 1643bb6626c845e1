"""The fitness service's router."""

from fastapi import APIRouter

from coachwork.services.fitness.endpoints import chat, exercises, health, logs, profile, progress, users, workouts

router = APIRouter(prefix="/api/v1")
router.include_router(users.router)
router.include_router(health.router)
router.include_router(exercises.router)
router.include_router(profile.router)
router.include_router(chat.router)
# before the workouts, whose /{workout_id} would take their paths
router.include_router(logs.router)
router.include_router(progress.router)
router.include_router(workouts.router)
