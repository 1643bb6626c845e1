"""Readers of PDFs beside each other, each file by each in a process of its own; docs/adr/0014-pdf-reader.md has a run.

    python -m benchmarks.readers FILE...

Those that are not installed are left out: only the one that was chosen is among the project's packages.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from time import perf_counter
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.image_environment import BACKEND


def _pypdf(path: str) -> Iterator[str]:
    reader: Any = __import__("pypdf").PdfReader(path)
    return (page.extract_text() for page in reader.pages)


def _pypdfium2(path: str) -> Iterator[str]:
    document: Any = __import__("pypdfium2").PdfDocument(path)
    return (page.get_textpage().get_text_bounded() for page in document)


def _pdfminer(path: str) -> Iterator[str]:
    layouts: Any = __import__("pdfminer.high_level", fromlist=["extract_pages"]).extract_pages(path)
    return ("".join(box.get_text() for box in layout if hasattr(box, "get_text")) for layout in layouts)


def _pymupdf(path: str) -> Iterator[str]:
    document: Any = __import__("pymupdf").open(path)
    return (page.get_text() for page in document)


READERS: Mapping[str, Callable[[str], Iterator[str]]] = {
    "pypdf": _pypdf,
    "pypdfium2": _pypdfium2,
    "pdfminer": _pdfminer,
    "pymupdf": _pymupdf,
}


def main(paths: list[str]) -> None:
    """Print a row for each file and reader."""
    table = Table(title="Text of PDFs")
    for column in ("file", "reader", "pages", "pages a second", "peak MB", "words", "failure"):
        table.add_column(column)
    for path in paths:
        for name in filter(find_spec, READERS):
            command = [sys.executable, "-m", "benchmarks.readers", "--one", name, str(Path(path).absolute())]
            done = subprocess.run(command, capture_output=True, cwd=BACKEND, check=False, timeout=600)
            told = json.loads(done.stdout or b"{}")
            table.add_row(Path(path).name, name, *(str(value) for value in told.values()))
    Console(width=140).print(table)


def _read(name: str, path: str) -> None:
    started, pages, words, failure = perf_counter(), 0, 0, ""
    try:
        for text in READERS[name](path):
            pages, words = pages + 1, words + len(text.split())
    except Exception as error:  # noqa: BLE001  each reader has its own, and says by them how it takes a bad file
        failure = f"{type(error).__name__}: {error}"[:60]
    rate, peak = pages / (perf_counter() - started), getrusage(RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"pages": pages, "rate": round(rate), "peak": round(peak), "words": words, "failure": failure}))


if __name__ == "__main__":
    if sys.argv[1] == "--one":
        _read(*sys.argv[2:])
    else:
        main(sys.argv[1:])
