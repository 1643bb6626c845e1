"""The port: the one asked for, or the next that is free."""

import errno
import socket
from collections.abc import Mapping

from rehearsal.laptop.errors import PortTaken

_DEFAULT = 8000
_TRIES = 100


def listener(environ: Mapping[str, str]) -> socket.socket:
    """Return a listening socket on 127.0.0.1: on PORT where it is set (0 is any), else on 8000 or the next free.

    Raises:
        PortTaken: PORT is set and taken, or not a port.
    """
    asked = environ.get("PORT", "").strip()
    if asked:
        return _asked_for(asked)
    for port in range(_DEFAULT, _DEFAULT + _TRIES):
        try:
            return _listen(port)
        except OSError:
            continue
    return _listen(0)


def _asked_for(text: str) -> socket.socket:
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise PortTaken(f"PORT={text} is not a port: wants a number from 0 to 65535")
    try:
        return _listen(int(text))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(f"port {text} is taken: stop what uses it, or leave PORT unset") from error
        raise PortTaken(f"port {text} cannot be used: {error.strerror}") from error


def _listen(port: int) -> socket.socket:
    if port and _answers(port):  # some systems let two listen where one named an address and one did not
        raise OSError(errno.EADDRINUSE, "taken")
    listening = socket.socket()
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", port))
        listening.listen(128)
    except OSError:
        listening.close()
        raise
    return listening


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0
