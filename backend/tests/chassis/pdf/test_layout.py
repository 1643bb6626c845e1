"""Pages as people see them: columns, tables, pages and text that are turned."""

from io import BytesIO

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas
from tests.pdfs import drawn

from coachwork.chassis.pdf import UnreadablePdf, read_pages

LINES = [f"Line {number:02} of the {{}} column fills its width." for number in range(1, 31)]


def words(content: bytes) -> list[str]:
    """Return the words of the first page in the order they are read."""
    return next(read_pages(content)).text.split()


def columns(count: int, order: str) -> tuple[bytes, list[str]]:
    """Return a page of columns under a title, written in an order, and the words as they are to be read."""
    names = ["first", "second", "third"][:count]
    file, read = (
        BytesIO(),
        ["Training", "in", "short", *" ".join(line.format(name) for name in names for line in LINES).split()],
    )
    canvas = Canvas(file, pagesize=(200 * count + 40, 700))
    canvas.drawString(20, 650, "Training in short")
    canvas.setFont("Helvetica", 9)
    cells = [(row, column) for row in range(len(LINES)) for column in range(count)]
    for row, column in cells if order == "lines" else sorted(cells, key=lambda cell: cell[::-1]):
        canvas.drawString(20 + 200 * column, 620 - 15 * row, LINES[row].format(names[column]))
    canvas.drawCentredString(100 * count + 20, 20, "17")
    canvas.save()
    return file.getvalue(), [*read, "17"]


def written(draw: "list[tuple[float, float, str]]", **options: object) -> bytes:
    """Return a page with texts at places."""
    file = BytesIO()
    canvas = Canvas(file, **options)
    for across, up, text in draw:
        canvas.drawString(across, up, text)
    canvas.save()
    return file.getvalue()


class TestColumns:
    """Two or three on a page."""

    @pytest.mark.parametrize("order", ["columns", "lines"])
    @pytest.mark.parametrize("count", [2, 3])
    def test_each_is_read_on_its_own(self, count: int, order: str) -> None:
        """However the file was written: column by column, or line by line across the page."""
        content, expected = columns(count, order)
        assert expected == words(content)

    def test_a_table_is_read_across(self) -> None:
        """Its rows are short and ragged, or do not go on for long."""
        rows = [("Exercise", "Sets", "Load")] + [
            (f"Squat {'deep' * (number % 3)}", "5", f"{number}.5 kg") for number in range(20)
        ]
        places = [
            (70.0 + 150 * column, 700.0 - 20 * row, text)
            for row, cells in enumerate(rows)
            for column, text in enumerate(cells)
        ]
        assert " ".join(" ".join(cells) for cells in rows).split() == words(written(places))


class TestTurned:
    """Pages that are shown turned, and text that is written so."""

    @pytest.mark.parametrize("written_degrees", [0, 90, 180, 270])
    @pytest.mark.parametrize("shown_degrees", [0, 90, 180, 270])
    def test_lines_keep_their_order(self, written_degrees: int, shown_degrees: int) -> None:
        """From the first to the last, each a line."""
        cosine, sine = {0: (1, 0), 90: (0, 1), 180: (-1, 0), 270: (0, -1)}[written_degrees]
        lines = [f"Set {number} of the heavy day." for number in range(1, 9)]
        shown = b" ".join(b"1 0 0 1 0 %d cm BT /F1 12 Tf (%b) Tj ET" % (-20, line.encode()) for line in lines)
        drawing = b"q 1 0 0 1 300 400 cm %d %d %d %d 0 0 cm %b Q" % (cosine, sine, -sine, cosine, shown)
        content = drawn([drawing], of_page=b"/Rotate %d" % shown_degrees)
        assert lines == next(read_pages(content)).text.split("\n")


class TestUnseen:
    """What is not to be seen on the page."""

    def test_text_beside_the_page_is_left_out(self) -> None:
        """Nobody could follow a citation to it."""
        assert ["Seen."] == words(written([(70, 700, "Seen."), (2_000, 700, "Unseen."), (70, -50, "Unseen.")]))

    def test_a_scan_says_so(self) -> None:
        """A picture is no text."""
        file = BytesIO()
        canvas = Canvas(file)
        canvas.rect(50, 50, 300, 300, fill=1)
        canvas.save()
        with pytest.raises(UnreadablePdf, match="looks scanned") as raised:
            list(read_pages(file.getvalue()))
        assert "no-text" == raised.value.reason


class TestEncryption:
    """Files under a password."""

    def test_one_that_has_to_be_typed(self) -> None:
        """It says what to do."""
        content = written([(70, 700, "Secret.")], encrypt=StandardEncryption("typed", strength=128))
        with pytest.raises(UnreadablePdf, match="without a password") as raised:
            list(read_pages(content))
        assert "encrypted" == raised.value.reason

    def test_one_that_only_keeps_from_editing(self) -> None:
        """Everybody can read it."""
        content = written([(70, 700, "Public.")], encrypt=StandardEncryption("", "owner", strength=128))
        assert ["Public."] == words(content)


class TestScripts:
    """Other letters than Latin ones."""

    def test_right_to_left_is_read_in_its_order(self) -> None:
        """A page shows Hebrew from the right; its text begins with what is read first."""
        codes = b"5 beginbfchar <41> <05E9> <42> <05DC> <43> <05D5> <44> <05DD> <20> <0020> endbfchar"
        cmap = b"begincmap 1 begincodespacerange <00> <FF> endcodespacerange %b endcmap"
        content = drawn([b"BT /F1 12 Tf 72 720 Td (DCBA) Tj ET"], of_font=b"/ToUnicode 6 0 R", more=[cmap % codes])
        assert ["\u05e9\u05dc\u05d5\u05dd"] == words(content)
