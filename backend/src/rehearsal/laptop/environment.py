"""The environment of every part: what we decide, and of the user's own only what is named here."""

from collections.abc import Mapping
from dataclasses import dataclass

from rehearsal.laptop.state import PROJECT, State

BUCKET = "coachwork-laptop"
DOCUMENTS_BUCKET = "coachwork-laptop-documents"
TABLES = {
    "coachwork-laptop-documents": {"FileHashIndex": "file_hash"},
    "coachwork-laptop-chat-history": {},
}
"""Each table, and the attribute that each of its global indexes finds by; as terraform/knowledge.tf makes them."""
REGION = "us-east-1"

_SYSTEM = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR")
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy")
_WEAVIATE = ("WEAVIATE_URL", "WEAVIATE_GRPC_URL", "WEAVIATE_API_KEY")
_CHOICES = (
    "CHAT_HISTORY_DAYS",
    "CORS_ORIGINS",
    "COACHWORK_SERVICES",
    "DEBUG",
    "DOCUMENTS_PER_USER",
    "DOCUMENT_MAX_BYTES",
    "DOCUMENT_MAX_PAGES",
    "DOCUMENT_UPLOAD_SECONDS",
    "DOCUMENT_URL_SECONDS",
    "EMBEDDING_PROVIDER",
    "LOG_LEVEL",
    "MODEL_PROVIDER",
    "OPENAI_API_KEY",
    "OPENAI_BASE_URL",
    "OPENAI_EMBEDDING_MODEL",
    "OPENAI_MAX_RETRIES",
    "OPENAI_MODEL",
    "OPENAI_TIMEOUT_SECONDS",
    "RATE_LIMIT_PER_ADDRESS",
    "RATE_LIMIT_PER_USER",
    "VIDEO_MAX_BYTES",
    "VIDEO_UPLOAD_SECONDS",
    "VIDEO_URL_SECONDS",
    *_WEAVIATE,
)
_OWN_ADDRESSES = "127.0.0.1,localhost"


@dataclass(frozen=True)
class Environments:
    """Makes each part's environment.

    Args:
        state: where keys and data are kept.
        shell: the user's own environment.
    """

    state: State
    shell: Mapping[str, str]

    def plain(self) -> dict[str, str]:
        """Return what every Python program of ours gets."""
        return {
            **self._own(_SYSTEM + _PROXIES),
            "NO_PROXY": _OWN_ADDRESSES,
            "no_proxy": _OWN_ADDRESSES,
            "PYTHONPATH": str(PROJECT / "backend" / "src"),
            "PYTHONUNBUFFERED": "1",
        }

    def application(self, database_url: str, aws_url: str) -> dict[str, str]:
        """Return what the application gets: its own powerless login, local AWS, the user's choice of a model."""
        return {
            **self.plain(),
            **self._own(_CHOICES),
            "ENVIRONMENT": "development",
            "DATABASE_URL": database_url,
            **({} if self.shell.get("WEAVIATE_URL") else {"CHROMA_PATH": str(self.state.chroma)}),
            "ANONYMIZED_TELEMETRY": "false",
            "AUTH_SIGNING_KEYS": self.state.signing_key(),
            "S3_BUCKET_NAME": BUCKET,
            "DOCUMENTS_BUCKET_NAME": DOCUMENTS_BUCKET,
            "DOCUMENTS_TABLE_NAME": "coachwork-laptop-documents",
            "CHAT_HISTORY_TABLE_NAME": "coachwork-laptop-chat-history",
            "AWS_REGION_NAME": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ENDPOINT_URL": aws_url,
            "AWS_ACCESS_KEY_ID": "laptop",
            "AWS_SECRET_ACCESS_KEY": "laptop",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def tool(self, owner_url: str, database_url: str, aws_url: str) -> dict[str, str]:
        """Return what the tools get: the same, and the login that owns the tables."""
        return {**self.application(database_url, aws_url), "MIGRATION_DATABASE_URL": owner_url}

    def _own(self, names: tuple[str, ...]) -> dict[str, str]:
        return {name: self.shell[name] for name in names if self.shell.get(name)}
