"""Everything the run made is removed again, and that is seen to."""

from deployment.smoke.answer import Answer
from deployment.smoke.context import Account, CheckContext
from deployment.smoke.documents import KNOWLEDGE
from deployment.smoke.failures import Failed, NotTried

_ME = "/api/v1/users/me"


def cleanup(context: CheckContext) -> str:
    """Undo all that was done, whatever fails on the way; say what is left."""
    if not context.undo and not context.created_accounts:
        raise NotTried("nothing was made")
    failures = []
    for name, undo in reversed(context.undo.items()):
        try:
            _expect_gone(undo())
        except Failed as failed:
            failures.append(f"{name} is left behind: {failed}")
    removed = 0
    for account in context.created_accounts:
        try:
            removed += _delete(context, account)
        except Failed as failed:
            failures.append(f"the account {account.email} is left behind: {failed}")
    if failures:
        raise Failed("\n".join(failures))
    return _said(context, removed)


def _delete(context: CheckContext, account: Account) -> bool:
    """Delete an account; False when it was never made."""
    answer = _deletion(context, account.token) if account.token else None
    if answer is None or answer.status == 401:  # the run was cut off before it signed in, or took very long
        login = context.client.request("POST", "/api/v1/users/login", account.credentials)
        if login.status in {401, 403}:
            return False
        answer = _deletion(context, login.expect(200).text("access_token"))
    answer.expect(200).equal(1, "removed", "account")
    if account is context.account:  # once is enough: a failed login counts against this address
        context.client.request("POST", "/api/v1/users/login", account.credentials).expect_problem(401)
    return True


def _deletion(context: CheckContext, token: str) -> Answer:
    answer = context.client.request("DELETE", _ME, token=token)
    if answer.status == 409:  # a function of its own keeps documents, which a run that was cut off left there
        context.client.request("DELETE", KNOWLEDGE, token=token).expect(200)
        answer = context.client.request("DELETE", _ME, token=token)
    return answer


def _expect_gone(answer: Answer) -> None:
    if answer.status != 404:
        answer.expect(200, 204)


def _said(context: CheckContext, removed: int) -> str:
    if removed:
        accounts = "1 account" if removed == 1 else f"{removed} accounts"
        return f"{accounts} deleted with all they had, and cannot log in"
    if context.account is not None and context.account.is_kept:
        return f"{context.account.email} is as it was"
    return "nothing is left"
