"""Files made to hurt whoever reads them: each is refused for a reason, and nothing is left of its reading."""

import os
import signal
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.pdfs import bomb, drawn, of_objects, pdf, stream

from coachwork.chassis.pdf import PageText, PdfLimits, UnreadablePdf, read_pages

WHOLE = pdf(["Rest between sets.", "", "Sleep well."])
SMALL = PdfLimits(memory_bytes=64 * 1024 * 1024, seconds=10)
LONG = drawn([b"BT /F1 8 Tf 1 9 Td " + b"(abcdefghij) Tj 0 9 Td " * 500 + b"ET"] * 60)
"""More text than a pipe holds: its parser waits to be read."""
CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"


def outcome(content: bytes, limits: PdfLimits = SMALL) -> str | list[PageText]:
    """Return the pages, or the reason there are none."""
    try:
        return list(read_pages(content, limits))
    except UnreadablePdf as error:
        return error.reason


def started() -> list[Path]:
    """Return the processes this one has started and not buried."""
    found: list[Path] = []
    for task in Path("/proc/self/task").iterdir():
        with suppress(FileNotFoundError):  # a thread of a pool that has just ended
            found += [Path(f"/proc/{one}") for one in (task / "children").read_text().split()]
    return found


def children() -> list[int]:
    """Return those of them that parse; other tests have others."""
    return [int(one.name) for one in started() if b"pdf_parser" in (one / "cmdline").read_bytes()]


def opened() -> int:
    """Return how much this process has open."""
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.fixture(autouse=True)
def nothing_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """See to it that no test leaves a process, a file or anything open."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    processes, files = started(), opened()
    yield
    assert processes == started()
    assert opened() <= files  # what other tests left may be closed meanwhile
    assert [] == list(tmp_path.iterdir())


class TestBombs:
    """A few bytes that become many."""

    @pytest.mark.parametrize(
        ("unit", "count"),
        [
            (b" " * 1000, 100_000),
            (b"BT /F1 9 Tf 9 9 Td (" + b"a" * 90 + b") Tj ET ", 300_000),
            (b"0 0 m 1 1 l S ", 3_000_000),
            (b"[", 50_000_000),
        ],
        ids=["space", "text", "drawings", "arrays"],
    )
    def test_memory_runs_out_in_the_parser_alone(self, unit: bytes, count: int) -> None:
        """And is given back."""
        content = bomb(unit, count)
        assert len(content) < 50_000
        assert "too-much-memory" == outcome(content)

    def test_text_without_end_is_too_large(self) -> None:
        """Of a page, or of all pages together."""
        assert "too-large" == outcome(LONG, PdfLimits(page_characters=4_999))
        assert "too-large" == outcome(LONG, PdfLimits(characters=50_000))

    def test_it_gives_up_in_time(self) -> None:
        """However fast it was."""
        assert "too-slow" == outcome(WHOLE, PdfLimits(seconds=0))


class TestLies:
    """What the file says of itself."""

    @pytest.mark.parametrize(
        ("count", "reason"),
        [
            (2_001, "too-many-pages"),
            (1_000_000, "too-many-pages"),
            (2**31 - 1, "no-text"),
            (-5, "no-text"),
            (0, "no-text"),
        ],
    )
    def test_a_number_of_pages(self, count: int, reason: str) -> None:
        """Refused before the first page, or, where there are as few as can be, for its own fault."""
        pages = b"<< /Type /Pages /Kids [3 0 R] /Count %d >>" % count
        assert reason == outcome(of_objects([CATALOG, pages, b"<< /Type /Page >>"]))

    def test_fewer_than_it_says(self) -> None:
        """Those that are missing are empty."""
        content = WHOLE.replace(b"/Count 3", b"/Count 5")
        assert [1, 2, 3, 4, 5] == [page.number for page in read_pages(content)]

    def test_ten_thousand_empty_pages(self) -> None:
        """Refused by their number; where so many may be, for having no text."""
        content = pdf([""] * 10_000)
        assert "too-many-pages" == outcome(content)
        assert "no-text" == outcome(content, PdfLimits(pages=10_000))


class TestLoops:
    """What never ends."""

    @pytest.mark.parametrize(
        "content",
        [
            of_objects([CATALOG, b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"]),
            of_objects([CATALOG, b"<< /Type /Pages /Kids 2 0 R /Count 3 0 R >>", b"3 0 R"]),
            of_objects([b"<< /Type /Catalog /Pages 1 0 R >>"]),
            of_objects(
                [
                    CATALOG,
                    *(b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % n for n in range(3, 3_000)),
                    b"<< /Type /Page >>",
                ]
            ),
            of_objects([CATALOG, b"<< /Type /Pages /Kids " + b"[" * 100_000 + b"]" * 100_000 + b" /Count 1 >>"]),
            of_objects([CATALOG, b"<<" + b"/A <<" * 50_000 + b">>" * 50_000 + b">>"]),
            of_objects(
                [
                    CATALOG,
                    b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
                    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents [4 0 R 4 0 R]"
                    b" /Resources << /XObject << /X 5 0 R >> >> >>",
                    stream(b"/X Do " * 1000),
                    stream(b"/X Do /X Do", b"/Type /XObject /Subtype /Form /Resources << /XObject << /X 5 0 R >> >>"),
                ]
            ),
            WHOLE.replace(b"startxref\n", b"startxref\n1"),
            WHOLE.replace(b"trailer\n<<", b"trailer\n<< /Prev 9"),
        ],
        ids=[
            "own-kid",
            "own-kids",
            "own-pages",
            "deep-tree",
            "deep-array",
            "deep-dictionary",
            "own-form",
            "xref",
            "prev",
        ],
    )
    def test_is_read_or_refused(self, content: bytes) -> None:
        """Nothing else, and soon."""
        assert outcome(content) in ([*read_pages(WHOLE)], "broken", "no-text", "too-much-memory")


class TestDamage:
    """Bytes that are others than they were."""

    @pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
    def test_a_part_of_a_file(self, share: float) -> None:
        """It is broken, or what is left of it is read."""
        found = outcome(WHOLE[: int(len(WHOLE) * share)])
        assert found == "broken" or isinstance(found, list)

    @settings(max_examples=15, deadline=None)
    @given(st.data())
    def test_any_byte(self, data: st.DataObject) -> None:
        """Whatever byte is another, the pages are read or refused, and nothing else happens."""
        damaged = bytearray(WHOLE)
        for _ in range(data.draw(st.integers(1, 20))):
            damaged[data.draw(st.integers(0, len(WHOLE) - 1))] = data.draw(st.integers(0, 255))
        assert outcome(bytes(damaged))


class TestScripts:
    """JavaScript."""

    def test_is_not_run(self) -> None:
        """The text is read as if there were none."""
        script = b"/OpenAction << /S /JavaScript /JS (while \\(true\\) {}) >>"
        content = drawn([b"BT /F1 12 Tf 72 720 Td (Rest.) Tj ET"], of_catalog=script)
        assert [PageText(1, "Rest.")] == outcome(content)


class TestProcess:
    """The parser's process."""

    def test_ends_with_its_reader(self) -> None:
        """Who stops after a page leaves nothing."""
        pages = read_pages(LONG)
        next(pages)
        assert 1 == len(children())
        pages.close()
        assert [] == children()

    @pytest.mark.parametrize(
        ("number", "reason"),
        [(signal.SIGSEGV, "broken"), (signal.SIGKILL, "too-much-memory"), (signal.SIGXCPU, "too-slow")],
    )
    def test_may_die(self, number: signal.Signals, reason: str) -> None:
        """Its reader is told why, after the pages that were there."""
        pages = read_pages(LONG)
        next(pages)
        os.kill(*children(), number)
        with pytest.raises(UnreadablePdf) as raised:
            list(pages)
        assert reason == raised.value.reason

    def test_knows_no_secret(self) -> None:
        """Nothing of this process's environment."""
        pages = read_pages(LONG)
        next(pages)
        [child] = children()
        assert {"LD_LIBRARY_PATH"} >= {
            line.split("=")[0] for line in Path(f"/proc/{child}/environ").read_text().split("\0") if line
        }
        pages.close()

    def test_several_at_once(self) -> None:
        """From threads, each its own."""
        with ThreadPoolExecutor(4) as pool:
            read = pool.map(lambda content: len(list(read_pages(content))), [WHOLE] * 8)
            assert [3] * 8 == list(read)
