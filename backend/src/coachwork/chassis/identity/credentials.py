"""What an e-mail address and a password must look like; pure."""

import re

MAX_EMAIL_CHARACTERS = 254
"""Source: RFC 5321, section 4.5.3.1.3, less the two angle brackets (RFC 3696, erratum 1690)."""

MIN_PASSWORD_CHARACTERS = 10
MAX_PASSWORD_CHARACTERS = 200
PASSWORD_POLICY = f"wants {MIN_PASSWORD_CHARACTERS} to {MAX_PASSWORD_CHARACTERS} characters"

_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_EMAIL = re.compile(rf"[a-zA-Z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{_LABEL}(?:\.{_LABEL})*")
"""Source: the WHATWG HTML standard, "valid e-mail address"."""


def normalised_email(value: str) -> str:
    """Return the address in lower case, so nobody registers twice by spelling; raises `ValueError`."""
    if len(value) > MAX_EMAIL_CHARACTERS or not _EMAIL.fullmatch(value):
        raise ValueError("must be an e-mail address like name@example.com")
    return value.lower()


def is_acceptable_password(value: str) -> bool:
    """Whether the password has the wanted length and no control characters; any other text is welcome."""
    within = MIN_PASSWORD_CHARACTERS <= len(value) <= MAX_PASSWORD_CHARACTERS
    return within and not any(ord(character) < 32 or 0xD800 <= ord(character) < 0xE000 for character in value)
