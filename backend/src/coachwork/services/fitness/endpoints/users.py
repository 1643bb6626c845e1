"""Register, log in, refresh, log out, me, delete me, and the keys that verify our tokens."""

from fastapi import APIRouter, Response, status

from coachwork.chassis.errors import (
    DatabaseUnavailable,
    DocumentStoreUnavailable,
    IdentityUnavailable,
    ObjectStoreUnavailable,
    TooManyRequests,
    Unauthenticated,
    VectorIndexUnavailable,
)
from coachwork.chassis.http.dependencies import (
    AccessToken,
    ClientAddress,
    CurrentErasure,
    CurrentPrincipal,
    CurrentResources,
)
from coachwork.chassis.http.problems import documented
from coachwork.chassis.identity.errors import (
    AccountGone,
    AccountRefused,
    AccountRemains,
    AccountsNotRemovable,
    EmailNotConfirmed,
    EmailRefused,
    EmailTaken,
    InvalidCredentials,
    InvalidRefreshToken,
    KeptElsewhere,
    WeakPassword,
)
from coachwork.chassis.identity.port import SignedIn
from coachwork.services.fitness.schemas.users import (
    AccountRemovedResponse,
    AccountResponse,
    KeySetResponse,
    LoginRequest,
    RefreshRequest,
    RegisterRequest,
    RemovedResponse,
    SignedInResponse,
)
from coachwork.services.fitness.service import users

_KEY_SET_MAX_AGE_SECONDS = 300

router = APIRouter(prefix="/api/v1/users", tags=["users"])


@router.post(
    "/register",
    operation_id="register",
    status_code=status.HTTP_201_CREATED,
    responses=documented(
        AccountRefused,
        EmailTaken,
        EmailRefused,
        WeakPassword,
        TooManyRequests,
        DatabaseUnavailable,
        IdentityUnavailable,
    ),
)
def register(body: RegisterRequest, resources: CurrentResources, address: ClientAddress) -> AccountResponse:
    """Create an account; where the provider confirms addresses, the new user confirms before the first login."""
    account = users.register(
        resources.identity_provider(),
        resources.login_throttle(),
        email=body.email,
        password=body.password.get_secret_value(),
        address=address,
    )
    return AccountResponse.model_validate(account)


@router.post(
    "/login",
    operation_id="login",
    responses=documented(
        InvalidCredentials,
        EmailNotConfirmed,
        AccountRefused,
        TooManyRequests,
        DatabaseUnavailable,
        IdentityUnavailable,
    ),
)
def login(
    body: LoginRequest, response: Response, resources: CurrentResources, address: ClientAddress
) -> SignedInResponse:
    """Trade credentials for an access token and a refresh token."""
    signed_in = users.sign_in(
        resources.identity_provider(),
        resources.login_throttle(),
        email=body.email,
        password=body.password.get_secret_value(),
        address=address,
    )
    return _tokens(signed_in, response)


@router.post(
    "/refresh",
    operation_id="refresh",
    responses=documented(
        InvalidRefreshToken, AccountRefused, TooManyRequests, DatabaseUnavailable, IdentityUnavailable
    ),
)
def refresh(body: RefreshRequest, response: Response, resources: CurrentResources) -> SignedInResponse:
    """Trade a refresh token for a new pair; it works once, and a second use signs the whole session out."""
    signed_in = resources.identity_provider().refresh(body.refresh_token.get_secret_value())
    return _tokens(signed_in, response)


@router.post(
    "/logout",
    operation_id="logout",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=documented(Unauthenticated, TooManyRequests, DatabaseUnavailable, IdentityUnavailable),
)
def logout(token: AccessToken, resources: CurrentResources) -> None:
    """Revoke this session's refresh tokens; the access token lives on until it expires."""
    resources.identity_provider().sign_out(token)


@router.get("/me", operation_id="get_me", responses=documented(Unauthenticated, IdentityUnavailable))
def get_me(principal: CurrentPrincipal) -> AccountResponse:
    """Say whom the access token belongs to."""
    return AccountResponse(id=principal.user_id, email=principal.email)


@router.delete(
    "/me",
    operation_id="delete_me",
    responses=documented(
        Unauthenticated,
        AccountGone,
        KeptElsewhere,
        TooManyRequests,
        AccountsNotRemovable,
        AccountRemains,
        DatabaseUnavailable,
        DocumentStoreUnavailable,
        IdentityUnavailable,
        ObjectStoreUnavailable,
        VectorIndexUnavailable,
    ),
)
def delete_me(
    principal: CurrentPrincipal, resources: CurrentResources, erasure: CurrentErasure
) -> AccountRemovedResponse:
    """Delete your account and everything you stored, for good; say how much that was.

    Where a service that is deployed apart keeps something, nothing is removed, and the 409 names what to call first.
    """
    removed = users.delete_account(resources.identity_provider(), resources.database(), principal, erasure)
    return AccountRemovedResponse(removed=RemovedResponse.model_validate(removed.rows), elsewhere=removed.elsewhere)


@router.get("/.well-known/jwks.json", operation_id="get_key_set")
def get_key_set(response: Response, resources: CurrentResources) -> KeySetResponse:
    """Publish the keys that verify access tokens."""
    response.headers["Cache-Control"] = f"public, max-age={_KEY_SET_MAX_AGE_SECONDS}"
    return KeySetResponse.model_validate(resources.identity_provider().public_keys())


def _tokens(signed_in: SignedIn, response: Response) -> SignedInResponse:
    response.headers["Cache-Control"] = "no-store"  # Source: RFC 6749, section 5.1
    return SignedInResponse(
        access_token=signed_in.access_token,
        refresh_token=signed_in.refresh_token,
        expires_in=signed_in.expires_in_seconds,
        user=AccountResponse.model_validate(signed_in.account),
    )
