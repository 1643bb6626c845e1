"""Accounts: register, sign in, stay signed in, sign out."""

from typing import TYPE_CHECKING

from coachwork.chassis.identity.port import Account, IdentityProvider, SignedIn

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
