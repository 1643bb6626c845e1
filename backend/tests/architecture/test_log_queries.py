"""The questions kept for CloudWatch Logs Insights: in its language, and about what the code really logs.

No engine that runs here speaks the language, so each question is read by the part of its grammar that these need, and
each field and message it names is looked for in the lines that would be asked.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html
"""

import ast
import json
import logging
import re
import sys
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

from coachwork.chassis.observability import metrics
from coachwork.chassis.observability.logs import logger

ROOT = Path(__file__).parents[3]
MODULES = ROOT / "terraform" / "modules"
SOURCE = (MODULES / "dashboard" / "queries.tf").read_text(encoding="utf-8")
GATEWAY = "gateway-refusals"

COMMANDS = {"fields", "filter", "limit", "parse", "sort", "stats"}
FUNCTIONS = {"bin", "count", "ispresent", "max", "pct", "sum"}
WORDS = {"and", "as", "asc", "by", "desc", "in", "like", "or"}
DISCOVERED = {"@initDuration", "@maxMemoryUsed", "@message", "@timestamp", "@type"}
"""What Logs Insights finds by itself in the logs of a function."""

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<text>"[^"\n]*") | (?P<pattern>/(?:\\.|[^/\\\n])+/(?=\s|$)) | (?P<number>\d+[smhd]?(?![\w])) |
        (?P<name>@?[A-Za-z_]\w*) | (?P<mark>(?:!=|<=|>=|[=<>])(?!=)|[*/,|()\[\]])
    )""",
    re.VERBOSE,
)


@dataclass
class Query:
    """A question: its commands, what it calls things, which fields it asks for, and which messages it looks for."""

    commands: list[list[tuple[str, str]]]
    named: set[str] = field(default_factory=set)
    fields: set[str] = field(default_factory=set)
    messages: set[str] = field(default_factory=set)
    patterns: set[str] = field(default_factory=set)


def kept() -> dict[str, str]:
    """Return the questions that Terraform keeps, by name."""
    found = dict(re.findall(r"^    ([a-z-]+) += <<-EOT\n(.*?)^ +EOT$", SOURCE, re.MULTILINE | re.DOTALL))
    [gateway] = re.findall(r"query_string +=? ?<<-EOT\n(.*?)^ +EOT$", SOURCE, re.MULTILINE | re.DOTALL)
    return found | {GATEWAY: gateway}


def tokens(query: str) -> list[tuple[str, str]]:
    """Return the parts of a question; fails where something is none."""
    found, position, query = [], 0, query.strip()
    while position < len(query):
        match = _TOKEN.match(query, position)
        assert match, f"not understood: {query[position : position + 30]!r}"
        found.append((str(match.lastgroup), match[str(match.lastgroup)]))
        position = match.end()
    return found


def read(text: str) -> Query:
    """Return a question as it is understood; fails where it is not in the language."""
    parts, depth = tokens(text), 0
    query = Query([[]])
    for kind, value in parts:
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(value, 0)
        if (kind, value) == ("mark", "|") and depth == 0:
            query.commands.append([])
        else:
            query.commands[-1].append((kind, value))
    assert depth == 0
    for command in query.commands:
        _understand(command, query)
    return query


def _understand(command: list[tuple[str, str]], query: Query) -> None:
    (_, verb), *rest = command
    assert verb in COMMANDS
    if verb == "limit":
        assert [("number", rest[0][1])] == rest
        return
    after = [*rest[1:], ("", "")]
    for index, ((kind, value), (_, following)) in enumerate(zip(rest, after, strict=True)):
        before = rest[index - 1][1] if index else verb
        if kind == "pattern" and verb == "parse":
            query.named |= set(re.findall(r"\(\?<(\w+)>", value))
        elif kind == "name" and before == "as":
            query.named.add(value)
        elif kind == "name" and following == "(":
            assert value in FUNCTIONS
        elif kind == "name" and value not in WORDS | query.named:
            query.fields.add(value)
    query.messages |= set(_compared(rest))
    query.patterns |= {value[1:-1] for (_, name), (_, like), (_, value) in _triples(rest) if (name, like) == MATCHED}


MATCHED = ("message", "like")


def _triples(parts: list[tuple[str, str]]) -> list[tuple[tuple[str, str], ...]]:
    return list(zip(parts, parts[1:], parts[2:], strict=False))


def _compared(parts: list[tuple[str, str]]) -> list[str]:
    """Return the texts `message` is compared with: after `=`, or in a list."""
    said = " ".join(value for _, value in parts)
    lists = re.findall(r"\bmessage in \[([^\]]*)\]", said)
    return [*re.findall(r'(?<!@)\bmessage = "([^"]*)"', said), *re.findall(r'"([^"]*)"', " ".join(lists))]


@cache
def logged() -> dict[str, set[str]]:
    """Return what the code logs: each message, with the fields that are given with it somewhere."""
    found: dict[str, set[str]] = {}
    for path in (ROOT / "backend" / "src" / "coachwork").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if _is_logging(node):
                assert isinstance(node, ast.Call)
                message = node.args[0]
                if isinstance(message, ast.Constant):
                    found.setdefault(str(message.value), set()).update(_given(node))
    return found


def _is_logging(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "logger"
        and node.func.attr in {"info", "warning", "error", "exception"}
    )


def _given(call: ast.Call) -> set[str]:
    names = {keyword.arg for keyword in call.keywords if keyword.arg}
    spread = [node for one in call.keywords if one.arg is None for node in ast.walk(one.value)]
    return names | {
        str(key.value)
        for one in spread
        if isinstance(one, ast.Dict)
        for key in one.keys
        if isinstance(key, ast.Constant)
    }


def of_every_line() -> set[str]:
    """Return the fields every line has, one about an exception included, from the application's own logger."""
    try:
        int("none")
    except ValueError:
        failure = sys.exc_info()
    record = logging.LogRecord("coachwork", logging.ERROR, __file__, 1, "failed", None, failure)
    return set(json.loads(logger.registered_formatter.format(record)))


def of_metrics(capsys: pytest.CaptureFixture[str]) -> set[str]:
    """Return the fields of the lines that become metrics."""
    metrics.record_request(200, 1.0)
    metrics.record_tokens("fitness", "a-model", {"InputTokens": 1, "OutputTokens": 1})
    metrics.record_tokens("fitness", "a-model", {"EmbeddingTokens": 1})
    return {name for line in capsys.readouterr().out.splitlines() for name in json.loads(line)}


def of_the_gateway() -> set[str]:
    """Return the fields of the gateway's access log."""
    source = (MODULES / "api-gateway" / "main.tf").read_text(encoding="utf-8")
    [format_] = re.findall(r"log_format = jsonencode\(\{\n(.*?)^  \}\)", source, re.MULTILINE | re.DOTALL)
    return set(re.findall(r"^    (\w+) +=", format_, re.MULTILINE))


@pytest.mark.parametrize("question", kept())
class TestQuestions:
    """Each question."""

    def test_is_in_the_language(self, question: str) -> None:
        """Commands, functions, texts, patterns and brackets are as Logs Insights has them."""
        assert read(kept()[question]).commands

    def test_asks_for_messages_there_are(self, question: str) -> None:
        """Each message it looks for is one the code logs, word for word."""
        query, messages = read(kept()[question]), set(logged())
        assert set() == query.messages - messages
        assert all(any(re.search(pattern, one) for one in messages) for pattern in query.patterns)

    def test_asks_for_fields_there_are(self, question: str, capsys: pytest.CaptureFixture[str]) -> None:
        """Each field is in the lines it asks: in those of its messages, where it looks for some."""
        query, lines = read(kept()[question]), logged()
        if question == GATEWAY:
            there = of_the_gateway()
        else:
            looked_for = query.messages | {one for one in lines for some in query.patterns if re.search(some, one)}
            asked = [lines[one] for one in looked_for] or [*lines.values(), of_metrics(capsys)]
            there = DISCOVERED | of_every_line() | set().union(*asked)
        assert set() == query.fields - there


class TestReading:
    """The reader itself refuses what is wrong."""

    @pytest.mark.parametrize(
        "wrong",
        [
            'filter message = "request',
            "filter message == 1",
            "where status > 1",
            "stats median(status) by route",
            "stats count(* by route",
            "limit many",
        ],
    )
    def test_what_is_none(self, wrong: str) -> None:
        """A text without an end, an operator, a command or a function there is not, an open bracket."""
        with pytest.raises(AssertionError):
            read(wrong)
