"""Settings -> frozen Resources: the only module that names an adapter, and imports it only when it is first used."""

from collections.abc import Callable
from contextlib import ExitStack
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from warnings import catch_warnings

from coachwork.chassis.errors import DocumentStoreUnavailable, ObjectStoreUnavailable, VectorIndexUnavailable
from coachwork.chassis.resources import Resources
from coachwork.chassis.settings import BucketPurpose, Settings, TablePurpose

if TYPE_CHECKING:
    from coachwork.chassis.blobs import BlobStore
    from coachwork.chassis.documents import Table
    from coachwork.chassis.identity.port import IdentityProvider, TokenVerifier
    from coachwork.chassis.identity.throttle import LoginThrottle
    from coachwork.chassis.keywords import KeywordIndex
    from coachwork.chassis.models import ChatModel, Embedder
    from coachwork.chassis.models.openai_connection import OpenAIConnection
    from coachwork.chassis.sql.database import Database
    from coachwork.chassis.tasks import Tasks
    from coachwork.chassis.vectors import VectorIndex
    from coachwork.chassis.vectors.chroma import Chroma
    from coachwork.chassis.vectors.weaviate.server import Weaviate

Part = TypeVar("Part")


class _Closes(Protocol):
    def close(self) -> None: ...


Closable = TypeVar("Closable", bound=_Closes)

_INDEXES: dict[TablePurpose, dict[str, str]] = {"documents": {"FileHashIndex": "file_hash"}, "chat-history": {}}
"""The global indexes of each table, and the attribute each finds by."""


def bootstrap(settings: Settings) -> Resources:
    """Return the resources `settings` describe; nothing is imported or connected until it is asked for."""
    closing = ExitStack()
    database = _once(lambda: _closed_by(closing, _database(settings)))
    openai = _once(lambda: _closed_by(closing, _openai(settings)))
    embedder = _once(lambda: _embedder(settings, openai))
    vectors = _once(lambda: _vectors(settings, closing))
    s3 = _once(lambda: _closed_by(closing, _s3(settings)))
    dynamodb = _once(lambda: _closed_by(closing, _dynamodb(settings)))
    return Resources(
        settings=settings,
        database=database,
        identity_provider=_once(lambda: _identity_provider(settings, database, closing)),
        token_verifier=_once(lambda: _token_verifier(settings)),
        login_throttle=_once(lambda: _login_throttle(database)),
        chat_model=_once(lambda: _chat_model(settings, openai)),
        embedder=embedder,
        vector_index=cache(lambda name: _traced_index(vectors()(name, embedder()), name)),
        keyword_index=_once(_keyword_index),
        blobs=cache(lambda purpose: _blobs(settings, s3, purpose)),
        tables=cache(lambda purpose: _table(settings, dynamodb, purpose)),
        tasks=_once(lambda: _tasks(settings)),
        close=closing.close,
    )


def _closed_by(closing: ExitStack, part: Closable) -> Closable:
    closing.callback(part.close)
    return part


def _once(build: Callable[[], Part]) -> Callable[[], Part]:
    """Build at the first call, then return the same; a build that fails is tried again by the next caller."""
    lock = Lock()
    built: list[Part] = []

    def get() -> Part:
        if not built:
            with lock:
                if not built:
                    built.append(build())
        return built[0]

    return get


def _database(settings: Settings) -> "Database":
    from coachwork.chassis.sql.database import Database

    assert settings.database_url is not None  # noqa: S101  settings refuse to load without it
    return Database(
        settings.database_url.get_secret_value(),
        pool_size=settings.database_pool_size,
        timeout_seconds=settings.database_timeout_seconds,
        require_safe_login=settings.is_production,
    )


def _identity_provider(
    settings: Settings, database: "Callable[[], Database]", closing: ExitStack
) -> "IdentityProvider":
    if settings.auth_provider == "supabase":
        from coachwork.chassis.identity.supabase import SupabaseIdentityProvider

        assert settings.supabase_url  # noqa: S101  settings refuse to load without it
        assert settings.supabase_key  # noqa: S101  settings refuse to load without it
        secret = settings.supabase_service_role_key
        provider = SupabaseIdentityProvider(
            settings.supabase_url,
            settings.supabase_key.get_secret_value(),
            service_role_key=secret.get_secret_value() if secret else None,
        )
        return _closed_by(closing, provider)

    from coachwork.chassis.identity.keys import signing_keys
    from coachwork.chassis.identity.local import LocalIdentityProvider

    assert settings.auth_signing_keys is not None  # noqa: S101  settings refuse to load without them
    return LocalIdentityProvider(
        database(),
        signing_keys(settings.auth_signing_keys.get_secret_value()),
        issuer=settings.auth_issuer,
        access_token_seconds=settings.access_token_seconds,
        refresh_token_seconds=settings.refresh_token_seconds,
    )


def _token_verifier(settings: Settings) -> "TokenVerifier":
    from coachwork.chassis.identity.issuers import local_issuer, supabase_issuer
    from coachwork.chassis.identity.keys import signing_keys
    from coachwork.chassis.identity.tokens import IssuerTokenVerifier

    if settings.auth_provider == "supabase":
        assert settings.supabase_url is not None  # noqa: S101  settings refuse to load without it
        secret = settings.supabase_jwt_secret
        trusted = supabase_issuer(settings.supabase_url, secret.get_secret_value() if secret else None)
    else:
        assert settings.auth_signing_keys is not None  # noqa: S101  settings refuse to load without them
        keys = signing_keys(settings.auth_signing_keys.get_secret_value())
        trusted = local_issuer(keys, settings.auth_issuer)
    return IssuerTokenVerifier([trusted])


def _login_throttle(database: "Callable[[], Database]") -> "LoginThrottle":
    from coachwork.chassis.identity.throttle import LoginThrottle

    return LoginThrottle(database())


def chroma_of(settings: Settings) -> "Chroma":
    """Return the way to Chroma that `settings` describe, which whoever makes it closes."""
    from coachwork.chassis.vectors.chroma import RestChroma

    if settings.chroma_cloud_api_key:
        assert settings.chroma_cloud_tenant  # noqa: S101  settings refuse to load without it
        assert settings.chroma_cloud_database  # noqa: S101  settings refuse to load without it
        return RestChroma.cloud(
            settings.chroma_cloud_host,
            api_key=settings.chroma_cloud_api_key.get_secret_value(),
            tenant=settings.chroma_cloud_tenant,
            database=settings.chroma_cloud_database,
        )
    if settings.chroma_http_url:
        token = settings.chroma_http_token
        return RestChroma.http(settings.chroma_http_url, token.get_secret_value() if token else None)
    assert settings.chroma_path is not None  # noqa: S101  settings refuse to load without any of the three
    try:
        from coachwork.chassis.vectors.chroma.embedded import EmbeddedChroma
    except ImportError as error:
        raise VectorIndexUnavailable("CHROMA_PATH needs the package chromadb, which the image leaves out") from error
    return EmbeddedChroma(settings.chroma_path)


def weaviate_of(settings: Settings) -> "Weaviate":
    """Return the way to the Weaviate server that `settings` describe, which whoever makes it closes."""
    from coachwork.chassis.vectors.weaviate.server import Weaviate

    assert settings.weaviate_url is not None  # noqa: S101  settings refuse to load without it or Chroma
    key = settings.weaviate_api_key
    return Weaviate(
        settings.weaviate_url,
        grpc_url=settings.weaviate_grpc_url,
        api_key=key.get_secret_value() if key else None,
    )


def _vectors(settings: Settings, closing: ExitStack) -> "Callable[[str, Embedder], VectorIndex]":
    """Return the maker of indexes on the one engine that `settings` name."""
    if settings.weaviate_url:
        # importing Weaviate's client turns on the display of every warning, for all
        with catch_warnings():
            from coachwork.chassis.vectors.weaviate.index import WeaviateIndex

            server = _closed_by(closing, weaviate_of(settings))
        return lambda name, embedder: WeaviateIndex(
            server, name, embedder=embedder.name, dimensions=embedder.dimensions
        )

    from coachwork.chassis.vectors.chroma import ChromaIndex

    chroma = _closed_by(closing, chroma_of(settings))
    return lambda name, embedder: ChromaIndex(chroma, name, embedder=embedder.name, dimensions=embedder.dimensions)


def _keyword_index() -> "KeywordIndex":
    from coachwork.chassis.keywords import KeywordIndex
    from coachwork.chassis.keywords.folder import temporary_folder

    return KeywordIndex(temporary_folder())


def _openai(settings: Settings) -> "OpenAIConnection":
    from coachwork.chassis.models.openai_connection import OpenAIConnection
    from coachwork.chassis.models.patience import Patience

    assert settings.openai_api_key is not None  # noqa: S101  settings want it with the provider
    attempt_seconds = settings.openai_timeout_seconds
    patience = Patience(attempt_seconds, 2 * attempt_seconds, settings.openai_max_retries)
    return OpenAIConnection(settings.openai_api_key, base_url=settings.openai_base_url, patience=patience)


def _traced_index(index: "VectorIndex", name: str) -> "VectorIndex":
    from coachwork.chassis.vectors.traced import TracedVectorIndex

    return TracedVectorIndex(index, name)


def _chat_model(settings: Settings, openai: "Callable[[], OpenAIConnection]") -> "ChatModel":
    from coachwork.chassis.models.traced import TracedChatModel

    if settings.chat_provider == "openai":
        from coachwork.chassis.models.openai_chat import OpenAIChatModel

        return TracedChatModel(OpenAIChatModel(openai(), settings.openai_model))

    from coachwork.chassis.models.offline_chat import OfflineChatModel

    return TracedChatModel(OfflineChatModel())


def _embedder(settings: Settings, openai: "Callable[[], OpenAIConnection]") -> "Embedder":
    from coachwork.chassis.models.traced import TracedEmbedder

    if settings.embedder_provider == "openai":
        from coachwork.chassis.models.openai_embedder import OpenAIEmbedder

        return TracedEmbedder(OpenAIEmbedder(openai(), settings.openai_embedding_model))

    from coachwork.chassis.models.lexical import LexicalEmbedder

    return TracedEmbedder(LexicalEmbedder())


def _blobs(settings: Settings, s3: "Callable[[], Any]", purpose: BucketPurpose) -> "BlobStore":
    name = settings.bucket_names[purpose]
    if name is None:
        variable = "S3_BUCKET_NAME" if purpose == "videos" else "DOCUMENTS_BUCKET_NAME"
        raise ObjectStoreUnavailable(f"This deployment keeps no {purpose}: it names no bucket in {variable}")

    from coachwork.chassis.blobs.s3 import S3BlobStore

    return S3BlobStore(s3(), name)


def _s3(settings: Settings) -> Any:
    from coachwork.chassis.blobs.s3 import s3_client

    return s3_client(settings.aws_region_name)


def _table(settings: Settings, dynamodb: "Callable[[], Any]", purpose: TablePurpose) -> "Table":
    name = settings.table_names[purpose]
    if name is None:
        variable = "DOCUMENTS_TABLE_NAME" if purpose == "documents" else "CHAT_HISTORY_TABLE_NAME"
        raise DocumentStoreUnavailable(f"This deployment keeps no {purpose}: it names no table in {variable}")

    from coachwork.chassis.documents.dynamodb import DynamoDBTable

    return DynamoDBTable(dynamodb(), name, indexes=_INDEXES[purpose])


def _dynamodb(settings: Settings) -> Any:
    from coachwork.chassis.documents.dynamodb import dynamodb_client

    return dynamodb_client(settings.aws_region_name)


def _tasks(settings: Settings) -> "Tasks":
    if settings.aws_lambda_function_name:
        from coachwork.chassis.tasks.invocations import InvocationTasks

        return InvocationTasks()

    from coachwork.chassis.tasks.threads import ThreadTasks

    return ThreadTasks()
