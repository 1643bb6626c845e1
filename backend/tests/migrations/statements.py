"""The SQL of the application, read from its source: each statement, and the class its rows become."""

import ast
import inspect
from collections.abc import Iterator
from dataclasses import MISSING, dataclass, fields
from importlib import import_module
from pathlib import Path
from types import ModuleType

from tests.conftest import BACKEND

SOURCE = BACKEND / "src"
METHODS = {"all": 1, "one": 1, "value": 0, "execute": 0, "execute_many": 0}
"""The methods of a session, by where in their arguments the statement is."""


@dataclass(frozen=True)
class Statement:
    """One call of a session: where it is, its SQL, and the class of its rows, if it makes some.

    The SQL is None where it is not a constant, nor made of constants of its module.
    """

    place: str
    sql: str | None
    row: type | None

    @property
    def columns(self) -> tuple[set[str], set[str]]:
        """Which columns the class wants, and which it takes."""
        assert self.row is not None
        found = [one for one in fields(self.row) if one.init]  # type: ignore[arg-type]  # rows are dataclasses
        wanted = {one.name for one in found if one.default is MISSING and one.default_factory is MISSING}
        return wanted, {one.name for one in found}


def statements() -> Iterator[Statement]:
    """Yield every statement a service or the chassis gives to a session."""
    for path in sorted((SOURCE / "coachwork").rglob("*.py")):
        text = path.read_text()
        if "session." in text and "chassis/sql" not in path.as_posix():
            yield from _in_module(import_module(_name(path)), ast.parse(text))


def _name(path: Path) -> str:
    return ".".join(path.relative_to(SOURCE).with_suffix("").parts)


def _in_module(module: ModuleType, tree: ast.Module) -> Iterator[Statement]:
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and _is_of_a_session(call):
                    yield _statement(module, function, call)


def _is_of_a_session(call: ast.Call) -> bool:
    called = call.func
    return (
        isinstance(called, ast.Attribute)
        and called.attr in METHODS
        and isinstance(called.value, ast.Name)
        and called.value.id == "session"
    )


def _statement(module: ModuleType, function: ast.FunctionDef, call: ast.Call) -> Statement:
    assert isinstance(call.func, ast.Attribute)
    position = METHODS[call.func.attr]
    place = f"{module.__name__.removeprefix('coachwork.')}:{call.lineno}"
    try:
        sql = _evaluated(module, function, call.args[position])
        row = _evaluated(module, function, call.args[0]) if position else None
    except NameError:
        return Statement(place, None, None)
    return Statement(place, str(sql), row if inspect.isclass(row) else None)


def _evaluated(module: ModuleType, function: ast.FunctionDef, expression: ast.expr) -> object:
    """Return what an expression of module-level names, and of constants the function gives names to, is."""
    local = {
        target.id: node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and isinstance(node.value, ast.Constant | ast.BinOp | ast.JoinedStr)
    }
    names = dict(vars(module))
    for name, value in local.items():
        names[name] = eval(compile(ast.Expression(value), place_of(module), "eval"), dict(names))
    return eval(compile(ast.Expression(expression), place_of(module), "eval"), names)


def place_of(module: ModuleType) -> str:
    """Return the module's file, for messages."""
    return module.__file__ or module.__name__
