"""AWS Lambda's side of a function: its Runtime API, and the process that lives on it."""

from rehearsal.runtime.environment import ExecutionEnvironment, Function, InitError, Invocation

__all__ = ["ExecutionEnvironment", "Function", "InitError", "Invocation"]
