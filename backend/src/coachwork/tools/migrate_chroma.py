"""Copies a collection from CHROMA_PATH to another Chroma: `python -m coachwork.tools.migrate_chroma`.

The target is Chroma Cloud (CHROMA_CLOUD_API_KEY, CHROMA_CLOUD_TENANT, CHROMA_CLOUD_DATABASE) or the server of
CHROMA_HTTP_URL, whichever the application itself would use. Texts, metadata and vectors are copied as they are, in
batches: nothing is embedded, so nothing is paid for. A run that broke off goes on where it was when started again,
for what is there already is not copied; `--force` copies it again. What only the target has stays there.

Afterwards the count is compared, and a sample of texts, metadata and vectors. Refused before anything is written:
a source or target whose vectors are not of the embedder that the application is set to.
"""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

from coachwork.bootstrap import bootstrap, chroma_of
from coachwork.chassis.errors import CoachworkError, ConfigurationError, VariableProblem
from coachwork.chassis.models import Embedder
from coachwork.chassis.settings import Settings
from coachwork.chassis.vectors import Item, VectorIndex
from coachwork.chassis.vectors.chroma import ChromaIndex
from coachwork.services.fitness.domain.knowledge import COLLECTION
from coachwork.tools.command import run, say
from coachwork.tools.progress import progress_bar

_BATCH = 100
_LARGEST_BATCH = 250
_SAMPLE = 50
_TOLERANCE = 1e-5
"""Of a vector's each number: both sides keep 32 bits, so a copy is the same but for the rounding of its writing."""


class CopyIncomplete(CoachworkError):
    """The target does not hold what the source does; `detail` says what differs."""

    slug = "copy-incomplete"
    title = "The collection was not copied whole"


def main(arguments: Sequence[str] | None = None, environ: Mapping[str, str] | None = None) -> int:
    """Return the exit code: 0 when the target holds all that the source does, 1 when it does not."""
    options = _options(arguments)
    return run(lambda: _migrate(Settings.load(environ), options))


def _options(arguments: Sequence[str] | None) -> Namespace:
    parser = ArgumentParser(
        prog="python -m coachwork.tools.migrate_chroma", description="Copy a local collection to another Chroma."
    )
    parser.add_argument("--collection", default=COLLECTION, help=f"its name ({COLLECTION} by default)")
    parser.add_argument("--batch", type=_batch, default=_BATCH, help=f"items a request (1 to {_LARGEST_BATCH})")
    parser.add_argument("--force", action="store_true", help="copy what the target has already, too")
    return parser.parse_args(arguments)


def _batch(text: str) -> int:
    size = int(text)
    if not 1 <= size <= _LARGEST_BATCH:
        raise ValueError
    return size


def _migrate(settings: Settings, options: Namespace) -> None:
    embedder = bootstrap(settings).embedder()
    with closing(chroma_of(_local(settings))) as here, closing(chroma_of(settings)) as there:
        source, target = (
            ChromaIndex(chroma, options.collection, embedder=embedder.name, dimensions=embedder.dimensions)
            for chroma in (here, there)
        )
        _check_embedders(source, target, embedder)
        _copy(source, target, embedder, options)


def _copy(source: VectorIndex, target: VectorIndex, embedder: Embedder, options: Namespace) -> None:
    ids, before = source.ids(), set(target.ids())
    pending = ids if options.force else [key for key in ids if key not in before]
    say(f"{len(ids)} items in {options.collection}, {len(ids) - len(pending)} of them copied before")
    with progress_bar("copying") as advance:
        for start in range(0, len(pending), options.batch):
            target.upsert(_read(source, pending[start : start + options.batch], embedder))
            advance(min(start + options.batch, len(pending)), len(pending))
    sampled = _verify(source, target)
    say(f"{len(pending)} copied; {len(ids)} are there, {sampled} compared and the same")
    if extra := target.count() - len(ids):
        say(f"{extra} more in the target, which the source does not have: left as they are")


def _local(settings: Settings) -> Settings:
    """Return the settings of the source; raises `ConfigurationError` unless there is a source and another target."""
    problems = []
    path: Path | None = settings.chroma_path
    if path is None or not (path / "chroma.sqlite3").is_file():
        problems.append(VariableProblem("CHROMA_PATH", "wants the folder of the collection to copy"))
    if not (settings.chroma_cloud_api_key or settings.chroma_http_url):
        problems.append(VariableProblem("CHROMA_CLOUD_API_KEY", "or CHROMA_HTTP_URL is wanted: where to copy to"))
    if problems:
        raise ConfigurationError(problems)
    return settings.model_copy(update={"chroma_cloud_api_key": None, "chroma_http_url": None})


def _check_embedders(source: VectorIndex, target: VectorIndex, embedder: Embedder) -> None:
    """Return when both may be searched with the application's vectors: a search refuses another embedder's."""
    probe = [1.0] + [0.0] * (embedder.dimensions - 1)
    source.search(probe, limit=1)
    if target.count():
        target.search(probe, limit=1)


def _read(source: VectorIndex, ids: Sequence[str], embedder: Embedder) -> Sequence[Item]:
    items = source.get(ids)
    strange = [item.id for item in items if len(item.embedding) != embedder.dimensions]
    if strange:
        raise CopyIncomplete(f"The vectors of {_listed(strange)} have not {embedder.dimensions} dimensions")
    return items


def _verify(source: VectorIndex, target: VectorIndex) -> int:
    """Compare the ids, and a sample spread over all; return its size. Raises `CopyIncomplete`."""
    ids = source.ids()
    missing = sorted(set(ids) - set(target.ids()))
    if missing:
        raise CopyIncomplete(f"{len(missing)} of {len(ids)} are missing: {_listed(missing)}. Start it again")
    sample = ids[:: max(1, -(-len(ids) // _SAMPLE))]
    pairs = zip(source.get(sample), target.get(sample), strict=True)
    different = [one.id for one, copy in pairs if not _same(one, copy)]
    if different:
        raise CopyIncomplete(
            f"{len(different)} of {len(sample)} compared are not the same: {_listed(different)}. Start it with --force"
        )
    return len(sample)


def _same(one: Item, copy: Item) -> bool:
    numbers = zip(one.embedding, copy.embedding, strict=False)
    return (
        (one.id, one.text, dict(one.metadata)) == (copy.id, copy.text, dict(copy.metadata))
        and len(one.embedding) == len(copy.embedding)
        and all(abs(first - second) <= _TOLERANCE for first, second in numbers)
    )


def _listed(ids: Sequence[str]) -> str:
    return ", ".join(ids[:5]) + (", …" if len(ids) > 5 else "")


if __name__ == "__main__":
    sys.exit(main())
