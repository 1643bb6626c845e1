"""What the parser's process writes: frames of a kind (one byte), a length (four, the highest first) and a payload."""

import struct

HEAD = struct.Struct(">cI")
READY = b"R"
"""The reader is loaded; what goes wrong after this is the file's fault."""
COUNT = b"C"
"""How many pages there are, as digits."""
PAGE = b"P"
"""The text of the next page, in UTF-8."""
FAILED = b"F"
"""A name of `pdf.Reason`, and perhaps a number that belongs to it after a space; nothing follows."""
END = b"E"
"""Every page was read that was asked for."""


def framed(kind: bytes, payload: bytes = b"") -> bytes:
    """Return a frame."""
    return HEAD.pack(kind, len(payload)) + payload
