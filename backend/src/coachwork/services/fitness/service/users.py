"""Accounts: register, sign in, delete."""

from typing import TYPE_CHECKING

from coachwork.chassis.identity.port import Account, IdentityProvider, Principal, SignedIn
from coachwork.chassis.sql.database import Database
from coachwork.services.fitness.repository import account
from coachwork.services.fitness.repository.account import RemovedRows

if TYPE_CHECKING:
    from coachwork.chassis.identity.throttle import LoginThrottle


def register(
    provider: IdentityProvider, throttle: "LoginThrottle", *, email: str, password: str, address: str
) -> Account:
    """Create an account, as often as the throttle lets one address.

    Raises:
        EmailTaken, EmailRefused, WeakPassword, AccountRefused, TooManyRequests, IdentityUnavailable
    """
    throttle.register(address)
    return provider.register(email, password)


def sign_in(
    provider: IdentityProvider, throttle: "LoginThrottle", *, email: str, password: str, address: str
) -> SignedIn:
    """Trade credentials for tokens, as often as the throttle lets one account and one address fail.

    Raises:
        InvalidCredentials, EmailNotConfirmed, AccountRefused, TooManyRequests, IdentityUnavailable
    """
    with throttle.sign_in(email, address):
        return provider.sign_in(email, password)


def delete_account(provider: IdentityProvider, database: Database, principal: Principal) -> RemovedRows:
    """Remove everything the caller has and the account itself; return what was removed.

    Raises:
        AccountGone, AccountsNotRemovable, IdentityUnavailable, TooManyRequests: nothing was removed.
        AccountRemains: everything was removed but the account; the same call again finishes it.
    """
    return provider.delete_account(principal, database, account.remove_everything)
