"""Ingestion of a long PDF beside the parser alone: pages a second, and the memory of all processes it takes."""

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Table

from benchmarks.figures import Sample, Section, Target, ratio
from benchmarks.image_environment import BACKEND

_PAGES = 300
_MEBIBYTE = 1024 * 1024
_NOTE = (
    "{rounds} rounds over a file of {pages} pages and {characters:,} characters, generated for the run. Each row is a "
    "new process, timed from before it opens the file to its last page or chunk. The parser alone is PDFium "
    "in that very process: no child, no limits, no columns, text as it comes. Memory is the peak of the process and of "
    "its child together."
)
_ALONE = """
from ctypes import c_ushort
import pypdfium2_raw as pdfium
pdfium.FPDF_InitLibrary()
content = path.read_bytes()
document = pdfium.FPDF_LoadMemDocument64(content, len(content), None)
for number in range(pdfium.FPDF_GetPageCount(document)):
    page = pdfium.FPDF_LoadPage(document, number)
    text = pdfium.FPDFText_LoadPage(page)
    length = pdfium.FPDFText_CountChars(text) + 1
    units = (c_ushort * length)()
    pdfium.FPDFText_GetText(text, 0, length, units)
    done["pages"] += 1
    done["characters"] += len(bytes(units).decode("utf-16-le", errors="ignore"))
    pdfium.FPDFText_ClosePage(text)
    pdfium.FPDF_ClosePage(page)
"""
_PARSED = """
for page in read_pages(path):
    done["pages"] += 1
    done["characters"] += len(page.text)
"""
_CUT = """
for chunk in chunks_of(read_pages(path)):
    done["pages"] = chunk.page
    done["chunks"] += 1
    done["characters"] += len(chunk.text)
"""
_PROGRAM = """
import json, resource, sys
from pathlib import Path
from time import perf_counter
from coachwork.chassis.pdf import read_pages
from coachwork.services.knowledge.domain.chunks import chunks_of
path, done = Path(sys.argv[1]), {{"pages": 0, "characters": 0, "chunks": 0}}
started = perf_counter()
{work}
seconds = perf_counter() - started
own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
if (status := Path("/proc/self/status")).exists():  # ru_maxrss remembers the process that started this one
    own = next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM"))
child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps({{**done, "seconds": seconds, "peak_kibibytes": own + child}}))
"""
_STEPS = {"the parser alone": _ALONE, "pages, by the service": _PARSED, "pages and chunks": _CUT}
"""What is measured: a name, and lines that do it to `path` and count in `done`; the first is what the others are put
beside, the last is the whole of it."""


@dataclass
class _Measured:
    seconds: list[float] = field(default_factory=list)
    peak_mib: list[float] = field(default_factory=list)
    pages: int = 0
    chunks: int = 0
    characters: int = 0


def measure(rounds: int = 7) -> Section:
    """Write a file and read it in every way, in turns."""
    measured = {name: _Measured() for name in _STEPS}
    with TemporaryDirectory(prefix="coachwork-") as folder:
        path = Path(folder) / "long.pdf"
        _write(path)
        for number in range(rounds + 1):
            for name, work in _STEPS.items():
                _time(path, work, measured[name] if number else _Measured())  # the first round warms the caches
    return _section(measured, rounds)


def _time(path: Path, work: str, into: _Measured) -> None:
    command = [sys.executable, "-c", _PROGRAM.format(work=work), str(path)]
    told = json.loads(subprocess.check_output(command, cwd=BACKEND, env={"PYTHONPATH": "src"}))
    if told["pages"] != _PAGES:
        raise RuntimeError(f"{told['pages']} pages of {_PAGES} were read")
    into.seconds.append(told["seconds"])
    into.peak_mib.append(told["peak_kibibytes"] * 1024 / _MEBIBYTE)
    into.pages, into.chunks, into.characters = told["pages"], told["chunks"], told["characters"]


def _section(measured: dict[str, _Measured], rounds: int) -> Section:
    alone, *_, whole = measured.values()
    overhead = (ratio(whole.seconds, alone.seconds) - 1) * 100
    return Section(
        key="ingestion",
        title="A PDF of 300 pages",
        note=_NOTE.format(rounds=rounds, pages=_PAGES, characters=alone.characters),
        columns=("step", "ms", "pages a second", "chunks", "over the parser alone", "peak MB"),
        rows=[_row(name, one, alone) for name, one in measured.items()],
        figures={name: vars(one) for name, one in measured.items()},
        targets=[
            Target("pages and chunks, over the parser alone", overhead, 25, "%"),
            Target("peak memory of a long PDF", Sample.of(whole.peak_mib).high, 512, "MB"),
        ],
    )


def _row(name: str, one: _Measured, alone: _Measured) -> tuple[str, ...]:
    return (
        name,
        Sample.of([seconds * 1000 for seconds in one.seconds]).shown(),
        Sample.of([one.pages / seconds for seconds in one.seconds]).shown(),
        str(one.chunks or ""),
        f"{(ratio(one.seconds, alone.seconds) - 1) * 100:+.0f}%" if one is not alone else "",
        Sample.of(one.peak_mib).shown(),
    )


def _write(path: Path) -> None:
    """Write a manual: headings, full paragraphs, a table every few pages."""
    styles, story = getSampleStyleSheet(), list[Flowable]()
    random = Random(1)  # noqa: S311  the same file each time, no secret
    for number in range(1, _PAGES + 1):
        story.append(Paragraph(f"{number}. {_words(random, 3).title()}", styles["Heading1"]))
        story += [Paragraph(_paragraph(random, 7), styles["BodyText"]) for _ in range(5 if number % 4 else 3)]
        if number % 4 == 0:
            story.append(Table([["Exercise", "Sets", "Reps", "Load"], *(_row_of(random) for _ in range(8))]))
        story.append(PageBreak())
    SimpleDocTemplate(str(path), pagesize=A4, invariant=1).build(story)


_WORDS = re.findall(
    r"\w+",
    "strength endurance recovery protein volume intensity progressive overload hypertrophy squat deadlift mobility "
    "tempo glycogen hydration fatigue adaptation deload rest between heavy sets of a compound lift for the athlete",
)


def _words(random: Random, count: int) -> str:
    return " ".join(random.choice(_WORDS) for _ in range(count))


def _paragraph(random: Random, sentences: int) -> str:
    return " ".join(f"{_words(random, random.randint(6, 16)).capitalize()}." for _ in range(sentences))


def _row_of(random: Random) -> Sequence[str]:
    return [
        _words(random, 2).title(),
        *(str(random.randint(1, 12)) for _ in range(2)),
        f"{random.randint(20, 200)}.5 kg",
    ]
