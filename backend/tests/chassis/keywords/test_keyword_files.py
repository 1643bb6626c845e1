"""The files of the index of words: bounded, mended when broken, and safe for many at once."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from tests.chassis.keywords.shelf import LEASE, Shelf, places

from coachwork.chassis.deadline import Deadline
from coachwork.chassis.keywords import Entry, KeywordHits, KeywordIndex, KeywordIndexUnavailable, Source

Ask = Callable[..., KeywordHits]


def _age(folder: Path, seconds: float) -> None:
    """Make what was used within the last seconds look used so long ago."""
    then = time.time() - seconds
    for file in folder.glob("*.sqlite3"):
        if file.stat().st_mtime > then:
            os.utime(file, (then, then))


class TestRoom:
    """The folder has an end."""

    def test_what_was_unused_for_longest_goes(self, tmp_path: Path, shelf: Shelf) -> None:
        """A third owner takes the room of the one who searched the longest ago."""
        folder = tmp_path / "words"

        def search(owner: str, index: KeywordIndex) -> list[Source]:
            shelf.read.clear()
            index.search(owner, "dog", [LEASE], shelf.load, limit=1, deadline=Deadline(60))
            return list(shelf.read)

        search("ada", KeywordIndex(folder))
        [file] = folder.glob("*.sqlite3")
        index = KeywordIndex(folder, max_bytes=int(2.5 * file.stat().st_size))
        _age(folder, 30)
        search("bob", index)
        _age(folder, 20)
        search("ada", index)
        _age(folder, 10)
        search("eve", index)
        assert ([], [], [LEASE]) == tuple(search(owner, index) for owner in ("ada", "eve", "bob"))

    def test_what_nobody_asked_for_in_a_day_goes(self, index: KeywordIndex, ask: Ask, tmp_path: Path) -> None:
        """However much room there is, an index that is not used is not kept."""
        ask("dog", owner="ada")
        [file] = (tmp_path / "words").glob("*.sqlite3")
        os.utime(file, (0, 0))
        ask("dog", owner="bob")
        assert not file.exists()

    def test_one_owner_gets_no_more_than_there_is(self, tmp_path: Path) -> None:
        """Documents beyond the bound are said to be missing; those before it are found."""
        index = KeywordIndex(tmp_path / "words", max_bytes=60_000)
        sources = [Source(f"document {number:02}", 1) for number in range(40)]
        texts = [Entry(number, "", os.urandom(400).hex() + " dog") for number in range(10)]
        found = index.search("ada", "dog", sources, lambda _: texts, limit=1_000, deadline=Deadline(60))
        assert 0 < len(found.missing) < 40
        assert 10 * (40 - len(found.missing)) == len(found.hits)


class TestBrokenFiles:
    """Whatever became of a file, the next search has a good one."""

    @pytest.mark.parametrize(
        "damage",
        [b"", b"not a database, but long enough to be looked at as one" * 100, b"SQLite format 3\x00" + bytes(84)],
        ids=["empty", "other", "header only"],
    )
    def test_are_made_anew(self, ask: Ask, tmp_path: Path, damage: bytes) -> None:
        """A file with anything in it is no obstacle."""
        ask("dog")
        [file] = (tmp_path / "words").glob("*.sqlite3")
        file.write_bytes(damage)
        assert [("lease", 1)] == places(ask("dog"))

    def test_damage_inside_is_found_when_it_is_met(self, ask: Ask, tmp_path: Path) -> None:
        """A file that opens well and is broken further in is made anew as well."""
        ask("dog")
        [file] = (tmp_path / "words").glob("*.sqlite3")
        content = bytearray(file.read_bytes())
        content[4096:] = os.urandom(len(content) - 4096)
        file.write_bytes(content)
        assert [("lease", 1)] == places(ask("dog"))

    def test_another_releases_file_is_made_anew(self, ask: Ask, tmp_path: Path) -> None:
        """A file of tables we do not know is not read."""
        ask("dog")
        [file] = (tmp_path / "words").glob("*.sqlite3")
        content = bytearray(file.read_bytes())
        content[60:64] = (99).to_bytes(4, "big")  # user_version; source: sqlite.org/fileformat2.html, 1.3
        file.write_bytes(content)
        assert [("lease", 1)] == places(ask("dog"))

    def test_a_folder_of_somebody_else_is_not_used(self, tmp_path: Path, shelf: Shelf) -> None:
        """Who could read the folder could read the texts: such a folder is refused."""
        (tmp_path / "words").mkdir(mode=0o777)
        (tmp_path / "words").chmod(0o777)
        index = KeywordIndex(tmp_path / "words")
        with pytest.raises(KeywordIndexUnavailable):
            index.search("ada", "dog", [LEASE], shelf.load, limit=1, deadline=Deadline(60))

    def test_a_folder_that_cannot_be_is_said(self, tmp_path: Path, shelf: Shelf) -> None:
        """Where there is a file in the way, the index is unavailable rather than wrong."""
        (tmp_path / "words").write_text("in the way")
        with pytest.raises(KeywordIndexUnavailable):
            KeywordIndex(tmp_path / "words").forget("ada")


class TestTogether:
    """Many threads, and several processes, on one folder."""

    def test_threads_load_a_document_once(self, index: KeywordIndex, shelf: Shelf) -> None:
        """Of many who come at once, one loads, and all find."""
        start = Barrier(16)

        def search(_: int) -> list[tuple[str, int]]:
            start.wait()
            return places(index.search("ada", "dog", [LEASE], shelf.load, limit=1, deadline=Deadline(60)))

        with ThreadPoolExecutor(16) as threads:
            found = list(threads.map(search, range(16)))
        assert ([[("lease", 1)]] * 16, [LEASE]) == (found, shelf.read)

    def test_owners_do_not_stand_in_each_others_way(self, tmp_path: Path, shelf: Shelf) -> None:
        """Readers, writers and the giving up of files at once: everybody finds their own, and nobody fails."""
        index = KeywordIndex(tmp_path / "words", max_bytes=100_000)

        def search(turn: int) -> list[tuple[str, int]]:
            source = Source("lease", 1 + turn // 20)
            load = lambda _: [Entry(turn % 5, "", f"dog of owner{turn % 5}")]  # noqa: E731
            return places(
                index.search(f"owner{turn % 5}", f"owner{turn % 5}", [source], load, limit=5, deadline=Deadline(60))
            )

        with ThreadPoolExecutor(12) as threads:
            found = list(threads.map(search, range(100)))
        wrong = [(turn, one) for turn, one in enumerate(found) if one not in ([("lease", turn % 5)], [])]
        assert [] == wrong

    def test_processes_share_a_folder(self, tmp_path: Path) -> None:
        """Four processes that build and search one owner's index at once all find the same."""
        program = (
            "import sys; from pathlib import Path;"
            "from coachwork.chassis.deadline import Deadline;"
            "from coachwork.chassis.keywords import *;"
            "texts = lambda source: [Entry(n, '', f'dog {n} of {source.document_id}') for n in range(50)];"
            "index = KeywordIndex(Path(sys.argv[1]));"
            "sources = [Source(f'd{n}', 1) for n in range(20)];"
            "found = index.search('ada', 'dog', sources, texts, limit=5000, deadline=Deadline(60));"
            "print(len(found.hits), len(found.missing))"
        )
        command = [sys.executable, "-c", program, str(tmp_path / "words")]
        running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
        assert ["1000 0\n"] * 4 == [process.communicate(timeout=120)[0] for process in running]

    def test_a_process_that_is_killed_leaves_a_good_file(self, tmp_path: Path) -> None:
        """What was half written when its writer was killed is as if it never was."""
        program = (
            "import os, signal, sys; from pathlib import Path;"
            "from coachwork.chassis.deadline import Deadline;"
            "from coachwork.chassis.keywords import *;"
            "from coachwork.chassis.keywords.folder import IndexFolder;"
            "folder = IndexFolder(Path(sys.argv[1]), 10**9);"
            "write = folder.writing('ada'); file = write.__enter__();"
            "file.add({Source('lease', 1): [Entry(0, '', 'a dog')]});"
            "file._connection.execute('begin');"
            "file._insert(2 << 24, [Entry(n, '', f'a cat {n} ' * 200) for n in range(3000)]);"
            "os.kill(os.getpid(), signal.SIGKILL)"
        )
        subprocess.run([sys.executable, "-c", program, str(tmp_path / "words")], check=False, timeout=120)
        index = KeywordIndex(tmp_path / "words")
        found = index.search("ada", "dog cat", [Source("lease", 1)], lambda _: None, limit=10, deadline=Deadline(60))
        assert ([("lease", 0)], set()) == (places(found), set(found.missing))
