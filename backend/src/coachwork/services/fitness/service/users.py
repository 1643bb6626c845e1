"""Accounts: register, sign in, delete."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coachwork.chassis.identity.port import Account, IdentityProvider, Principal, SignedIn
from coachwork.chassis.sql.database import Database
from coachwork.chassis.sql.session import Session
from coachwork.services.fitness.repository import account
from coachwork.services.fitness.repository.account import RemovedRows

if TYPE_CHECKING:
    from coachwork.chassis.http.dependencies import Erasure
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


@dataclass(frozen=True)
class RemovedAccount:
    """What went with an account: rows here, and other things elsewhere, by the service that kept them."""

    rows: RemovedRows
    elsewhere: Mapping[str, Mapping[str, int]]


def delete_account(
    provider: IdentityProvider, database: Database, principal: Principal, erase: "Erasure"
) -> RemovedAccount:
    """Remove everything the caller has and the account itself; return what was removed.

    What other services keep elsewhere is erased first (`erase`): an account without data can be deleted later, data
    without an account by nobody.

    Raises:
        AccountGone, AccountsNotRemovable, IdentityUnavailable, TooManyRequests: nothing was removed.
        KeptElsewhere: a service that is not mounted here keeps something; nothing was removed.
        DependencyError: a part that keeps something elsewhere is down; the same call again finishes it.
        AccountRemains: everything was removed but the account; the same call again finishes it.
    """

    def remove(session: Session) -> RemovedAccount:
        elsewhere = erase(session, principal.user_id)
        return RemovedAccount(account.remove_everything(session), elsewhere)

    return provider.delete_account(principal, database, remove)
