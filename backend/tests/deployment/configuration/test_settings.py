"""The forms of settings, and which are wanted."""

import pytest

from deployment.configuration.settings import format_errors, known_settings, missing_names
from deployment.configuration.signing import new_key

APP = "postgresql://coachwork_app:pw@db.example.com:5432/postgres"
OWNER = "postgresql://postgres:pw@db.example.com:5432/postgres"
SECRET = "hunter2"


class TestComplaints:
    """Whether values have their form."""

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("DATABASE_URL", APP),
            ("DATABASE_URL", "postgresql://coachwork_app.abcdefgh:pw@pooler.supabase.com:6543/postgres"),
            ("MIGRATION_DATABASE_URL", OWNER),
            ("SUPABASE_URL", "https://abcdefghijklmnopqrst.supabase.co"),
            ("SUPABASE_KEY", "sb_publishable_abc-DEF_123"),
            ("SUPABASE_KEY", "eyJhbGciOi.eyJpc3Mi.c2lnbmF0dXJl"),
            ("SUPABASE_SERVICE_ROLE_KEY", "sb_secret_abc-DEF_123"),
            ("OPENAI_API_KEY", "sk-proj-abcdefgh"),
            ("CHROMA_HTTP_URL", "https://chroma.example.com"),
            ("CHROMA_HTTP_URL", "http://127.0.0.1:8000"),
            ("AUTH_PROVIDER", "local"),
            ("AUTH_SIGNING_KEYS", new_key() + new_key()),
        ],
    )
    def test_right(self, name: str, value: str) -> None:
        """What has its form is not complained of."""
        assert [] == format_errors({name: value})

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("DATABASE_URL", f"mysql://coachwork_app:{SECRET}@db.example.com/postgres"),
            ("DATABASE_URL", f"postgresql://coachwork_app:{SECRET}@/postgres"),
            ("DATABASE_URL", f"postgresql://postgres:{SECRET}@db.example.com:5432/postgres"),
            ("DATABASE_URL", f"postgresql://postgres.abcdefgh:{SECRET}@db.example.com:5432/postgres"),
            ("DATABASE_URL", f"postgresql://coachwork_app:{SECRET}@db.example.com:port/postgres"),
            ("SUPABASE_URL", f"https://{SECRET}.supabase.co/rest/v1"),
            ("SUPABASE_URL", f"http://{SECRET}.example.com"),
            ("SUPABASE_KEY", SECRET),
            ("SUPABASE_SERVICE_ROLE_KEY", f"sb_publishable_{SECRET}"),
            ("OPENAI_API_KEY", SECRET),
            ("OPENAI_API_KEY", f"sk-{SECRET} "),
            ("AUTH_PROVIDER", SECRET),
            ("AUTH_SIGNING_KEYS", SECRET),
            ("AUTH_SIGNING_KEYS", f"-----BEGIN PRIVATE KEY-----\n{SECRET}\n-----END PRIVATE KEY-----"),
            ("WEAVIATE_API_KEY", f"{SECRET}\n"),
            ("WEAVIATE_API_KEY", f'"{SECRET}"'),
            ("WEAVIATE_API_KEY", ""),
            ("DATABASE_URL", f"postgresql://coachwork_app:{SECRET}@db.example.com:5432/post\ngres"),
            ("DATABASE_URL", f"'postgresql://coachwork_app:{SECRET}@db.example.com:5432/postgres'"),
            ("SUPABASE_URL", f"https://{SECRET}.supabase.co\n"),
            ("FAVOURITE_COLOUR", SECRET),
        ],
    )
    def test_wrong(self, name: str, value: str) -> None:
        """What has not is named, and what it was is not told."""
        (complaint,) = format_errors({name: value})
        assert complaint.startswith(f"{name}: ")
        assert SECRET not in complaint

    def test_one_login_for_both(self) -> None:
        """The application does not connect as whoever owns its tables."""
        owner = "postgresql://owner:pw@db.example.com:5432/postgres"
        (complaint,) = format_errors({"DATABASE_URL": owner, "MIGRATION_DATABASE_URL": owner})
        assert "its login owner is also that of MIGRATION_DATABASE_URL" in complaint

    def test_another_server_of_the_same_protocol(self) -> None:
        """Whoever is no OpenAI has keys of its own kind."""
        assert [] == format_errors({"OPENAI_API_KEY": "anything", "OPENAI_BASE_URL": "https://models.example.com/v1"})

    def test_two_public_keys(self) -> None:
        """The public key is no secret one."""
        key = "eyJhbGciOi.eyJpc3Mi.c2lnbmF0dXJl"
        (complaint,) = format_errors({"SUPABASE_KEY": key, "SUPABASE_SERVICE_ROLE_KEY": key})
        assert complaint.startswith("SUPABASE_SERVICE_ROLE_KEY: is the project's public key")


class TestWanted:
    """What is still to be given."""

    def test_from_nothing(self) -> None:
        """The database twice, who keeps accounts, and where vectors are."""
        assert ["DATABASE_URL", "MIGRATION_DATABASE_URL", "AUTH_PROVIDER", "CHROMA_HTTP_URL"] == missing_names(
            {}, {}, is_production=False
        )

    def test_production_has_a_model(self) -> None:
        """No offline model runs there."""
        assert "OPENAI_API_KEY" in missing_names({}, {}, is_production=True)

    @pytest.mark.parametrize(
        ("provider", "names"),
        [("local", ["AUTH_SIGNING_KEYS"]), ("supabase", ["SUPABASE_URL", "SUPABASE_KEY", "SUPABASE_SERVICE_ROLE_KEY"])],
    )
    def test_accounts(self, provider: str, names: list[str]) -> None:
        """Who keeps accounts says what else is wanted, also where that lies open."""
        given = {"DATABASE_URL": APP, "MIGRATION_DATABASE_URL": OWNER, "WEAVIATE_URL": "https://w.example.com"}
        assert names == missing_names({**given, "AUTH_PROVIDER": provider}, {}, is_production=False)
        assert names == missing_names(given, {"AUTH_PROVIDER": provider}, is_production=False)

    def test_chroma_cloud(self) -> None:
        """Its key wants a tenant and a database."""
        assert ["CHROMA_CLOUD_TENANT", "CHROMA_CLOUD_DATABASE"] == missing_names(
            {"CHROMA_CLOUD_API_KEY": "k"}, {}, is_production=False
        )[-2:]


class TestKnown:
    """What can be stored."""

    def test_every_secret_of_the_settings(self) -> None:
        """Whatever the application takes for a secret has a place here."""
        from pydantic import SecretStr

        from coachwork.chassis.settings import Settings

        secrets = {
            name.upper() for name, field in Settings.model_fields.items() if SecretStr in _parts(field.annotation)
        }
        assert set() == secrets - known_settings().keys()


def _parts(annotation: object) -> tuple[object, ...]:
    from typing import get_args

    return get_args(annotation) or (annotation,)
