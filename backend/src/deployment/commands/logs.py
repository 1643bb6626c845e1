"""`make logs`: what the functions say, all of them together."""

import sys
from dataclasses import dataclass

from deployment.context import Context
from deployment.logs.line import pretty, without_secrets
from deployment.logs.tail import Tail, since_ms
from deployment.progress import say
from deployment.release.functions import functions_of


@dataclass(frozen=True)
class Options:
    """What to show.

    Args:
        since: from when on: 10m, 2h, 1d, or a time.
        request_id: of this request alone.
        follows: whether to go on as more comes.
        is_raw: whether lines are shown as they are, keys and tokens blotted out all the same.
        words: what a line must hold.
    """

    since: str = "10m"
    request_id: str = ""
    follows: bool = False
    is_raw: bool = False
    words: tuple[str, ...] = ()


def tail_of(context: Context, options: Options) -> Tail:
    """Return what reads the logs of every function.

    Raises:
        NothingDeployed: there is none.
    """
    since_ms(options.since)
    context.open_state()
    with context.steps.step("Looking"):
        functions = functions_of(context.stack.outputs())
    words = [word for word in (options.request_id, *options.words) if word]
    return Tail(context.account, {function.key: function.log_group for function in functions}, words)


def show(tail: Tail, options: Options) -> None:
    """Print the lines."""
    since = since_ms(options.since)
    for name, event in tail.follow(since) if options.follows else tail.events(since):
        line = without_secrets(str(event["message"]).rstrip("\n")) if options.is_raw else pretty(event, name)
        if line:
            say(sys.stdout, line)
