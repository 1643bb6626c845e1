"""One Supabase project's accounts, sessions and keys, in memory, and what it answers to each request."""

import json
import secrets
from threading import Lock
from time import time
from typing import Any, Literal
from uuid import UUID, uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from rehearsal.vendors.gotrue.accounts import Json, Listener, RefreshToken, User

Algorithm = Literal["ES256", "RS256", "HS256"]
_ADMIN_PATH = "/admin/users/"
_MIN_PASSWORD_CHARACTERS = 6


class Refusal(Exception):
    """An answer the protocol calls an error."""

    def __init__(self, status: int, code: str, message: str, **more: object) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.more = status, code, message, more


class Project:
    """The Auth service's state; `url` is the project's, the protocol lies under `/auth/v1`.

    `api_key` is the public key; `service_role_key` is the secret one, which alone opens `/admin`.

    Args:
        algorithm: what access tokens are signed with; HS256 is the legacy shared secret, published nowhere.
        confirm_email: new users must confirm before they sign in, so sign-up gives no session.
        token_seconds: how long an access token lives.
        on_user: told of each user who comes, changes address or goes, before the answer is sent.
    """

    api_key = "rehearsal-publishable-key"

    def __init__(
        self,
        *,
        algorithm: Algorithm = "ES256",
        confirm_email: bool = False,
        token_seconds: int = 3600,
        on_user: Listener | None = None,
    ) -> None:
        self.algorithm: Algorithm = algorithm
        self.jwt_secret = secrets.token_urlsafe(32)
        self.service_role_key = f"rehearsal-secret-key-{secrets.token_urlsafe(16)}"
        self.url = ""
        self._confirm_email = confirm_email
        self._token_seconds = token_seconds
        self._on_user = on_user
        self._lock = Lock()
        self._users: dict[str, User] = {}
        self._sessions: dict[str, User] = {}
        self._refresh_tokens: dict[str, RefreshToken] = {}
        self._keys: list[tuple[str, Any, Json]] = []
        self.rotate_keys()

    def rotate_keys(self, *, keep: int = 1) -> None:
        """Sign with a new key from now on; the last `keep` keys stay published beside it."""
        kid = str(uuid4())
        private: Any
        if self.algorithm == "RS256":
            private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
            public = json.loads(RSAAlgorithm.to_jwk(private.public_key()))
        else:
            private = ec.generate_private_key(ec.SECP256R1())
            public = json.loads(ECAlgorithm.to_jwk(private.public_key()))
        alg = "RS256" if self.algorithm == "RS256" else "ES256"
        published = {**public, "kid": kid, "alg": alg, "use": "sig", "key_ops": ["verify"], "ext": True}
        self._keys = [(kid, private, published), *self._keys[:keep]]

    def sign(self, claims: Json, **headers: str) -> str:
        """Return a token with these claims, signed as this project signs."""
        kid, private, _ = self._keys[0]
        key = self.jwt_secret if self.algorithm == "HS256" else private
        return jwt.encode(claims, key, self.algorithm, {"kid": kid, **headers})

    def claims(self, user_id: str, email: str, session_id: str, app_metadata: Json | None = None) -> Json:
        """Return the claims of a user's access token; what an admin set of the user is in `app_metadata`."""
        now = int(time())
        return {
            "iss": f"{self.url}/auth/v1",
            "sub": user_id,
            "aud": "authenticated",
            "exp": now + self._token_seconds,
            "iat": now,
            "email": email,
            "app_metadata": app_metadata or {},
            "user_metadata": {},
            "role": "authenticated",
            "aal": "aal1",
            "amr": [{"method": "password", "timestamp": now}],
            "session_id": session_id,
            "is_anonymous": False,
        }

    def answer(self, method: str, path: str, query: Json, body: Json, bearer: str) -> tuple[int, Json | None]:
        """Serve one request; raises `Refusal`."""
        with self._lock:
            if path.startswith(_ADMIN_PATH):
                self._require_admin(bearer)
                return 200, self._administer(method, self._user(path.removeprefix(_ADMIN_PATH)), body)
            return self._serve(method, path, query, body, bearer)

    def confirm(self, email: str) -> None:
        """Do what the user does who follows the link in the confirmation mail."""
        self._users[email].confirmed = True

    def _serve(self, method: str, path: str, query: Json, body: Json, bearer: str) -> tuple[int, Json | None]:
        match (method, path, query.get("grant_type")):
            case ("GET", "/.well-known/jwks.json", _):
                keys = [] if self.algorithm == "HS256" else [public for _, _, public in self._keys]
                return 200, {"keys": keys}
            case ("POST", "/signup", _):
                return 200, self._sign_up(body)
            case ("POST", "/token", "password"):
                return 200, self._sign_in(body)
            case ("POST", "/token", "refresh_token"):
                return 200, self._refresh(body)
            case ("POST", "/logout", _):
                self._log_out(bearer, query.get("scope", "global"))
                return 204, None
            case ("GET", "/user", _):
                return 200, self._session(bearer)[1].as_json()
        raise Refusal(404, "not_found", "404 page not found")

    def _sign_up(self, body: Json) -> Json:
        email, password = str(body.get("email", "")).lower(), str(body.get("password", ""))
        if "@" not in email:
            raise Refusal(400, "validation_failed", "Unable to validate email address: invalid format")
        if len(password) < _MIN_PASSWORD_CHARACTERS:
            message = f"Password should be at least {_MIN_PASSWORD_CHARACTERS} characters."
            raise Refusal(422, "weak_password", message, weak_password={"reasons": ["length"]})
        if email in self._users:
            if self._confirm_email:  # it pretends, so nobody learns who has an account
                return User(str(uuid4()), email, "", confirmed=False).as_json(known_identity=False)
            raise Refusal(422, "user_already_exists", "User already registered")
        user = User(str(uuid4()), email, password, confirmed=not self._confirm_email)
        if self._on_user:
            self._on_user.added(user.id, email)
        self._users[email] = user
        return user.as_json() if self._confirm_email else self._issue(user, str(uuid4()))

    def _sign_in(self, body: Json) -> Json:
        user = self._users.get(str(body.get("email", "")).lower())
        given = str(body.get("password")).encode()
        if user is None or user.password is None or not secrets.compare_digest(user.password.encode(), given):
            raise Refusal(400, "invalid_credentials", "Invalid login credentials")
        if not user.confirmed:
            raise Refusal(400, "email_not_confirmed", "Email not confirmed")
        return self._issue(user, str(uuid4()))

    def _refresh(self, body: Json) -> Json:
        token = self._refresh_tokens.get(str(body.get("refresh_token", "")))
        if token is None:
            raise Refusal(400, "refresh_token_not_found", "Invalid Refresh Token: Refresh Token Not Found")
        if token.used:
            self._end(token.session_id)
            raise Refusal(400, "refresh_token_already_used", "Invalid Refresh Token: Already Used")
        token.used = True
        return self._issue(token.user, token.session_id)

    def _issue(self, user: User, session_id: str) -> Json:
        refresh_token = secrets.token_urlsafe(9)
        self._sessions[session_id] = user
        self._refresh_tokens[refresh_token] = RefreshToken(user, session_id)
        claims = self.claims(user.id, user.email, session_id, user.app_metadata)
        return {
            "access_token": self.sign(claims),
            "token_type": "bearer",
            "expires_in": self._token_seconds,
            "expires_at": claims["exp"],
            "refresh_token": refresh_token,
            "user": user.as_json(),
        }

    def _log_out(self, bearer: str, scope: str) -> None:
        session_id, user = self._session(bearer)
        if scope == "global":
            self._end_all(user)
        elif scope == "local":
            self._end(session_id)

    def _require_admin(self, bearer: str) -> None:
        """Let nobody in but who holds the secret key; its holder needs no session."""
        if not secrets.compare_digest(bearer.encode(), self.service_role_key.encode()):
            if bearer != self.api_key:
                self._session(bearer)
            raise Refusal(403, "not_admin", "User not allowed")

    def _user(self, user_id: str) -> User:
        try:
            wanted = str(UUID(user_id))
        except ValueError as error:
            raise Refusal(404, "validation_failed", "user_id must be an UUID") from error
        for user in self._users.values():
            if user.id == wanted:
                return user
        raise Refusal(404, "user_not_found", "User not found")

    def _administer(self, method: str, user: User, body: Json) -> Json:
        match method, body:
            case "DELETE", _:
                self._delete(user, softly=body.get("should_soft_delete") is True)
                return {}
            case "PUT", {"app_metadata": dict(changes), **other} if not other:
                user.change_app_metadata(changes)
            case "PUT", _:
                raise Refusal(
                    400, "validation_failed", "This stand-in changes app_metadata, an object, and nothing else"
                )
        return user.as_json()

    def _delete(self, user: User, *, softly: bool) -> None:
        if softly and user.deleted_at:
            return
        if self._on_user:
            if softly:
                self._on_user.renamed(user.id, user.obfuscated_email)
            else:
                self._on_user.removed(user.id)
        del self._users[user.email]
        self._end_all(user)
        self._refresh_tokens = {text: one for text, one in self._refresh_tokens.items() if one.user is not user}
        if softly:
            user.soft_delete()
            self._users[user.email] = user

    def _end_all(self, user: User) -> None:
        for session_id in [one for one in self._sessions if self._sessions[one] is user]:
            self._end(session_id)

    def _end(self, session_id: str) -> None:
        self._sessions.pop(session_id, None)
        kept = {text: one for text, one in self._refresh_tokens.items() if one.used or one.session_id != session_id}
        self._refresh_tokens = kept

    def _session(self, bearer: str) -> tuple[str, User]:
        if not bearer:
            raise Refusal(401, "no_authorization", "This endpoint requires a valid Bearer token")
        keys = [self.jwt_secret] if self.algorithm == "HS256" else [key.public_key() for _, key, _ in self._keys]
        for key in keys:
            try:
                claims = jwt.decode(bearer, key, algorithms=[self.algorithm], audience="authenticated")
            except jwt.PyJWTError:
                continue
            if all(user.id != claims["sub"] for user in self._users.values()):
                raise Refusal(403, "user_not_found", "User from sub claim in JWT does not exist")
            if claims["session_id"] not in self._sessions:
                raise Refusal(403, "session_not_found", "Session from session_id claim in JWT does not exist")
            return claims["session_id"], self._sessions[claims["session_id"]]
        raise Refusal(403, "bad_jwt", "invalid JWT: unable to parse or verify signature")
