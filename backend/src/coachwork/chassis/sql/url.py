"""Database URLs: the spellings people paste, made into the one libpq understands."""

from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

_SCHEMES = ("postgresql", "postgres")
_LIBPQ_PARAMETERS = frozenset(
    {
        "application_name",
        "channel_binding",
        "connect_timeout",
        "gssencmode",
        "host",
        "options",
        "port",
        "sslcert",
        "sslkey",
        "sslmode",
        "sslrootcert",
        "target_session_attrs",
    }
)


def normalised_database_url(value: str) -> str:
    """Return `value` as `postgresql://user:password@host:port/database?libpq-parameters`.

    Takes `postgres://`, SQLAlchemy's `postgresql+driver://`, passwords with unescaped `@`, `#`, `/` or `:`, and
    parameters of other clients (`pgbouncer=true`, `schema=public`), which libpq would refuse.

    Raises:
        ValueError: not a Postgres URL, or one with a placeholder left in it.
    """
    scheme, separator, rest = value.strip().partition("://")
    if not separator or scheme.partition("+")[0] not in _SCHEMES:
        raise ValueError("wants a URL like postgresql://user:password@host:5432/database")
    if "[" in rest.rpartition("@")[0]:
        raise ValueError("still has a placeholder in brackets where the password belongs")
    credentials, at, location = rest.rpartition("@")
    parts = urlsplit(f"postgresql://{location}")
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    if not (parts.hostname or query.get("host")) or not parts.path.strip("/"):
        raise ValueError("wants a host and a database: postgresql://user:password@host:5432/database")
    _check_port(parts.netloc)
    kept = urlencode({key: text for key, text in query.items() if key in _LIBPQ_PARAMETERS}, quote_via=quote)
    return urlunsplit(("postgresql", f"{_escaped(credentials)}{at}{parts.netloc}", parts.path, kept, ""))


def _escaped(credentials: str) -> str:
    user, colon, password = credentials.partition(":")
    return f"{_escape(user)}{colon}{_escape(password)}"


def _escape(text: str) -> str:
    return quote(unquote(text), safe="")


def _check_port(netloc: str) -> None:
    try:
        urlsplit(f"postgresql://{netloc}").port  # noqa: B018  the property is what checks
    except ValueError:
        raise ValueError("wants a port between 1 and 65535") from None
