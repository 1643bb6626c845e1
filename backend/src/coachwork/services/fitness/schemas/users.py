"""Accounts and tokens, as front ends see them."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field, SecretStr, StringConstraints

from coachwork.chassis.http.schemas import RequestSchema, ResponseSchema
from coachwork.chassis.identity.credentials import (
    MAX_EMAIL_CHARACTERS,
    MAX_PASSWORD_CHARACTERS,
    MIN_PASSWORD_CHARACTERS,
    PASSWORD_POLICY,
    normalised_email,
)

Email = Annotated[
    str,
    StringConstraints(strip_whitespace=True),
    AfterValidator(normalised_email),
    Field(
        examples=["sam@example.com"],
        json_schema_extra={"format": "email", "maxLength": MAX_EMAIL_CHARACTERS},
    ),
]
NewPassword = Annotated[
    SecretStr,
    Field(
        description=f"A password {PASSWORD_POLICY}, spaces included",
        # documented here, decided by the identity provider: a weak password is a problem type of its own
        json_schema_extra={"minLength": MIN_PASSWORD_CHARACTERS, "maxLength": MAX_PASSWORD_CHARACTERS},
    ),
]


def _of_whole_characters(value: SecretStr) -> SecretStr:
    """Refuse half a surrogate pair: no account has it in a password, and neither hash nor wire can carry it."""
    if any(0xD800 <= ord(character) < 0xE000 for character in value.get_secret_value()):
        raise ValueError("must consist of whole characters")
    return value


Password = Annotated[
    SecretStr, Field(min_length=1, max_length=MAX_PASSWORD_CHARACTERS), AfterValidator(_of_whole_characters)
]


class CredentialsRequest(RequestSchema):
    """A body with a password: what is trimmed elsewhere counts here."""

    model_config = ConfigDict(str_strip_whitespace=False)


class RegisterRequest(CredentialsRequest):
    """A new account."""

    email: Email
    password: NewPassword


class LoginRequest(CredentialsRequest):
    """An account's credentials."""

    email: Email
    password: Password


class RefreshRequest(RequestSchema):
    """A refresh token that was not used yet."""

    refresh_token: Annotated[SecretStr, Field(min_length=1, max_length=2_000)]


class AccountResponse(ResponseSchema):
    """An account; an identity provider may know it by no e-mail address."""

    id: UUID
    email: str | None


class RemovedResponse(ResponseSchema):
    """How many of each kind were removed; with the account go its sessions."""

    profile: int
    exercises: int = Field(description="Exercises of your own")
    workouts: int
    planned_exercises: int = Field(description="Exercises within the workouts")
    logs: int
    sets: int = Field(description="Sets within the logs")
    programmes: int
    programme_days: int = Field(description="Days within the programmes")
    programme_slots: int = Field(description="Exercises within those days")
    sessions: int
    session_exercises: int = Field(description="Exercises within the sessions; their sets lie in the logs")
    measurements: int = Field(description="Body measurements")
    goals: int
    threads: int
    turns: int = Field(description="Questions with their answers, within the threads")
    open_turns: int = Field(description="Questions without an answer")
    feedback: int = Field(description="Feedback on answers")
    memories: int = Field(description="What the coach remembered")
    account: int = Field(default=1, ge=1, le=1, description="Always 1: the account itself")


class AccountRemovedResponse(ResponseSchema):
    """What a deletion removed."""

    removed: RemovedResponse
    elsewhere: dict[str, dict[str, int]] = Field(
        description="The same of each other service that is served here",
        examples=[{"knowledge": {"documents": 3, "collections": 1, "objects": 6, "vectors": 120}}],
    )


class SignedInResponse(ResponseSchema):
    """A pair of tokens; the access token lives `expires_in` seconds, the refresh token works once."""

    access_token: str
    refresh_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105  a scheme's name, no secret
    expires_in: int
    user: AccountResponse


class KeySetResponse(ResponseSchema):
    """A JSON Web Key Set (RFC 7517); empty where the identity provider publishes its own."""

    keys: list[dict[str, Any]]
