"""(d) Ours, with every service and every vendor's SDK imported at start: what most templates do."""

from importlib import import_module

from coachwork.aws_lambda import app, handler
from coachwork.chassis.settings import SERVICES
from coachwork.main import load_all
from coachwork.services.registry import selected

for name in ("argon2", "boto3", "jwt", "langgraph.graph", "openai", "psycopg", "psycopg_pool", "supabase"):
    import_module(name)
load_all(app, selected(SERVICES))

__all__ = ["handler"]
