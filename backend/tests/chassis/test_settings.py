"""Settings: every variable is checked, every problem is told at once, production refuses conveniences."""

import pytest

from coachwork.chassis.errors import ConfigurationError
from coachwork.chassis.settings import Settings

DEVELOPMENT = {
    "ENVIRONMENT": "development",
    "DATABASE_URL": "postgresql://u:p@h:5432/d",
    "CHROMA_PATH": "/tmp/chroma",
    "AUTH_SIGNING_KEYS": "-----BEGIN PRIVATE KEY-----",
}
WEAVIATE = {
    **{name: value for name, value in DEVELOPMENT.items() if name != "CHROMA_PATH"},
    "WEAVIATE_URL": "http://weaviate:8080",
}
PRODUCTION = {
    **DEVELOPMENT,
    "ENVIRONMENT": "production",
    "AUTH_PROVIDER": "supabase",
    "SUPABASE_URL": "https://abc.supabase.co",
    "SUPABASE_KEY": "anon",
    "OPENAI_API_KEY": "sk-test",
}


def problems(environ: dict[str, str]) -> dict[str, str]:
    """Return what `Settings.load` complains of, by variable."""
    with pytest.raises(ConfigurationError) as caught:
        Settings.load(environ)
    return {problem.variable: problem.message for problem in caught.value.problems}


class TestLoad:
    """Settings.load."""

    def test_names_every_bad_variable_at_once(self) -> None:
        """One start tells everything there is to mend."""
        found = problems({"DEBUG": "maybe", "MAX_REQUEST_BYTES": "3", "AWS_REGION_NAME": "moon"})
        expected = {
            "DEBUG",
            "MAX_REQUEST_BYTES",
            "AWS_REGION_NAME",
            "DATABASE_URL",
            "AUTH_SIGNING_KEYS",
            "OPENAI_API_KEY",
            "CHROMA_PATH",
        }
        assert expected == set(found)

    def test_an_unset_environment_is_production(self) -> None:
        """Whoever forgets ENVIRONMENT gets the careful behaviour."""
        environ = {key: value for key, value in PRODUCTION.items() if key != "ENVIRONMENT"}
        assert Settings.load(environ).is_production

    def test_an_empty_value_counts_as_unset(self) -> None:
        """Terraform and CI pass empty strings for what is not set."""
        assert Settings.load({**DEVELOPMENT, "LOG_LEVEL": ""}).log_level == "INFO"

    def test_secrets_are_masked(self) -> None:
        """Printing the settings shows no secret."""
        shown = repr(Settings.load({**PRODUCTION, "DATABASE_URL": "postgresql://u:hush-hush@h/d"}))
        assert "hush-hush" not in shown
        assert "sk-test" not in shown

    def test_lists_are_split_at_commas(self) -> None:
        """CORS_ORIGINS takes several origins and trims blanks."""
        loaded = Settings.load({**DEVELOPMENT, "CORS_ORIGINS": "https://a.example, http://localhost:3000"})
        assert loaded.cors_origins == ("https://a.example", "http://localhost:3000")

    @pytest.mark.parametrize(
        ("variable", "value"),
        [
            ("COACHWORK_SERVICES", "fitness,unknown"),
            ("COACHWORK_SERVICES", ","),
            ("CORS_ORIGINS", "https://a.example/path"),
            ("CORS_ORIGINS", "a.example"),
            ("ROOT_PATH", "production/"),
            ("LOG_LEVEL", "LOUD"),
            ("S3_BUCKET_NAME", "Upper_Case"),
            ("DOCUMENTS_BUCKET_NAME", "a"),
            ("DOCUMENTS_TABLE_NAME", "no spaces"),
            ("CHAT_HISTORY_TABLE_NAME", "ab"),
            ("DOCUMENT_MAX_BYTES", "999"),
            ("DOCUMENT_MAX_PAGES", "0"),
            ("DOCUMENT_UPLOAD_SECONDS", "59"),
            ("DOCUMENT_URL_SECONDS", "604801"),
            ("DOCUMENTS_PER_USER", "1001"),
            ("CHAT_HISTORY_DAYS", "0"),
            ("VIDEO_URL_SECONDS", "59"),
            ("VIDEO_UPLOAD_SECONDS", "604801"),
            ("VIDEO_MAX_BYTES", "0"),
            ("OPENAI_BASE_URL", "ftp://host"),
            ("SUPABASE_URL", "abc.supabase.co"),
            ("CHROMA_HTTP_URL", "localhost"),
            ("DATABASE_POOL_SIZE", "0"),
            ("AUTH_SIGNING_KEYS", "not a key"),
        ],
    )
    def test_a_bad_value_names_its_variable(self, variable: str, value: str) -> None:
        """Each refusal names the one variable that is wrong."""
        assert {variable} == set(problems({**DEVELOPMENT, variable: value}))


class TestProduction:
    """What production refuses."""

    def test_it_starts_when_complete(self) -> None:
        """A complete production environment loads."""
        assert Settings.load(PRODUCTION).chat_provider == "openai"

    @pytest.mark.parametrize(
        ("variable", "value"),
        [
            ("DEBUG", "true"),
            ("CORS_ORIGINS", "*"),
            ("MODEL_PROVIDER", "offline"),
            ("EMBEDDING_PROVIDER", "offline"),
            ("OPENAI_API_KEY", ""),
        ],
    )
    def test_it_refuses_conveniences(self, variable: str, value: str) -> None:
        """Debugging, open CORS and the offline model are for laptops."""
        assert {variable} == set(problems({**PRODUCTION, variable: value}))


class TestProviders:
    """Which combinations of variables belong together."""

    def test_a_key_selects_openai(self) -> None:
        """An API key is enough to leave the offline model."""
        assert Settings.load({**DEVELOPMENT, "OPENAI_API_KEY": "sk-x"}).chat_provider == "openai"

    def test_no_key_means_offline(self) -> None:
        """Nothing needs an account by default."""
        assert Settings.load(DEVELOPMENT).embedder_provider == "offline"

    def test_openai_wants_a_key(self) -> None:
        """Asking for OpenAI without a key is told at start."""
        assert {"OPENAI_API_KEY"} == set(problems({**DEVELOPMENT, "MODEL_PROVIDER": "openai"}))

    def test_supabase_wants_url_and_key(self) -> None:
        """Asking for Supabase without its URL is told at start."""
        assert {"AUTH_PROVIDER"} == set(problems({**DEVELOPMENT, "AUTH_PROVIDER": "supabase"}))

    @pytest.mark.parametrize(
        ("variable", "value", "told"),
        [
            ("CHROMA_PATH", "/tmp/chroma", "wants one vector index, not two: CHROMA_PATH and WEAVIATE_URL are set"),
            ("WEAVIATE_GRPC_URL", "http://weaviate:8080", "which is not that of WEAVIATE_URL"),
            ("WEAVIATE_URL", "http://weaviate:8080/v1", "without a path"),
            ("WEAVIATE_URL", "http://weaviate:80800", "wants a URL"),
            ("WEAVIATE_URL", "weaviate:8080", "wants a URL"),
        ],
    )
    def test_weaviate_is_checked(self, variable: str, value: str, told: str) -> None:
        """One engine, at an address that the client can use."""
        assert told in problems({**WEAVIATE, variable: value})[variable]

    def test_weaviate_cloud_wants_a_key(self) -> None:
        """There is no anonymous access."""
        found = problems({**WEAVIATE, "WEAVIATE_URL": "https://mine.c0.europe-west3.gcp.weaviate.cloud"})
        assert {"WEAVIATE_API_KEY": "is missing; Weaviate Cloud wants it"} == found

    def test_weaviate_variables_alone_are_refused(self) -> None:
        """A key without an address is a typing error somewhere."""
        found = problems({**DEVELOPMENT, "WEAVIATE_API_KEY": "secret"})
        assert {"WEAVIATE_API_KEY": "is of no use without WEAVIATE_URL"} == found

    def test_weaviate_is_enough(self) -> None:
        """Nothing of Chroma is wanted beside it."""
        assert "http://weaviate:8080" == Settings.load(WEAVIATE).weaviate_url

    def test_chroma_cloud_wants_tenant_and_database(self) -> None:
        """A cloud key alone is not enough."""
        assert {"CHROMA_CLOUD_DATABASE"} == set(problems({**DEVELOPMENT, "CHROMA_CLOUD_API_KEY": "ck"}))
