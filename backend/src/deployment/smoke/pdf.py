"""A PDF made by hand: small, whole, and full of bytes that no text has.

Source: ISO 32000-1:2008, annex H.2
"""

from collections.abc import Sequence

_UNTEXTUAL = bytes(range(128, 256))
"""In a comment, as the standard asks for in its second line: whoever takes the file for text spoils them."""
_LINE_HEIGHT = 16


def pdf(pages: Sequence[Sequence[str]]) -> bytes:
    """Return a document of these pages, each of lines in Latin letters."""
    kids = " ".join(f"{4 + 2 * place} 0 R" for place in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for place, lines in enumerate(pages):
        objects += [_page(5 + 2 * place), _stream(lines)]
    return _assembled(objects)


def _page(content: int) -> bytes:
    resources = "<< /Font << /F1 3 0 R >> >>"
    return (
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources {resources} /Contents {content} 0 R >>"
    ).encode()


def _stream(lines: Sequence[str]) -> bytes:
    shown = "".join(f"({_escaped(line)}) Tj 0 -{_LINE_HEIGHT} Td\n" for line in lines)
    drawn = f"BT /F1 11 Tf 60 780 Td\n{shown}ET".encode("cp1252")
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn)


def _escaped(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _assembled(objects: Sequence[bytes]) -> bytes:
    file = b"%PDF-1.7\n%" + _UNTEXTUAL + b"\n"
    places = []
    for number, one in enumerate(objects, 1):
        places.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(file))
    return file + b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table) + trailer
