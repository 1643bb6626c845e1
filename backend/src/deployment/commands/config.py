"""`make config`: asks for what the services have to know, checks it, and has Terraform write it where they read it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from deployment.configuration.prompts import Prompter
from deployment.configuration.settings import SIGNING_KEYS, format_errors, known_settings, missing_names
from deployment.configuration.signing import new_key
from deployment.configuration.store import Store
from deployment.configuration.validation import problems
from deployment.context import Context
from deployment.environment import Environment
from deployment.errors import ConfigurationIncomplete
from deployment.terraform.events import progress_notes


@dataclass(frozen=True)
class Options:
    """Where values come from.

    Args:
        given: values by name, for machines; nobody is asked then.
        is_machine: whether to ask nobody.
        again: names to be asked for although they are stored.
        forgotten: names to be taken out of what is stored.
    """

    given: Mapping[str, str]
    is_machine: bool = False
    again: tuple[str, ...] = ()
    forgotten: tuple[str, ...] = ()


def given_by_machine(shell: Mapping[str, str], *, from_environment: bool, text: str) -> dict[str, str]:
    """Return values out of the environment's variables, and out of `text`, an object of JSON, which wins.

    Raises:
        ConfigurationIncomplete: the text is no such object.
    """
    found = {name: shell[name] for name in known_settings() if from_environment and shell.get(name)}
    try:
        told = json.loads(text) if text.strip() else {}
        is_flat = isinstance(told, dict) and all(isinstance(value, str) for value in told.values())
    except ValueError:
        is_flat = False
    if not is_flat:
        raise ConfigurationIncomplete(
            'standard input has no object of texts, like {"DATABASE_URL": "postgresql://..."}'
        )
    return {**found, **told}


def stored_names(context: Context) -> str:
    """Return which settings are stored and which are not, without a value."""
    with context.steps.step("Looking"):
        stored = Store(context.environment, context.account).read()
    environment = context.environment
    missing = missing_names(stored, environment.settings, is_production=environment.is_production)
    lines = [
        f"  {'set' if name in stored else 'MISSING' if name in missing else '-':<8}{name}" for name in known_settings()
    ]
    others = [f"  set     {name} (unknown here)" for name in sorted(stored.keys() - known_settings().keys())]
    return "\n".join([f"\n{environment.folder}:", *lines, *others])


def read(context: Context) -> dict[str, str]:
    """Return what is stored."""
    with context.steps.step("Looking"):
        return Store(context.environment, context.account).read()


def merged(environment: Environment, stored: Mapping[str, str], options: Options) -> dict[str, str]:
    """Return what is to be stored: as it is, as it was given, and as the user answers.

    Raises:
        ConfigurationIncomplete: a name is none that is kept here, or the user went away.
    """
    named = {*options.again, *options.forgotten}
    if strange := sorted(named - known_settings().keys()):
        raise ConfigurationIncomplete(
            f"{', '.join(strange)} is no setting that is kept here: {', '.join(known_settings())}"
        )
    values = {name: value for name, value in stored.items() if name not in options.forgotten} | dict(options.given)
    if not options.is_machine:
        return values | Prompter(environment).missing(values, options.again)
    if SIGNING_KEYS in missing_names(values, environment.settings, is_production=environment.is_production):
        values[SIGNING_KEYS] = new_key()  # nobody has to know it
    return values


def write(context: Context, stored: Mapping[str, str], values: Mapping[str, str]) -> str:
    """Check the values and store them; return what to print.

    Raises:
        ConfigurationIncomplete: they are wrong, and none was stored.
    """
    with context.steps.step("Checking"):
        wrong = format_errors(values) or problems(context.environment, values, context.shell)
        if wrong:
            lines = "\n".join(f"    {line}" for line in wrong)
            raise ConfigurationIncomplete(f"nothing was stored:\n{lines}")
    changed = sorted(name for name in {*stored, *values} if stored.get(name) != values.get(name))
    if not changed:
        return f"\n{context.environment.folder}: everything is stored already"
    context.ensure_bootstrap()
    with context.steps.step("terraform init"):
        context.stack.init()
    context.store_unsaved_state()
    with context.steps.step("Writing secrets") as note:
        state = context.stack.state()
        context.stack.keep_unfinished(state)
        context.stack.write_secrets(values, context.stack.values_version(state) + 1, progress_notes(note))
        note(f"{len(changed)} changed")
    return (
        f"\n{context.environment.folder}: stored {', '.join(changed)}.\n"
        f"Functions read them when they start: {context.command('deploy')} gives them to new ones, and those that run"
        " keep what they have read until they end."
    )
