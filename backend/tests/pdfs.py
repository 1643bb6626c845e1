"""PDFs, written by hand: the fewest objects a reader takes, and some that no writer would make."""

import zlib
from collections.abc import Sequence


def pdf(pages: Sequence[str]) -> bytes:
    """Return a PDF with a line of text on each page; an empty page has a drawing and no text."""
    return drawn([f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode() if text else b"0 0 10 10 re f" for text in pages])


def drawn(
    contents: Sequence[bytes],
    *,
    of_page: bytes = b"",
    of_catalog: bytes = b"",
    of_font: bytes = b"",
    more: Sequence[bytes] = (),
) -> bytes:
    """Return a PDF of pages with these contents.

    Args:
        of_page, of_catalog, of_font: more entries of each page, of the catalog, of the only font.
        more: streams after the last page's.
    """
    kids = b" ".join(b"%d 0 R" % (4 + 2 * number) for number in range(len(contents)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R %b >>" % of_catalog,
        b"<< /Type /Pages /Kids [%b] /Count %d >>" % (kids, len(contents)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica %b >>" % of_font,
    ]
    for number, content in enumerate(contents):
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] %b"
            b" /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>" % (of_page, 5 + 2 * number),
            stream(content),
        ]
    return of_objects([*objects, *map(stream, more)])


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """Return the object that holds bytes."""
    return b"<< /Length %d %b >>\nstream\n%b\nendstream" % (len(content), entries, content)


def of_objects(objects: Sequence[bytes]) -> bytes:
    """Return a PDF of these objects, numbered from 1; the first is its catalog."""
    body, places = bytearray(b"%PDF-1.5\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size, start = len(objects) + 1, len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n%b" % (size, table)
    body += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, start)
    return bytes(body)


def bomb(unit: bytes, count: int) -> bytes:
    """Return a PDF whose only page has `unit` so many times, compressed twice: a few bytes for any number."""
    packer = zlib.compressobj(9)
    once = b"".join(packer.compress(unit * min(10_000, count)) for _ in range(max(1, count // 10_000))) + packer.flush()
    twice = stream(zlib.compress(once, 9), b"/Filter [/FlateDecode /FlateDecode]")
    return of_objects(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792]"
            b" /Resources << /Font << /F1 3 0 R >> >> /Contents 5 0 R >>",
            twice,
        ]
    )
