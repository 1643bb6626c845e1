"""The command that copies a collection: from a folder to a real server, behind the door that wants a key."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from tests.chroma_cloud import CLOUD_KEY

from coachwork.bootstrap import bootstrap
from coachwork.chassis.models.lexical import LexicalEmbedder
from coachwork.chassis.settings import Settings
from coachwork.chassis.vectors import Item, VectorIndex
from coachwork.chassis.vectors.chroma import ChromaIndex, RestChroma
from coachwork.services.fitness.domain.knowledge import COLLECTION
from coachwork.tools.migrate_chroma import main

COUNT = 23
Environ = dict[str, str]


@pytest.fixture
def collection() -> str:
    """Return the name of a collection that no other test uses."""
    return f"knowledge_{uuid4().hex}"


@pytest.fixture
def local_environ(environ: Environ, tmp_path: Path) -> Environ:
    """Return the environment of a laptop."""
    return {**environ, "CHROMA_PATH": str(tmp_path / "chroma")}


@pytest.fixture
def cloud_environ(local_environ: Environ, cloud_url: str) -> Environ:
    """Return it with Chroma Cloud to copy to."""
    return {
        **local_environ,
        "CHROMA_CLOUD_HOST": cloud_url,
        "CHROMA_CLOUD_API_KEY": CLOUD_KEY,
        "CHROMA_CLOUD_TENANT": "default_tenant",
        "CHROMA_CLOUD_DATABASE": "default_database",
    }


def items(count: int = COUNT) -> list[Item]:
    """Return items with vectors of the offline embedder."""
    texts = [f"Passage {number} about rest and sleep." for number in range(count)]
    embeddings = LexicalEmbedder().embed(texts)
    return [
        Item(f"passage-{number:03}", text, embedding, {"title": f"Title {number}", "source_year": 2000 + number})
        for number, (text, embedding) in enumerate(zip(texts, embeddings, strict=True))
    ]


def stored(index: VectorIndex) -> list[tuple[str, str, object, object]]:
    """Return everything in an index, vectors but for the last of their 32 bits, which a server's JSON may round."""
    return [
        (item.id, item.text, item.metadata, pytest.approx(list(item.embedding), rel=0, abs=1e-7))
        for item in index.get(index.ids())
    ]


def copied(index: VectorIndex) -> list[tuple[str, str, object, object]]:
    """Return the same of a copy, as it is."""
    return [(item.id, item.text, item.metadata, list(item.embedding)) for item in index.get(index.ids())]


@pytest.fixture
def source(local_environ: Environ, collection: str) -> VectorIndex:
    """Return the local collection, filled."""
    index = bootstrap(Settings.load(local_environ)).vector_index(collection)
    index.upsert(items())
    return index


@pytest.fixture
def open_target(chroma_url: str, collection: str) -> Iterator[Callable[..., VectorIndex]]:
    """Yield a maker of indexes on the server's collection, past the door."""
    with closing(RestChroma.http(chroma_url)) as chroma:

        def make(embedder: str = LexicalEmbedder.name, dimensions: int = LexicalEmbedder.dimensions) -> VectorIndex:
            return ChromaIndex(chroma, collection, embedder=embedder, dimensions=dimensions)

        yield make


@pytest.fixture
def target(open_target: Callable[..., VectorIndex]) -> VectorIndex:
    """Return the server's collection as the application would open it."""
    return open_target()


@dataclass(frozen=True)
class Ended:
    """How a run of the command ended."""

    status: int
    out: str
    err: str


@pytest.fixture
def copy(
    source: VectorIndex, cloud_environ: Environ, collection: str, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ended]:
    """Return the command: it copies the filled collection to the cloud, under changed variables where there are any."""

    def run(*options: str, **variables: str) -> Ended:
        status = main(["--collection", collection, *options], {**cloud_environ, **variables})
        return Ended(status, *capsys.readouterr())

    return run


class TestCopy:
    """A whole run."""

    def test_copies_everything_to_the_cloud(
        self, source: VectorIndex, target: VectorIndex, copy: Callable[..., Ended], collection: str
    ) -> None:
        """In batches, with its progress; texts, metadata and vectors are the same."""
        ended = copy("--batch", "10")

        assert 0 == ended.status
        assert stored(source) == copied(target)
        assert [
            f"23 items in {collection}, 0 of them copied before",
            "copying: 10 of 23",
            "copying: 20 of 23",
            "copying: 23 of 23",
            "23 copied; 23 are there, 23 compared and the same",
        ] == ended.out.splitlines()

    def test_copies_to_a_server(
        self, source: VectorIndex, target: VectorIndex, local_environ: Environ, chroma_url: str, collection: str
    ) -> None:
        """One that only has a URL; it is searched like the source."""
        assert 0 == main(["--collection", collection], {**local_environ, "CHROMA_HTTP_URL": chroma_url})
        [wanted] = LexicalEmbedder().embed(["passage 7"])
        assert source.search(wanted, limit=1)[0].id == target.search(wanted, limit=1)[0].id

    def test_goes_on_where_it_broke_off(self, target: VectorIndex, copy: Callable[..., Ended]) -> None:
        """What is there is not copied again."""
        target.upsert(items()[:9])
        ended = copy("--batch", "10")
        assert 0 == ended.status
        assert "9 of them copied before\ncopying: 10 of 14\ncopying: 14 of 14\n14 copied; 23 are there" in ended.out

    def test_again_copies_nothing(self, copy: Callable[..., Ended]) -> None:
        """It compares all the same."""
        copy()
        ended = copy()
        assert 0 == ended.status
        assert "0 copied; 23 are there, 23 compared and the same" in ended.out

    def test_leaves_what_only_the_target_has(self, target: VectorIndex, copy: Callable[..., Ended]) -> None:
        """And says so."""
        target.upsert([Item("only-here", "Of the cloud.", items()[0].embedding)])
        ended = copy()
        assert 0 == ended.status
        assert "1 more in the target" in ended.out
        assert "only-here" in target.ids()

    def test_the_coachs_collection_is_the_one_meant(
        self, local_environ: Environ, cloud_environ: Environ, chroma_url: str
    ) -> None:
        """Unless another is named."""
        bootstrap(Settings.load(local_environ)).vector_index(COLLECTION).upsert(items(3))
        assert 0 == main([], cloud_environ)
        with closing(RestChroma.http(chroma_url)) as chroma:
            arrived = ChromaIndex(chroma, COLLECTION, embedder=LexicalEmbedder.name, dimensions=2048)
            assert 3 == arrived.count()


class TestVerification:
    """What is compared at the end."""

    def test_finds_a_vector_that_differs(
        self, source: VectorIndex, target: VectorIndex, copy: Callable[..., Ended]
    ) -> None:
        """It is named; --force copies it anew."""
        first, second = items()[:2]
        target.upsert([Item(first.id, first.text, second.embedding, first.metadata)])
        ended = copy()
        assert 1 == ended.status
        assert "1 of 23 compared are not the same: passage-000" in ended.err

        assert 0 == copy("--force").status
        assert stored(source) == copied(target)


class TestRefusals:
    """Nothing is written."""

    def test_a_target_of_another_embedder(
        self, open_target: Callable[..., VectorIndex], copy: Callable[..., Ended]
    ) -> None:
        """Vectors of two embedders never share a collection."""
        other = open_target("compass-1", 3)
        other.upsert([Item("north", "North.", [1.0, 0.0, 0.0])])
        ended = copy()
        assert 1 == ended.status
        assert "holds vectors of compass-1 (3 dimensions), not of offline-lexical-1" in ended.err
        assert ["north"] == other.ids()

    def test_a_source_of_another_embedder(self, target: VectorIndex, copy: Callable[..., Ended]) -> None:
        """The application could not search the copy."""
        ended = copy(OPENAI_API_KEY="sk-none", EMBEDDING_PROVIDER="openai", MODEL_PROVIDER="offline")
        assert 1 == ended.status
        assert "offline-lexical-1 (2048 dimensions), not of" in ended.err
        assert 0 == target.count()

    def test_a_wrong_key(self, copy: Callable[..., Ended]) -> None:
        """In one line, without a stack trace and without the key."""
        ended = copy(CHROMA_CLOUD_API_KEY="ck-wrong")
        assert (1, "The vector index refused the credentials\n") == (ended.status, ended.err)

    def test_a_collection_that_is_not_there(
        self, source: VectorIndex, cloud_environ: Environ, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """A name mistyped."""
        assert 1 == main(["--collection", "knowlege"], cloud_environ)
        assert "The collection knowlege does not exist" in capsys.readouterr().err

    def test_a_folder_without_a_collection(
        self, cloud_environ: Environ, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """None is made there."""
        empty = tmp_path / "empty"
        assert 1 == main([], {**cloud_environ, "CHROMA_PATH": str(empty)})
        assert "CHROMA_PATH: wants the folder of the collection to copy" in capsys.readouterr().err
        assert not empty.exists()

    def test_no_target(self, source: VectorIndex, local_environ: Environ, capsys: pytest.CaptureFixture[str]) -> None:
        """It says which variables name one."""
        assert 1 == main([], local_environ)
        assert "CHROMA_CLOUD_API_KEY: or CHROMA_HTTP_URL is wanted" in capsys.readouterr().err

    def test_a_batch_that_is_too_large(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Chroma Cloud takes 300 items a request."""
        with pytest.raises(SystemExit):
            main(["--batch", "251"], {})
        assert "--batch" in capsys.readouterr().err
