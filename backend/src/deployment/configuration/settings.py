"""The settings that are kept in the account's secrets: what each is, and which form it has."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

OWNER = "MIGRATION_DATABASE_URL"
"""Goes into a secret of its own, which no function may read."""

SIGNING_KEYS = "AUTH_SIGNING_KEYS"
_DATABASE = "DATABASE_URL"
_SCHEMES = {"postgres", "postgresql"}
_UNBOUND_LOGINS = {"postgres", "supabase_admin", "rdsadmin", "service_role", "root"}
"""Logins that own tables or pass over row level security: what they forget to filter, everybody sees."""

_SUPABASE_KEY = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]*|sb_(publishable|secret)_[\w-]+")

Validator = Callable[[str, Mapping[str, str]], str]
"""Returns what is wrong with a value, given all values; empty when nothing is. The value itself is in no complaint."""


@dataclass(frozen=True)
class Setting:
    """A setting that can be stored."""

    name: str
    what: str
    validate: Validator
    is_secret: bool = True

    def complaint(self, value: str, values: Mapping[str, str]) -> str:
        """Return what is wrong with a value, given all values; empty when nothing is."""
        return _as_pasted(self.name, value) or self.validate(value, values)


def known_settings() -> dict[str, Setting]:
    """Return every setting by name, in the order it is asked for."""
    return {one.name: one for one in _SETTINGS}


def format_errors(values: Mapping[str, str]) -> list[str]:
    """Return what is wrong with the forms of these values, a line each; no line holds a value."""
    names = known_settings()
    strange = [f"{name}: is no setting that is kept here" for name in values if name not in names]
    told = [(name, names[name].complaint(value, values)) for name, value in sorted(values.items()) if name in names]
    return [*strange, *(f"{name}: {complaint}" for name, complaint in told if complaint)]


def missing_names(values: Mapping[str, str], settings: Mapping[str, str], *, is_production: bool) -> list[str]:
    """Return the names that are still to be given, for what is chosen so far; `settings` are those that lie open."""
    given = {**values, **settings}
    names = [_DATABASE, OWNER]
    match given.get("AUTH_PROVIDER"):
        case None:
            names.append("AUTH_PROVIDER")
        case "supabase":
            names += ["SUPABASE_URL", "SUPABASE_KEY", "SUPABASE_SERVICE_ROLE_KEY"]
        case _:
            names.append(SIGNING_KEYS)
    if is_production:
        names.append("OPENAI_API_KEY")
    names += _index_names(given)
    return [name for name in names if name not in given]


def _index_names(given: Mapping[str, str]) -> list[str]:
    if given.get("CHROMA_CLOUD_API_KEY"):
        return ["CHROMA_CLOUD_TENANT", "CHROMA_CLOUD_DATABASE"]
    return [] if given.get("WEAVIATE_URL") or given.get("CHROMA_HTTP_URL") else ["CHROMA_HTTP_URL"]


def login_of(url: str) -> str:
    """Return the login of a database URL; Supabase's pooler takes it as `login.project`."""
    return unquote(urlsplit(url).username or "").partition(".")[0]


def _as_pasted(name: str, value: str) -> str:
    """Return what came along when it was copied: quotes, line breaks, spaces."""
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return "is in quotes: give it without them"
    if name != SIGNING_KEYS and (value != value.strip() or not value.isprintable()):
        return "holds a line break, or begins or ends with a space"
    return ""


def _database(value: str, _: Mapping[str, str]) -> str:
    try:
        parts = urlsplit(value)
        is_whole = parts.hostname and parts.username and parts.path.strip("/") and (parts.port or 1)
    except ValueError:
        is_whole = False
    if not is_whole or urlsplit(value).scheme not in _SCHEMES:
        return (
            "wants a URL like postgresql://login:password@host:5432/database"
            " (in the password %2F stands for /, %3F for ?, %23 for #)"
        )
    return ""


def _application_database(value: str, values: Mapping[str, str]) -> str:
    if wrong := _database(value, values):
        return wrong
    login = login_of(value)
    if login in _UNBOUND_LOGINS:
        return f"its login {login} is bound by no row level security; use coachwork_app, which the migrations make"
    if values.get(OWNER) and login == login_of(values[OWNER]):
        return f"its login {login} is also that of {OWNER}, which owns the tables; use coachwork_app"
    return ""


def _url(value: str, _: Mapping[str, str]) -> str:
    try:
        parts = urlsplit(value)
        is_local = parts.hostname in {"127.0.0.1", "localhost"}
        is_usable = bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and is_local))
    except ValueError:
        is_usable = False
    return "" if is_usable and not parts.username else "wants a URL that begins with https:// and has no login"


def _supabase_url(value: str, values: Mapping[str, str]) -> str:
    if _url(value, values) or urlsplit(value).path.strip("/"):
        return "wants the project's URL, like https://abcdefghijklmnopqrst.supabase.co"
    return ""


def _supabase_key(value: str, values: Mapping[str, str]) -> str:
    is_hosted = (urlsplit(values.get("SUPABASE_URL", "")).hostname or ".supabase.co").endswith(".supabase.co")
    if not is_hosted:  # whoever hosts Supabase themselves makes its keys as they like
        return _text(value, values)
    if _SUPABASE_KEY.fullmatch(value):
        return ""
    return "wants a key of Supabase's: it begins with sb_publishable_ or sb_secret_, or with eyJ where it is older"


def _service_role_key(value: str, values: Mapping[str, str]) -> str:
    if value.startswith("sb_publishable_") or value == values.get("SUPABASE_KEY"):
        return "is the project's public key; wants the secret one (sb_secret_, or service_role)"
    return _supabase_key(value, values)


def _openai_key(value: str, values: Mapping[str, str]) -> str:
    if values.get("OPENAI_BASE_URL"):  # another server that speaks OpenAI's protocol has keys of its own kind
        return _text(value, values)
    return "" if re.fullmatch(r"sk-[\w-]{8,}", value) else "wants a key of OpenAI's: it begins with sk-"


def _provider(value: str, _: Mapping[str, str]) -> str:
    return "" if value in {"local", "supabase"} else "is local or supabase"


def _text(value: str, _: Mapping[str, str]) -> str:
    return "" if value else "is empty"


def _signing_keys(value: str, _: Mapping[str, str]) -> str:
    from deployment.configuration.signing import problem_with

    return problem_with(value)


_SETTINGS = (
    Setting(
        _DATABASE, "Postgres, as the login the functions have (coachwork_app): postgresql://...", _application_database
    ),
    Setting(OWNER, "Postgres, as the login that owns the tables, for migrations alone: postgresql://...", _database),
    Setting("AUTH_PROVIDER", "who keeps accounts: local or supabase", _provider, is_secret=False),
    Setting("SUPABASE_URL", "the Supabase project: https://....supabase.co", _supabase_url, is_secret=False),
    Setting("SUPABASE_KEY", "its publishable (or anon) key", _supabase_key),
    Setting("SUPABASE_SERVICE_ROLE_KEY", "its secret (or service_role) key", _service_role_key),
    Setting("SUPABASE_JWT_SECRET", "its JWT secret, where its tokens are still signed with one", _text),
    Setting(
        SIGNING_KEYS,
        "P-256 private keys in PEM form, the newest first; @FILE reads a file, an empty answer makes one",
        _signing_keys,
    ),
    Setting("OPENAI_API_KEY", "OpenAI's key: sk-...", _openai_key),
    Setting("OPENAI_BASE_URL", "another server that speaks OpenAI's protocol", _url, is_secret=False),
    Setting("CHROMA_HTTP_URL", "a Chroma server: https://...", _url, is_secret=False),
    Setting("CHROMA_HTTP_TOKEN", "its token", _text),
    Setting("CHROMA_CLOUD_API_KEY", "Chroma Cloud's key", _text),
    Setting("CHROMA_CLOUD_TENANT", "the tenant there", _text, is_secret=False),
    Setting("CHROMA_CLOUD_DATABASE", "the database there", _text, is_secret=False),
    Setting("WEAVIATE_URL", "a Weaviate server: https://...", _url, is_secret=False),
    Setting("WEAVIATE_GRPC_URL", "where its gRPC API is, if elsewhere", _url, is_secret=False),
    Setting("WEAVIATE_API_KEY", "its key", _text),
)
