"""What single environment variables may hold: each a type that says what it wants instead."""

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr
from pydantic_settings import NoDecode

from coachwork.chassis.sql.url import normalised_database_url


def split_at_commas(value: object) -> object:
    """Return the parts of a list, each without its blanks; what is no text, as it is."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def _http_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("wants a URL like https://host or http://127.0.0.1:8000")
    return value.rstrip("/")


def _origin(value: str) -> str:
    if value == "*":
        return value
    parts = urlsplit(_http_url(value))
    if parts.path or parts.query or parts.fragment:
        raise ValueError(f"wants origins like https://app.example.com, without a path: {value!r}")
    return value.rstrip("/")


def _server_url(value: str) -> str:
    parts = urlsplit(_http_url(value))
    if parts.path.strip("/") or parts.query or parts.fragment or not _has_port_or_none(value):
        raise ValueError("wants a URL like https://host or http://127.0.0.1:8080, without a path")
    return value.rstrip("/")


def _has_port_or_none(url: str) -> bool:
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


def _database_url(value: object) -> object:
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    return SecretStr(normalised_database_url(value)) if isinstance(value, str) else value


def _root_path(value: str) -> str:
    if value and not re.fullmatch(r"(/[A-Za-z0-9._~-]+)+", value):
        raise ValueError("wants a path like /production, without a slash at the end")
    return value


def _bucket_name(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", value):
        raise ValueError("wants an S3 bucket name: 3 to 63 lower-case letters, digits, dots and hyphens")
    return value


def _table_name(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_.-]{3,255}", value):
        raise ValueError("wants a DynamoDB table name: 3 to 255 letters, digits, dots, hyphens and underscores")
    return value


BucketName = Annotated[str, AfterValidator(_bucket_name)]
DatabaseUrl = Annotated[SecretStr, BeforeValidator(_database_url)]
HttpUrl = Annotated[str, AfterValidator(_http_url)]
Origins = Annotated[tuple[Annotated[str, AfterValidator(_origin)], ...], NoDecode, BeforeValidator(split_at_commas)]
RootPath = Annotated[str, AfterValidator(_root_path)]
ServerUrl = Annotated[str, AfterValidator(_server_url)]
TableName = Annotated[str, AfterValidator(_table_name)]
