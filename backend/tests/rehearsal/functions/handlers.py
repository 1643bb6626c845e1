"""Handlers of functions to serve, and the way to serve them."""

from collections.abc import Callable

from rehearsal.functions import LambdaService

Serve = Callable[..., LambdaService]
ECHO = "def handler(event, context): return event"
PID = """
    import os
    def handler(event, context):
        return os.getpid()
"""
WAITS = """
    import os, pathlib, time
    def handler(event, context):
        pathlib.Path(f"started-{os.getpid()}").touch()
        while not pathlib.Path("go").exists():
            time.sleep(0.01)
        return os.getpid()
"""
