"""This machine's way to PyPI, for the one command of the build that needs it, and for no layer."""

import os
from collections.abc import Mapping
from configparser import ConfigParser
from dataclasses import dataclass
from pathlib import Path

_CERTIFICATES = "/run/secrets/ca.pem"
_REACHABLE = ("index-url", "extra-index-url", "proxy", "timeout", "trusted-host")
_CERTIFICATE_VARIABLES = ("PIP_CERT", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")


@dataclass(frozen=True)
class Mirror:
    """What pip on this machine is told: its own options, and a bundle of certificates if it has one.

    Folders of packages on this machine's disk are left out: the build could not see them.
    """

    options: Mapping[str, str]
    certificates: Path | None = None

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> "Mirror":
        """Read pip's configuration files, then its variables, which win.

        Source: https://pip.pypa.io/en/stable/topics/configuration/
        """
        told = ConfigParser(interpolation=None)
        told.read(_files(environ))
        options: dict[str, str] = {}
        for section in ("global", "install"):
            if told.has_section(section):
                options.update(told.items(section))
        for name in (*_REACHABLE, "cert"):
            if value := environ.get(f"PIP_{name.upper().replace('-', '_')}"):
                options[name] = value
        named = [environ.get(name) for name in _CERTIFICATE_VARIABLES] + [options.get("cert")]
        bundles = [Path(name) for name in named if name]
        kept = {name: _without_files(options[name]) for name in _REACHABLE if name in options}
        return cls(
            {name: value for name, value in kept.items() if value},
            next((bundle for bundle in bundles if bundle.is_file()), None),
        )

    def secrets(self, folder: Path) -> list[str]:
        """Write what pip needs to `folder`; return the builder's arguments that hand it to the build."""
        lines = [f"{name} = {value}" for name, value in self.options.items()]
        arguments = []
        if self.certificates:
            lines.append(f"cert = {_CERTIFICATES}")
            arguments += ["--secret", f"id=ca,src={self.certificates}"]
        configuration = folder / "pip.conf"
        configuration.touch(mode=0o600)
        configuration.write_text("\n".join(["[global]", *lines, ""]))
        return [*arguments, "--secret", f"id=pip,src={configuration}"]


def _files(environ: Mapping[str, str]) -> list[Path]:
    if (named := environ.get("PIP_CONFIG_FILE")) == os.devnull:
        return []
    home = Path(environ.get("HOME", "/"))
    user = Path(environ.get("XDG_CONFIG_HOME") or home / ".config")
    files = [Path("/etc/pip.conf"), home / ".pip" / "pip.conf", user / "pip" / "pip.conf"]
    return [*files, Path(named)] if named else files


def _without_files(value: str) -> str:
    return " ".join(word for word in value.split() if not word.startswith(("file:", "/")))
