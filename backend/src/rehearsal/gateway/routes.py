"""Which route takes a path, by API Gateway's order: literal before parameter before greedy, method before ANY.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rehearsal.gateway.api import DEFAULT_STAGE, Api, Route, Stage

_LITERAL, _PARAMETER, _GREEDY, _REST = 3, 2, 1, 0


@dataclass(frozen=True)
class Match:
    """The route, and the values of its path's parameters, encoded as they came."""

    route: Route
    parameters: Mapping[str, str]


def split_stage(api: Api, path: str) -> tuple[Stage, str] | None:
    """Return the stage that the path begins with and the rest of it.

    `$default` has no part in the path, nor has the stage behind a domain; one address serves domain and stage here.
    """
    name, _, rest = path.removeprefix("/").partition("/")
    if name != DEFAULT_STAGE and name in api.stages and api.has_default_endpoint:
        return api.stages[name], f"/{rest}"
    default = api.stages.get(api.mapped_stage or DEFAULT_STAGE)
    return (default, path) if default else None


def match(routes: Iterable[Route], method: str, path: str) -> Match | None:
    """Return the best route for the path, if there is any."""
    segments = [segment for segment in path.strip("/").split("/") if segment]
    best: tuple[list[int], Match] | None = None
    for route in routes:
        if route.method not in {method, "ANY"}:
            continue
        fit = _fit(route, segments)
        if fit is None:
            continue
        rank = [*fit[0], int(route.method != "ANY")]
        if best is None or rank > best[0]:
            best = rank, Match(route, fit[1])
    return best[1] if best else None


def _fit(route: Route, segments: list[str]) -> tuple[list[int], dict[str, str]] | None:
    """Return how well the route fits, segment by segment, and its parameters."""
    if route.path == DEFAULT_STAGE:
        return [_REST], {}
    names = [name for name in route.path.split("/") if name]
    ranks: list[int] = []
    parameters: dict[str, str] = {}
    for index, name in enumerate(names):
        if index >= len(segments):
            return None
        if name.endswith("+}"):
            return [*ranks, _GREEDY], parameters | {name[1:-2]: "/".join(segments[index:])}
        if name.startswith("{"):
            ranks.append(_PARAMETER)
            parameters[name[1:-1]] = segments[index]
        elif name == segments[index]:
            ranks.append(_LITERAL)
        else:
            return None
    return (ranks, parameters) if len(names) == len(segments) else None
