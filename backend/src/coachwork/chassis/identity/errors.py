"""What can go wrong between a caller and their account.

Unauthenticated
├── AccountGone             401: the token outlived its account
├── InvalidCredentials      401: wrong password or no such account, told apart by nobody
└── InvalidRefreshToken     401: unknown, expired, revoked, or used before
Forbidden
├── EmailNotConfirmed       403
└── AccountRefused          403: the provider registers nobody, or has suspended this account
Conflict
├── EmailTaken              409
└── KeptElsewhere           409: a service that is not served here keeps something of the caller's; says what erases it
InvalidRequest
├── EmailRefused            422: the provider does not send to this address
└── WeakPassword            422: says what is wanted, never what was given
DependencyError
└── AccountRemains          503: the caller's rows are gone, the account is not yet
CoachworkError
└── AccountsNotRemovable    501: we were not given the right to remove accounts
"""

from collections.abc import Sequence

from coachwork.chassis.errors import (
    CoachworkError,
    Conflict,
    DependencyError,
    Forbidden,
    InvalidRequest,
    Unauthenticated,
)


class AccountGone(Unauthenticated):
    """The access token verifies, but its account was deleted since."""

    slug = "account-gone"
    title = "The account of this access token does not exist any more"


class InvalidCredentials(Unauthenticated):
    """Wrong password or unknown account: the same answer, in the same time."""

    slug = "invalid-credentials"
    title = "E-mail address and password do not match an account"


class InvalidRefreshToken(Unauthenticated):
    """Unknown, expired, revoked, or used before."""

    slug = "invalid-refresh-token"
    title = "The refresh token is not valid: sign in again"


class EmailNotConfirmed(Forbidden):
    """The password is right, but the address was not confirmed yet."""

    slug = "email-not-confirmed"
    title = "Confirm your e-mail address first"


class AccountRefused(Forbidden):
    """The identity provider registers nobody, or has suspended this account."""

    slug = "account-refused"
    title = "The identity provider refuses this account"


class EmailTaken(Conflict):
    """There is an account with this address already."""

    slug = "email-taken"
    title = "An account with this e-mail address exists already"


class KeptElsewhere(Conflict):
    """Services that are not served here keep something of the caller's, which would be left behind."""

    slug = "kept-elsewhere"
    title = "Another service keeps something of yours: erase that first"

    def __init__(self, services: Sequence[str], erased_by: Sequence[str]) -> None:
        super().__init__(
            f"Nothing was removed, for the account would leave behind what these keep: {', '.join(services)}. "
            f"Call first: {', '.join(erased_by)}"
        )


class EmailRefused(InvalidRequest):
    """The identity provider does not accept this address."""

    slug = "email-refused"
    title = "The identity provider does not accept this e-mail address"


class WeakPassword(InvalidRequest):
    """The password does not meet the policy; the detail says what is wanted."""

    slug = "weak-password"
    title = "The password is too weak"


class AccountRemains(DependencyError):
    """The caller's rows were removed; the account was not, or nobody knows: the same request again finishes it."""

    slug = "account-remains"
    title = "Everything you stored was removed, but not the account itself: repeat the request to finish"


class AccountsNotRemovable(CoachworkError):
    """The identity provider lets us remove no account; nothing was removed."""

    slug = "accounts-not-removable"
    title = "This deployment has no right to remove accounts; nothing was removed"
    status = 501
