"""Accounts: made for the run, signed in, known by name."""

from deployment.smoke.answer import Answer
from deployment.smoke.context import Account, CheckContext
from deployment.smoke.failures import Skipped
from deployment.smoke.outcome import Options


def account(context: CheckContext) -> str:
    """A new account registers and signs in; where one was given, that signs in."""
    mine = _given(context.options)
    if mine is None:
        # an address that failed too often is refused here, before there is an account nobody could log in to delete
        try_as_stranger(context).expect_problem(401)
        mine = register(context)
    sign_in(context, mine)
    context.account = mine
    me = context.client.request("GET", "/api/v1/users/me", token=mine.token).expect(200)
    me.text("id")
    me.equal(mine.email, "email")
    return f"{mine.email}{' (given; it is kept)' if mine.is_kept else ''}"


def another_account(context: CheckContext) -> str:
    """Another account sees nothing of the first one's."""
    context.token()
    token = _another_token(context)
    tried = {
        "workout": f"/api/v1/workouts-db/{context.workout_id}" if context.workout_id else "",
        "log": f"/api/v1/workouts-db/logs/{context.log_id}" if context.log_id else "",
    }
    for noun, path in tried.items():
        for method in ("GET", "DELETE") if path else ():
            answer = context.client.request(method, path, token=token)
            if answer.status in {200, 204}:
                raise answer.failed(f"let another account at the first one's {noun}", "row level security is not on")
            answer.expect_problem(404)
    seen = context.client.request("GET", "/api/v1/workouts-db/", token=token).expect(200)
    if any(item == context.workout_id for item in _ids(seen)):
        raise seen.failed("lists another account's workout", "row level security is not on")
    return "sees and deletes nothing of the first one's"


def try_as_stranger(context: CheckContext) -> Answer:
    """Return the answer to a sign-in that must fail: nobody has this account."""
    answer = context.client.request("POST", "/api/v1/users/login", context.stranger.credentials)
    context.strangers_failures += answer.status == 401
    return answer


def register(context: CheckContext) -> Account:
    """Return a new account, noted for its removal before it is made."""
    new = Account.generated()
    context.created_accounts.append(new)
    answer = context.client.request("POST", "/api/v1/users/register", new.credentials).expect(201)
    answer.equal(new.email, "email")
    return new


def sign_in(context: CheckContext, account: Account) -> None:
    """Give the account a token."""
    answer = context.client.request("POST", "/api/v1/users/login", account.credentials)
    if answer.status == 401 and account.is_kept:
        raise answer.failed("did not take the e-mail address and password that were given")
    answer.expect(200).equal("bearer", "token_type")
    account.token = answer.text("access_token")


def _given(options: Options) -> Account | None:
    if not options.email:
        return None
    return Account(options.email.strip().lower(), options.password, is_kept=True)


def _another_token(context: CheckContext) -> str:
    if not context.options.email:
        new = register(context)
        sign_in(context, new)
        return new.token
    token = admin_token(context)
    if not token:
        raise Skipped("wants a second account: SMOKE_ADMIN_EMAIL and SMOKE_ADMIN_PASSWORD serve")
    return token


def admin_token(context: CheckContext) -> str:
    """Return an administrator's token, signed in once a run; empty when none was given."""
    options = context.options
    if options.admin_token:
        return options.admin_token
    if not options.admin_email:
        return ""
    if context.admin is None:
        admin = Account(options.admin_email.strip().lower(), options.admin_password, is_kept=True)
        sign_in(context, admin)
        context.admin = admin
    return context.admin.token


def _ids(page: Answer) -> list[str]:
    return [str(item.get("id")) for item in page.items("items") if isinstance(item, dict)]
