"""Metric math, of which alarms use little: arithmetic, comparisons, IF, FILL, SUM, AVG, MIN, MAX, METRICS(); pure.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
"""

import ast
import operator
import re
from collections.abc import Callable, Mapping
from statistics import fmean
from typing import Any

Value = float | list[float | None] | None
"""One period's value: of a metric, None where nothing arrived; or of several."""

_ARITHMETIC: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_COMPARISONS: Mapping[type[ast.cmpop], Callable[[float, float], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_OVER_SEVERAL: Mapping[str, Callable[[list[float]], float]] = {"AVG": fmean, "MAX": max, "MIN": min, "SUM": sum}
_WORDS = re.compile(r"\b(AND|OR)\b")


class UnknownExpression(ValueError):
    """An expression with something in it that is not played here."""


def evaluate(expression: str, metrics: Mapping[str, float | None], known: Mapping[str, float | None]) -> float | None:
    """Return the value of an expression in one period; None where it has none.

    Args:
        expression: as the alarm has it.
        metrics: what METRICS() means: the metrics by their ids.
        known: all that ids may name: the metrics, and expressions that were evaluated before.

    Raises:
        UnknownExpression: it has something that is not played here.
    """
    try:
        tree = ast.parse(_WORDS.sub(lambda word: word[1].lower(), expression.strip()), mode="eval")
    except SyntaxError as error:
        raise UnknownExpression(f"{expression} cannot be read") from error
    value = _Evaluation(metrics, known).of(tree.body)
    if isinstance(value, list):
        raise UnknownExpression(f"{expression} has several values")
    return value


class _Evaluation:
    def __init__(self, metrics: Mapping[str, float | None], known: Mapping[str, float | None]) -> None:
        self._metrics = metrics
        self._known = known

    def of(self, node: ast.expr) -> Value:
        match node:
            case ast.Constant(value=int() | float() as number):
                return float(number)
            case ast.Name(id=name) if name in self._known:
                return self._known[name]
            case ast.List(elts=items):
                return [self._single(item) for item in items]
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return self._call(name, arguments)
            case _:
                return self._operation(node)

    def _operation(self, node: ast.expr) -> float | None:
        match node:
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                value = self._single(operand)
                return None if value is None else -value
            case ast.BinOp(left=left, op=kind, right=right) if type(kind) in _ARITHMETIC:
                return _both(_ARITHMETIC[type(kind)], self._single(left), self._single(right))
            case ast.Compare(left=left, ops=[kind], comparators=[right]) if type(kind) in _COMPARISONS:
                return _both(_COMPARISONS[type(kind)], self._single(left), self._single(right))
            case ast.BoolOp(op=kind, values=values):
                truths = [bool(self._single(value)) for value in values]
                return float(all(truths) if isinstance(kind, ast.And) else any(truths))
            case _:
                raise UnknownExpression(f"{ast.unparse(node)} is not played here")

    def _call(self, name: str, arguments: list[ast.expr]) -> Value:
        match name, arguments:
            case "METRICS", []:
                return list(self._metrics.values())
            case "METRICS", [ast.Constant(value=str() as part)]:
                return [value for key, value in self._metrics.items() if part in key]
            case "IF", [condition, then, *otherwise]:
                chosen = [then] if self._single(condition) else otherwise
                return self._single(chosen[0]) if chosen else None
            case "FILL", [filled, ast.Constant(value=int() | float() as number)]:
                value = self._single(filled)
                return float(number) if value is None else value
            case _, [several] if name in _OVER_SEVERAL:
                return self._over(_OVER_SEVERAL[name], several)
            case _:
                raise UnknownExpression(f"{name}() is not played here")

    def _over(self, function: Callable[[list[float]], float], node: ast.expr) -> float | None:
        found: Any = self.of(node)
        values = [value for value in (found if isinstance(found, list) else [found]) if value is not None]
        return function(values) if values else None

    def _single(self, node: ast.expr) -> float | None:
        value = self.of(node)
        if isinstance(value, list):
            raise UnknownExpression(f"{ast.unparse(node)} has several values")
        return value


def _both(function: Callable[[float, float], float], left: float | None, right: float | None) -> float | None:
    """What lacks a side, or divides by nothing, has no value."""
    if left is None or right is None:
        return None
    try:
        return float(function(left, right))
    except ZeroDivisionError:
        return None
