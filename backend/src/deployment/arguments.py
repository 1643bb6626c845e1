"""The command line's arguments."""

import argparse

COMMANDS = {
    "bootstrap": "apply terraform/bootstrap: the bucket for state, the repository of images",
    "config": "ask for what the services have to know, check it, and store it",
    "deploy": "bring the checkout, or IMAGE=sha256:..., to callers",
    "destroy": "take an environment away, after asking",
    "logs": "show what the functions say",
    "plan": "show what a deployment would change",
    "publish": "build and push the image, and write its digest to build/image.env",
    "rollback": "give callers the version before, or VERSION=",
    "status": "show what callers get, and whether it is well",
    "unlock": "take away a lock that was lost, LOCK=",
}


def parse_arguments(arguments: list[str]) -> argparse.Namespace:
    """Return the parsed arguments; ends the program with status 2 where they make no sense."""
    parser = argparse.ArgumentParser(prog="make", usage='make COMMAND ENV=dev [ARGS="..."]')
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    by_name = {name: commands.add_parser(name, help=words, description=words) for name, words in COMMANDS.items()}
    _add_config_options(by_name["config"])
    _add_logs_options(by_name["logs"])
    by_name["deploy"].add_argument("--without-migrations", action="store_true", help="the database is somebody else's")
    plan = by_name["plan"]
    plan.add_argument("--markdown", metavar="FILE", help="write it as a comment on a pull request as well")
    plan.add_argument("--without-refresh", action="store_true", help="compare with the state, not with what is there")
    plan.add_argument("--detailed-exitcode", action="store_true", help="status 2 where there are changes")
    return parser.parse_args(arguments)


def _add_config_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--list", action="store_true", help="show which settings are stored, without their values")
    parser.add_argument("--stdin", action="store_true", help="read an object of JSON from standard input; ask nobody")
    parser.add_argument("--from-env", action="store_true", help="take what the environment's variables say; ask nobody")
    parser.add_argument("--again", action="append", default=[], metavar="NAME", help="ask for it although it is stored")
    parser.add_argument("--forget", action="append", default=[], metavar="NAME", help="store it no longer")


def _add_logs_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--since", default="10m", help="30s, 10m, 2h, 1d, or a time (default: 10m)")
    parser.add_argument("--request-id", default="", metavar="ID", help="of this request alone")
    parser.add_argument("--follow", action="store_true", help="go on as more comes, until Ctrl-C")
    parser.add_argument("--raw", action="store_true", help="the lines as they are")
    parser.add_argument("words", nargs="*", metavar="WORD", help="what a line must hold")
