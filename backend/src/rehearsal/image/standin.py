"""A stand-in for AWS's base image, made of what is on this machine.

The Dockerfile of the image is built on it unchanged. It has the base's places (Python under /var/lang, AWS's own
runtime client under /var/runtime, the task's folder /var/task), its variables and its entry point; its system is
this machine's C library and the few programs that the Dockerfile calls, not Amazon Linux.
"""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path
from textwrap import dedent

from deployment.image.errors import BuildFailed
from rehearsal.image.python import Python

_PROGRAMS = ("sh", "rm", "chmod", "env")
_RUNTIME_CLIENT = ("awslambdaric", "simplejson", "snapshot-restore-py")
_EXPECTED = r"lib(?:dl|gcc_s|m|nss_dns|nss_files|pthread|resolv|rt|stdc\+\+|util|z)"
_UNUSED = (
    "test",
    "tests",
    "site-packages",
    "dist-packages",
    "idlelib",
    "tkinter",
    "config-*",
    "__pycache__",
    "EXTERNALLY-MANAGED",
)
_USERS = "root:x:0:0:root:/root:/sbin/nologin\nnobody:x:65534:65534:Kernel Overflow User:/:/sbin/nologin\n"
_FOLDERS = ("dev", "etc", "proc", "run", "sys", "tmp", "var/lang/bin", "var/lang/lib", "var/runtime", "var/task")
_ENTRY_POINT = """
    #!/bin/sh
    # The handler's name is the only argument.
    [ $# -eq 1 ] || { echo "the handler's name is missing" >&2; exit 142; }
    export _HANDLER="$1"
    exec /var/runtime/bootstrap
"""
_BOOTSTRAP = """
    #!/bin/sh
    export PYTHONPATH=/var/runtime
    exec /var/lang/bin/python3 -m awslambdaric "$_HANDLER"
"""


def make_context(python: Python, lock: Path, folder: Path) -> Path:
    """Fill `folder` with a build context for the stand-in, around `python`; return it.

    Args:
        lock: the lock file that pins AWS's runtime client.

    Raises:
        BuildFailed: pip could not fetch the runtime client.
    """
    root = folder / "root"
    for name in _FOLDERS:
        (root / name).mkdir(parents=True)
    (root / "tmp").chmod(0o1777)
    (root / "etc" / "passwd").write_text(_USERS)
    (root / "etc" / "group").write_text("root:x:0:\nnobody:x:65534:\n")
    _copy_python(python, root)
    programs = [Path(found) for name in _PROGRAMS if (found := shutil.which(name))]
    for program in programs:
        _copy(program, root / "usr" / "bin" / program.name)
    (root / "bin").symlink_to("usr/bin")
    extensions = sorted((python.library / "lib-dynload").glob("*.so"))
    _copy_libraries([python.executable, *programs, *extensions], python, root)
    _copy_runtime(python, lock, root)
    shutil.copy(Path(__file__).with_name("standin.Dockerfile"), folder / "Dockerfile")
    return folder


def _copy_python(python: Python, root: Path) -> None:
    home = root / "var" / "lang"
    name = f"python{python.version}"
    _copy(python.executable, home / "bin" / name)
    (home / "bin" / "python3").symlink_to(name)
    shutil.copytree(python.library, home / "lib" / name, symlinks=True, ignore=shutil.ignore_patterns(*_UNUSED))
    (home / "lib" / name / "site-packages").mkdir()
    (home / "lib" / name / "dist-packages").symlink_to("site-packages")  # where Debian's own Python looks


def _copy_libraries(binaries: Iterable[Path], python: Python, root: Path) -> None:
    """Copy the shared libraries that `binaries` need to where they lie here, Python's own to /var/lang/lib."""
    told = subprocess.run(["ldd", *map(str, binaries)], capture_output=True, text=True, check=False).stdout
    needed = {*re.findall(r"(?:=> |^\s+)(/\S+) \(0x", told, re.MULTILINE), *_expected_of_any_linux()}
    for library in sorted(map(Path, needed)):
        ours = python.prefix in library.parents and python.prefix != Path("/usr")
        _copy(library, root / "var/lang/lib" / library.name if ours else root / str(library).lstrip("/"))


def _expected_of_any_linux() -> list[str]:
    """Return this machine's C library with its parts, and the libraries of the compilers: wheels rely on them.

    Source: https://peps.python.org/pep-0599/
    """
    told = subprocess.run(["/sbin/ldconfig", "-p"], capture_output=True, text=True, check=False).stdout
    return re.findall(rf"\s(?:{_EXPECTED})\.so\.\d+ \(libc6,[^)]*\) => (\S+)", told)


def _copy_runtime(python: Python, lock: Path, root: Path) -> None:
    """Put AWS's runtime client where the base has it, and pip beside Python."""
    with tempfile.TemporaryDirectory() as scratch:
        environment = Path(scratch) / "venv"
        pinned = Path(scratch) / "runtime.lock"
        pinned.write_text(pins(lock.read_text(), _RUNTIME_CLIENT))
        _run([str(python.executable), "-m", "venv", str(environment)])
        packages = environment / "lib" / f"python{python.version}" / "site-packages"
        shutil.copytree(packages, root / f"var/lang/lib/python{python.version}/site-packages", dirs_exist_ok=True)
        pip = [str(environment / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        pip += ["--root-user-action=ignore", "--no-deps", "--only-binary=:all:", "--require-hashes"]
        _run([*pip, "--requirement", str(pinned), "--target", str(root / "var" / "runtime")])
    for path, text in {"lambda-entrypoint.sh": _ENTRY_POINT, "var/runtime/bootstrap": _BOOTSTRAP}.items():
        (root / path).write_text(dedent(text).lstrip())
        (root / path).chmod(0o755)


def pins(lock: str, names: Iterable[str]) -> str:
    """Return the entries of a lock file for `names`, with their hashes."""
    entries = re.split(r"^(?=\S)", lock, flags=re.MULTILINE)
    wanted = set(names)
    return "".join(entry for entry in entries if re.split(r"[=\[; ]", entry, maxsplit=1)[0] in wanted)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, target)


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildFailed(" ".join(command[:4]), done.stdout + done.stderr)
