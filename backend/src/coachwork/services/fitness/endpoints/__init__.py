"""The fitness service's router."""

from fastapi import APIRouter

router = APIRouter(prefix="/api/v1")
