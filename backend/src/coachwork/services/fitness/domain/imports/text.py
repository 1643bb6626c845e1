"""Bytes of a file into text: UTF-8, or UTF-16 that says so."""

import codecs

from coachwork.services.fitness.domain.imports.errors import UnreadableImport

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def text_of(content: bytes) -> str:
    """Return the text of a file in UTF-8, or in UTF-16 with a byte order mark.

    Raises:
        UnreadableImport: it is neither. Latin-1 and its kin are never guessed: any bytes would do as that.
    """
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableImport(
            f"The file is neither UTF-8 nor UTF-16 with a byte order mark (byte {error.start}): save it as UTF-8"
        ) from error
    if "\0" in text:
        raise UnreadableImport("The file has NUL characters: save it as UTF-8")
    return text
