"""One event of a log as a person reads it: JSON unfolded, secrets blotted out."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

_FIRST = ("level", "message")
_LEFT_OUT = {"timestamp", "time", "location", "service", "cold_start", "function_arn", "function_memory_size"}
_LEFT_OUT |= {"function_name", "xray_trace_id", "_aws"}
_REPORT = re.compile(r"^REPORT RequestId: (\S+)\tDuration: ([\d.]+) ms.*?Max Memory Used: (\d+) MB(.*)", re.DOTALL)
_INIT = re.compile(r"(?:Init|Restore) Duration: ([\d.]+) ms")
_SECRETS = (
    (re.compile(r"(?i)\b(postgres(?:ql)?|https?)://([^:/\s@]+):[^@\s]+@"), r"\1://\2:***@"),
    (re.compile(r"\beyJ[\w-]{8,}\.[\w-]+\.[\w-]+"), "***"),
    (re.compile(r"\b(sk-|sb_secret_|sb_publishable_)[\w-]{8,}"), r"\1***"),
    (re.compile(r"(?i)\b(bearer\s+)[\w.~+/-]{8,}=*"), r"\1***"),
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----", re.DOTALL), "***"),
)
_SECRET_FIELD = re.compile(r"(?i)(password|secret|authorization|api_?key|_token$|^token$|signing_keys|database_url)")


def pretty(event: Mapping[str, Any], function: str) -> str:
    """Return an event of CloudWatch's as one line, or several where it has several; empty for what says nothing."""
    message = str(event["message"]).rstrip("\n")
    if message.startswith(("START RequestId", "END RequestId", "INIT_START")):
        return ""
    at = datetime.fromtimestamp(event["timestamp"] / 1000, UTC).astimezone().strftime("%H:%M:%S.%f")[:-3]
    return f"{at}  {function:<10} {_told(message)}".rstrip()


def _told(message: str) -> str:
    if found := _REPORT.match(message):
        init = _INIT.search(found[4])
        start = f", started in {float(init[1]):.0f} ms" if init else ""
        return f"REPORT   {float(found[2]):.0f} ms, {found[3]} MB{start}  {found[1]}"
    try:
        said = json.loads(message)
    except ValueError:
        return without_secrets(message)
    return _unfolded(said) if isinstance(said, dict) else without_secrets(message)


def _unfolded(said: Mapping[str, Any]) -> str:
    if "_aws" in said:  # metrics, which the dashboard shows
        return f"METRIC   {_fields(said)}"
    level, text = str(said.get("level", "")), said.get("message", "")
    told = text if isinstance(text, str) else json.dumps(text, ensure_ascii=False)
    trace = said.get("exception") or said.get("stack_trace")
    below = "\n".join(f"    {line}" for line in str(trace).splitlines()) if trace else ""
    return without_secrets(f"{level:<8} {told}  {_fields(said)}".rstrip() + (f"\n{below}" if below else ""))


def _fields(said: Mapping[str, Any]) -> str:
    left_out = {*_FIRST, *_LEFT_OUT, "exception", "stack_trace"}
    shown = {name: value for name, value in said.items() if name not in left_out and value not in (None, "")}
    return " ".join(f"{name}={_value(name, value)}" for name, value in shown.items())


def _value(name: str, value: Any) -> str:
    if _SECRET_FIELD.search(name):
        return "***"
    return without_secrets(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def without_secrets(text: str) -> str:
    """Return `text` with what looks like a key, a token or a password blotted out."""
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text
