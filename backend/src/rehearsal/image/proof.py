"""Proves the image: it builds, twice the same, has nothing in it that should not be, and its handler answers.

On a stand-in for AWS's base, so it proves our Dockerfile, packages and source, and nothing about Amazon Linux.
"""

import json
import re
import shlex
import shutil
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from deployment.image.builder import BASE, Build, Buildah
from deployment.image.content import Content
from deployment.image.errors import ImageError
from deployment.image.mirror import Mirror
from rehearsal.image.python import Python, find_python
from rehearsal.image.standin import make_context
from rehearsal.runtime import ExecutionEnvironment, Function, InitError

LARGEST_BYTES = 250_000_000
_INPUTS = ("Dockerfile", ".dockerignore", "requirements-image.lock", "src/coachwork", "src/deployment/image/trim.py")
_UNWANTED = re.compile(
    r"/tests?/|/\.cache/|(^|/)(pip|gcc|cc|c\+\+|make|ld)(/|$)|\.(pem|key|env|conf|lock)$|(^|/)(rehearsal|moto|pytest)/"
)
_ALLOWED = re.compile(
    r"^var/task/((certifi|botocore)/cacert\.pem$|grpc/_cython/_credentials/roots\.pem$|coachwork/.*/tests?/)"
)


@dataclass(frozen=True)
class Proof:
    """What was seen: the Python of the stand-in, the image, and the status and body of its answer."""

    python: Python
    content: Content
    init_ms: float
    status: int
    body: str


def prove(event: bytes, settings: Mapping[str, str], say: Callable[[str], None], environ: Mapping[str, str]) -> Proof:
    """Build the image twice on a stand-in and let it answer `event`; nothing is left behind.

    Raises:
        ImageError: anything was not as it has to be.
    """
    with tempfile.TemporaryDirectory(prefix="coachwork-image-") as name:
        folder = Path(name)
        mirror = Mirror.of(environ)
        python = find_python()
        build = Build.of_checkout()
        say(f"a stand-in for {BASE}, with Python {python.version} of this machine")
        base = Build(BASE, "none", 0, make_context(python, build.context / "requirements-image.lock", folder / "base"))
        say("the image, twice, from checkouts of different times and permissions")
        with ThreadPoolExecutor(2) as pool:
            futures = [pool.submit(_built, base, build, mirror, folder / word) for word in ("one", "other")]
            (buildah, content), (_, again) = (future.result() for future in futures)
        require_same(content, again)
        require_clean(content)
        say(f"one event for {' '.join(content.configuration['Cmd'])}")
        with buildah.unpacked(build.tag) as root:
            init_ms, status, body = _answer(root, content, folder, event, settings)
        return Proof(python, content, init_ms, status, body)


def _built(base: Build, build: Build, mirror: Mirror, folder: Path) -> tuple[Buildah, Content]:
    """Build from a copy of the checkout; the one called "other" is as new and as closed as a copy can be.

    In a storage of its own: builds that share one tell each other's names of the base in their history.
    """
    context = folder / "context"
    for name in _INPUTS:
        source, target = build.context / name, context / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copy2)(source, target)
    if folder.name == "other":
        for path in context.rglob("*"):
            path.touch()
            path.chmod(0o700 if path.is_dir() else 0o600)
    buildah = Buildah(folder / "storage")
    buildah.build(base, mirror, pull=False)
    buildah.build(replace(build, context=context), mirror, pull=False)
    return buildah, buildah.save(build.tag, folder / "layout")


def require_same(one: Content, other: Content) -> None:
    """Compare two builds of the same files.

    Raises:
        ImageError: they differ; it says in which step.
    """
    if one.digest == other.digest:
        return
    differ = [layer.made_by for layer, twin in zip(one.layers, other.layers, strict=False) if layer != twin]
    raise ImageError(f"Two builds of the same files differ: {', '.join(differ) or 'in their configuration'}")


def require_clean(content: Content) -> None:
    """Look through our own layers; the base's is AWS's affair.

    Raises:
        ImageError: there is a test, a secret, a cache, a compiler or a slow module, or too much.
    """
    paths = [path for layer in content.layers[1:] for path in layer.paths]
    unwanted = [path for path in paths if _UNWANTED.search(path) and not _ALLOWED.search(path)]
    if unwanted:
        raise ImageError(f"In the image, and should not be: {', '.join(unwanted[:10])}")
    sources = {path.removesuffix(".py") for path in paths if path.endswith(".py")}
    compiled = {re.sub(r"__pycache__/(.*)\.cpython-\d+\.pyc$", r"\1", path) for path in paths}
    if slow := sorted(sources - compiled):
        raise ImageError(f"Not byte-compiled: {', '.join(slow[:10])}")
    size_bytes = sum(layer.file_bytes for layer in content.layers[1:])
    if size_bytes > LARGEST_BYTES:
        raise ImageError(f"Our layers are {size_bytes / 1e6:.0f} MB, over {LARGEST_BYTES / 1e6:.0f} MB")


def _answer(
    root: Path, content: Content, folder: Path, event: bytes, settings: Mapping[str, str]
) -> tuple[float, int, str]:
    """Run the image's own entry point in its own root, as its own user, under our Runtime API."""
    log = folder / "log"
    handler = content.configuration["Cmd"][0]
    function = Function(
        handler, _launcher(root, content, folder / "launch"), folder, settings, timeout_seconds=60, log=log
    )
    try:
        with ExecutionEnvironment(function) as environment:
            invocation = environment.invoke(event)
            init_ms = environment.init_ms
    except InitError as error:
        raise ImageError(f"The handler did not start: {error}\n{_tail(log)}") from error
    if invocation.outcome != "response":
        raise ImageError(f"The handler did not answer: {invocation.payload.decode()}\n{_tail(log)}")
    answer = json.loads(invocation.payload)
    return init_ms, answer["statusCode"], answer["body"]


def _launcher(root: Path, content: Content, script: Path) -> Path:
    """Write a program that stands where the runtime starts Python, and enters the image instead."""
    about = content.configuration
    variables = [f"{name}={value}" for name, value in content.environment.items()]
    inside = f"cd {shlex.quote(about['WorkingDir'])} && exec {shlex.join([*about['Entrypoint'], *about['Cmd']])}"
    chroot = shutil.which("chroot", path="/usr/sbin:/usr/bin:/sbin:/bin") or "chroot"  # not in everyone's PATH
    enter = [chroot, f"--userspec={about['User']}", "--groups=", str(root), "/bin/sh", "-c", inside]
    script.write_text(f"#!/bin/sh\nexec {shlex.join(['env', *variables, *enter])}\n")
    script.chmod(0o755)
    return script


def _tail(log: Path) -> str:
    return "\n".join(f"  {line}" for line in log.read_text(errors="replace").splitlines()[-15:]) if log.exists() else ""
