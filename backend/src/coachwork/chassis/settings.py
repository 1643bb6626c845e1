"""One frozen Settings, the only reader of the environment.

An unset ENVIRONMENT means production: whoever forgets it gets the careful behaviour, not the convenient one.
"""

import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from coachwork.chassis.errors import ConfigurationError, VariableProblem
from coachwork.chassis.secrets import VARIABLE as SECRETS_VARIABLE
from coachwork.chassis.secrets import fetch_secrets
from coachwork.chassis.variables import (
    BucketName,
    DatabaseUrl,
    HttpUrl,
    Origins,
    RootPath,
    ServerUrl,
    TableName,
    split_at_commas,
)
from coachwork.chassis.vectors.weaviate.addresses import is_weaviate_cloud

BucketPurpose = Literal["videos", "documents"]
"""What a bucket is for."""
TablePurpose = Literal["documents", "chat-history"]
"""What a table is for."""

SERVICES = ("fitness", "knowledge")
"""Every service the image can mount."""

_CHROMA = ("chroma_cloud_api_key", "chroma_http_url", "chroma_path")


class Environment(StrEnum):
    """Where this instance runs; `production` refuses every convenience."""

    DEVELOPMENT = "development"
    TEST = "test"
    STAGING = "staging"
    PRODUCTION = "production"


def _known_service(value: str) -> str:
    if value not in SERVICES:
        raise ValueError(f"wants names out of {', '.join(SERVICES)}: {value!r} is none")
    return value


class Settings(BaseSettings):
    """Everything the environment decides; frozen, secrets masked, every value checked before anything starts."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", validate_default=True, env_ignore_empty=True)

    # environment stands first: the validators of later fields read it
    environment: Environment = Environment.PRODUCTION
    coachwork_services: Annotated[
        tuple[Annotated[str, AfterValidator(_known_service)], ...], NoDecode, BeforeValidator(split_at_commas)
    ] = SERVICES
    debug: bool = False
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    root_path: RootPath = ""
    cors_origins: Origins = ()
    max_request_bytes: int = Field(default=1_000_000, ge=1_000, le=6_000_000)
    rate_limit_per_user: int = Field(default=600, ge=0, le=1_000_000)
    rate_limit_per_address: int = Field(default=3_000, ge=0, le=1_000_000)

    database_url: DatabaseUrl | None = None
    migration_database_url: DatabaseUrl | None = None
    database_pool_size: int = Field(default=10, ge=1, le=100)
    database_timeout_seconds: float = Field(default=5.0, gt=0, le=60)

    supabase_url: HttpUrl | None = None
    supabase_key: SecretStr | None = None
    supabase_service_role_key: SecretStr | None = None
    supabase_jwt_secret: SecretStr | None = None
    auth_provider: Literal["local", "supabase"] = "local"
    auth_signing_keys: SecretStr | None = None
    auth_issuer: str = Field(default="coachwork", min_length=1)
    access_token_seconds: int = Field(default=900, ge=60, le=86_400)
    refresh_token_seconds: int = Field(default=30 * 86_400, ge=3_600, le=365 * 86_400)

    model_provider: Literal["openai", "offline"] | None = None
    embedding_provider: Literal["openai", "offline"] | None = None
    openai_api_key: SecretStr | None = None
    openai_model: str = "gpt-4o-mini"
    openai_embedding_model: str = "text-embedding-3-small"
    openai_base_url: HttpUrl | None = None
    openai_timeout_seconds: float = Field(default=10.0, gt=0, le=600)
    openai_max_retries: int = Field(default=2, ge=0, le=5)

    chat_sync_budget_seconds: float = Field(default=20.0, ge=0, le=600)

    chat_tokens_per_day: int = Field(default=50_000, ge=0)
    chat_tokens_per_day_all: int = Field(default=2_000_000, ge=0)

    weaviate_url: ServerUrl | None = None
    weaviate_grpc_url: ServerUrl | None = None
    weaviate_api_key: SecretStr | None = None
    chroma_http_url: HttpUrl | None = None
    chroma_http_token: SecretStr | None = None
    chroma_cloud_host: str = "api.trychroma.com"
    chroma_cloud_api_key: SecretStr | None = None
    chroma_cloud_tenant: str | None = None
    chroma_cloud_database: str | None = None
    chroma_path: Path | None = None

    s3_bucket_name: BucketName | None = None
    aws_lambda_function_name: str | None = None
    aws_lambda_initialization_type: str = "on-demand"
    aws_region_name: str = Field(default="us-east-1", pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")
    video_url_seconds: int = Field(default=3_600, ge=60, le=604_800)
    video_upload_seconds: int = Field(default=900, ge=60, le=604_800)
    video_max_bytes: int = Field(default=200_000_000, ge=1, le=5_000_000_000)

    documents_table_name: TableName | None = None
    chat_history_table_name: TableName | None = None
    documents_bucket_name: BucketName | None = None
    document_max_bytes: int = Field(default=50_000_000, ge=1_000, le=1_000_000_000)
    document_max_pages: int = Field(default=2_000, ge=1, le=20_000)
    document_upload_seconds: int = Field(default=900, ge=60, le=604_800)
    document_url_seconds: int = Field(default=900, ge=60, le=604_800)
    documents_per_user: int = Field(default=1_000, ge=1, le=1_000)
    chat_history_days: int = Field(default=90, ge=1, le=3_650)

    @field_validator("coachwork_services")
    @classmethod
    def _some_service(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value:
            raise ValueError(f"wants at least one of {', '.join(SERVICES)}")
        return value

    @field_validator("debug")
    @classmethod
    def _no_debug_in_production(cls, value: bool, info: ValidationInfo) -> bool:
        if value and _is_production(info):
            raise ValueError("must be false when ENVIRONMENT is production")
        return value

    @field_validator("cors_origins")
    @classmethod
    def _no_wildcard_in_production(cls, value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if "*" in value and _is_production(info):
            raise ValueError("wants an allow-list of origins, not *, when ENVIRONMENT is production")
        return value

    @field_validator("database_url")
    @classmethod
    def _needs_database(cls, value: SecretStr | None) -> SecretStr:
        if value is None:
            raise ValueError("is missing; wants a URL like postgresql://user:password@host:5432/database")
        return value

    @field_validator("auth_provider")
    @classmethod
    def _supabase_is_complete(cls, value: str, info: ValidationInfo) -> str:
        if value == "supabase" and not (info.data.get("supabase_url") and info.data.get("supabase_key")):
            raise ValueError("is supabase, which wants SUPABASE_URL and SUPABASE_KEY")
        return value

    @field_validator("auth_signing_keys")
    @classmethod
    def _local_has_keys(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if value is None and info.data.get("auth_provider") == "local":
            raise ValueError("is missing; AUTH_PROVIDER local wants one or more P-256 private keys in PEM form")
        if value is not None and "PRIVATE KEY-----" not in value.get_secret_value():
            raise ValueError("wants one or more P-256 private keys in PEM form")
        return value

    @field_validator("openai_api_key")
    @classmethod
    def _openai_has_a_key(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        providers = {info.data.get("model_provider"), info.data.get("embedding_provider")}
        if value is None and "openai" in providers:
            raise ValueError("is missing; MODEL_PROVIDER or EMBEDDING_PROVIDER openai wants it")
        if value is None and _is_production(info):
            raise ValueError("is missing; the offline model refuses to run when ENVIRONMENT is production")
        return value

    @field_validator("model_provider", "embedding_provider")
    @classmethod
    def _no_offline_in_production(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value == "offline" and _is_production(info):
            raise ValueError("offline is refused when ENVIRONMENT is production")
        return value

    @field_validator("weaviate_grpc_url", "weaviate_api_key")
    @classmethod
    def _weaviate_is_complete(cls, value: Any, info: ValidationInfo) -> Any:
        url = info.data.get("weaviate_url")
        if value and not url:
            raise ValueError("is of no use without WEAVIATE_URL")
        if value == url and url:
            raise ValueError("wants the address of the gRPC API, which is not that of WEAVIATE_URL")
        if info.field_name == "weaviate_api_key" and not value and is_weaviate_cloud(url or ""):
            raise ValueError("is missing; Weaviate Cloud wants it")
        return value

    @field_validator("chroma_cloud_database")
    @classmethod
    def _cloud_is_complete(cls, value: str | None, info: ValidationInfo) -> str | None:
        if info.data.get("chroma_cloud_api_key") and not (value and info.data.get("chroma_cloud_tenant")):
            raise ValueError("and CHROMA_CLOUD_TENANT are wanted beside CHROMA_CLOUD_API_KEY")
        return value

    @field_validator("chroma_path")
    @classmethod
    def _one_vector_index(cls, value: Path | None, info: ValidationInfo) -> Path | None:
        ways = {**info.data, "chroma_path": value}
        chroma = [name.upper() for name in _CHROMA if ways.get(name)]
        if ways.get("weaviate_url") and chroma:
            raise ValueError(f"wants one vector index, not two: {chroma[0]} and WEAVIATE_URL are set")
        if not ways.get("weaviate_url") and not chroma:
            raise ValueError("is missing; wants this, CHROMA_HTTP_URL, CHROMA_CLOUD_API_KEY or WEAVIATE_URL")
        return value

    @property
    def is_production(self) -> bool:
        """Whether every convenience is refused."""
        return self.environment is Environment.PRODUCTION

    @property
    def chat_provider(self) -> Literal["openai", "offline"]:
        """Who answers: as asked, else OpenAI where there is a key."""
        return self.model_provider or ("openai" if self.openai_api_key else "offline")

    @property
    def embedder_provider(self) -> Literal["openai", "offline"]:
        """Who embeds: as asked, else OpenAI where there is a key."""
        return self.embedding_provider or ("openai" if self.openai_api_key else "offline")

    @property
    def bucket_names(self) -> "dict[BucketPurpose, str | None]":
        """The bucket for each purpose, where the deployment has one."""
        return {"videos": self.s3_bucket_name, "documents": self.documents_bucket_name}

    @property
    def table_names(self) -> "dict[TablePurpose, str | None]":
        """The table for each purpose, where the deployment has one."""
        return {"documents": self.documents_table_name, "chat-history": self.chat_history_table_name}

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003  the library's signature
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003  `load` passes the environment itself
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  no hidden files
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  no hidden files
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take values from `load` alone, so tests never touch the process's environment."""
        return (init_settings,)

    @classmethod
    def load(cls, environ: Mapping[str, str] | None = None) -> Self:
        """Read `environ` (the process's own by default), and the secret COACHWORK_SECRETS_NAME names, if any.

        A variable that stands in both is the environment's.

        Raises:
            ConfigurationError: with every bad variable and what it wants.
        """
        source = os.environ if environ is None else environ
        if secrets_name := source.get(SECRETS_VARIABLE, "").strip():
            region = source.get("AWS_REGION", "") or source.get("AWS_REGION_NAME", "") or "us-east-1"
            source = {**fetch_secrets(secrets_name, region), **source}
        values: dict[str, Any] = {
            name: source[name.upper()].strip() for name in cls.model_fields if source.get(name.upper(), "").strip()
        }
        try:
            return cls(**values)
        except ValidationError as error:
            raise ConfigurationError([_problem(item) for item in error.errors()]) from None


def tracing_context() -> tuple[str, str]:
    """Return the header of the trace of the invocation under way, and where X-Ray's daemon listens."""
    return os.environ.get("_X_AMZN_TRACE_ID", ""), os.environ.get("AWS_XRAY_DAEMON_ADDRESS", "")


def _is_production(info: ValidationInfo) -> bool:
    return info.data.get("environment", Environment.PRODUCTION) is Environment.PRODUCTION


def _problem(error: Any) -> VariableProblem:
    message = str(error["msg"]).removeprefix("Value error, ")
    return VariableProblem(str(error["loc"][0]).upper(), message[:1].lower() + message[1:])
