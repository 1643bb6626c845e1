"""AWS Lambda's side of a function: its Runtime API, and the process that lives on it."""

from rehearsal.runtime.environment import ExecutionEnvironment, InitError, Invocation, RestoreError
from rehearsal.runtime.function import Credentials, Function

__all__ = ["Credentials", "ExecutionEnvironment", "Function", "InitError", "Invocation", "RestoreError"]
