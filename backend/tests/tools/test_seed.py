"""The command that loads exercises and knowledge."""

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from tests.tools.conftest import EXERCISE, PASSAGE

from coachwork.bootstrap import bootstrap
from coachwork.chassis.settings import Settings
from coachwork.chassis.vectors import VectorIndex
from coachwork.services.fitness.domain.knowledge import COLLECTION
from coachwork.tools.seed import main

_ACCOUNTS = """
    create schema auth;
    create table auth.users (id uuid primary key);
    create function auth.uid() returns uuid language sql as 'select null::uuid'"""


@pytest.fixture
def owner(tool_environ: dict[str, str], migrations: Path) -> str:
    """Return the owner's URL of a database with the table of exercises, empty; its roles are the server's."""
    url = tool_environ["MIGRATION_DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_ACCOUNTS)
        for name in ("0002_fitness.sql", "0004_exercises.sql"):
            connection.execute((migrations / "schema" / name).read_bytes())
    return url


@pytest.fixture
def index(tool_environ: dict[str, str]) -> VectorIndex:
    """Return the collection the command loads."""
    return bootstrap(Settings.load(tool_environ)).vector_index(COLLECTION)


def rows(url: str, column: str = "name") -> list[object]:
    """Return a column of the exercises, by slug."""
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute(f"select {column} from public.exercises order by slug".encode())]


class TestExercises:
    """The library in Postgres."""

    def test_are_loaded(self, owner: str, tool_environ: dict[str, str], seeds: Callable[..., Path]) -> None:
        """Every column arrives."""
        assert 0 == main([str(seeds([EXERCISE], [PASSAGE]))], tool_environ)

        with psycopg.connect(owner) as connection:
            ((row,),) = connection.execute("select to_jsonb(e) from public.exercises e").fetchall()
        expected = {**EXERCISE, "user_id": None, "archived_at": None, "version": 1}
        assert expected == {column: row[column] for column in expected}

    def test_keep_their_ids_when_they_change(
        self, owner: str, tool_environ: dict[str, str], seeds: Callable[..., Path], capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Workouts refer to them; only what differs is written."""
        other = {**EXERCISE, "slug": "push-up", "name": "Push-up"}
        main([str(seeds([EXERCISE, other], []))], tool_environ)
        ids = rows(owner, "id")

        main([str(seeds([{**EXERCISE, "name": "Cup Squat"}, other], []))], tool_environ)

        assert (ids, ["Cup Squat", "Push-up"]) == (rows(owner, "id"), rows(owner))
        assert "2 exercises, 1 of them new or different" in capsys.readouterr().out

    def test_are_loaded_all_or_not_at_all(
        self, owner: str, tool_environ: dict[str, str], seeds: Callable[..., Path], capsys: pytest.CaptureFixture[str]
    ) -> None:
        """A name that is another row's undoes the whole load, and says so in a line."""
        main([str(seeds([EXERCISE], []))], tool_environ)
        clash = [{**EXERCISE, "slug": "a-new-one", "name": "New"}, {**EXERCISE, "slug": "copy"}]

        assert 1 == main([str(seeds(clash, []))], tool_environ)
        assert ["Goblet Squat"] == rows(owner)
        assert "refused the exercises, all of them" in capsys.readouterr().err

    def test_need_the_migrations(
        self, tool_environ: dict[str, str], seeds: Callable[..., Path], capsys: pytest.CaptureFixture[str]
    ) -> None:
        """An empty database is named as what it is."""
        assert 1 == main([str(seeds([EXERCISE], []))], tool_environ)
        assert "run coachwork.tools.migrate first" in capsys.readouterr().err


@pytest.mark.usefixtures("owner")
class TestPassages:
    """The knowledge in the collection."""

    def test_are_loaded_with_their_source(
        self, tool_environ: dict[str, str], seeds: Callable[..., Path], index: VectorIndex
    ) -> None:
        """Text for the answer, flat metadata for the citation."""
        assert 0 == main([str(seeds([EXERCISE], [PASSAGE]))], tool_environ)

        (item,) = index.get(["rest-days"])
        wanted = {
            "topic": "recovery",
            "title": "Rest days",
            "source_title": "A guideline",
            "source_authors": "A. Author",
            "source_publisher": "A Journal",
            "source_year": 2009,
            "source_locator": "",
        }
        assert PASSAGE["text"] == item.text
        assert wanted == {key: item.metadata[key] for key in wanted}

    def test_are_left_alone_when_nothing_changed(
        self, tool_environ: dict[str, str], seeds: Callable[..., Path], capsys: pytest.CaptureFixture[str]
    ) -> None:
        """The note beside the collection is enough."""
        folder = str(seeds([EXERCISE], [PASSAGE]))
        main([folder], tool_environ)
        main([folder], tool_environ)

        assert "1 passages, all loaded before" in capsys.readouterr().out

    def test_are_embedded_only_where_they_changed(
        self,
        tool_environ: dict[str, str],
        seeds: Callable[..., Path],
        index: VectorIndex,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        """One is the same, one is different, one is gone, one is new."""
        same, changed, gone, new = ({**PASSAGE, "id": name} for name in ("same", "changed", "gone", "new"))
        main([str(seeds([EXERCISE], [same, changed, gone]))], tool_environ)
        main([str(seeds([EXERCISE], [same, {**changed, "text": "Other words."}, new]))], tool_environ)

        assert "2 embedded by offline-lexical-1, 1 removed" in capsys.readouterr().out
        assert ["changed", "new", "same"] == index.ids()
        assert "Other words." == index.get(["changed"])[0].text

    def test_are_looked_at_again_when_forced(
        self, tool_environ: dict[str, str], seeds: Callable[..., Path], index: VectorIndex
    ) -> None:
        """Somebody removed one behind the note's back."""
        folder = str(seeds([EXERCISE], [PASSAGE]))
        main([folder], tool_environ)
        index.delete(["rest-days"])
        main([folder, "--force"], tool_environ)

        assert ["rest-days"] == index.ids()

    def test_are_loaded_into_another_folder(
        self, tool_environ: dict[str, str], seeds: Callable[..., Path], capsys: pytest.CaptureFixture[str]
    ) -> None:
        """The note lies with the collection, so an empty folder has none."""
        folder = str(seeds([EXERCISE], [PASSAGE]))
        main([folder], tool_environ)
        main([folder], {**tool_environ, "CHROMA_PATH": tool_environ["CHROMA_PATH"] + ".new"})

        assert 2 == capsys.readouterr().out.count("1 embedded by")


@pytest.fixture(
    params=[
        (([{**EXERCISE, "level": "heroic"}], []), "exercises.json: [0].level: Input should be 'beginner'"),
        (([EXERCISE, EXERCISE], []), "two entries have the slug 'goblet-squat'"),
        (([EXERCISE], [{**PASSAGE, "source": {}}]), "passages.json: [0].source.year: Field required"),
        (([EXERCISE], [{**PASSAGE, "colour": "red"}]), "[0].colour: Extra inputs are not permitted"),
        (([EXERCISE], [PASSAGE, PASSAGE]), "two entries have the id 'rest-days'"),
    ]
)
def refused(request: pytest.FixtureRequest, seeds: Callable[..., Path]) -> tuple[Path, str]:
    """Return a folder of bad seeds and the complaint they earn, one after the other."""
    content, complaint = request.param
    return seeds(*content), complaint


class TestValidation:
    """Bad seeds are refused before anything is written."""

    def test_names_the_place(
        self,
        owner: str,
        tool_environ: dict[str, str],
        refused: tuple[Path, str],
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        """File, entry, field and what is wrong; the database is untouched."""
        folder, complaint = refused
        assert 1 == main([str(folder)], tool_environ)
        assert complaint in capsys.readouterr().err
        assert [] == rows(owner)

    def test_names_the_line_that_is_not_json(
        self, tool_environ: dict[str, str], seeds: Callable[..., Path], capsys: pytest.CaptureFixture[str]
    ) -> None:
        """A comma too many."""
        folder = seeds([EXERCISE], [PASSAGE])
        (folder / "fitness" / "exercises.json").write_text("[\n{},\n]")

        assert 1 == main([str(folder)], tool_environ)
        assert "exercises.json, line" in capsys.readouterr().err

    def test_names_a_missing_file(
        self, tool_environ: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """A wrong folder."""
        assert 1 == main([str(tmp_path)], tool_environ)
        assert "exercises.json: No such file or directory" in capsys.readouterr().err
