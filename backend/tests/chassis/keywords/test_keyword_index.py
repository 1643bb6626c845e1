"""The index of words: it finds, whatever is asked, follows what is kept, and keeps owners apart."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.chassis.keywords.shelf import LEASE, MANUAL, Shelf, places

from coachwork.chassis.deadline import Deadline
from coachwork.chassis.keywords import Entry, KeywordHits, KeywordIndex, Source

Ask = Callable[..., KeywordHits]


class TestSearch:
    """What a query finds."""

    def test_finds_other_forms_of_a_word(self, ask: Ask) -> None:
        """Somebody who asks of rinsing finds what says rinse."""
        assert [("manual", 0)] == places(ask("rinsing filters"))

    def test_a_heading_weighs_more_than_a_text(self, ask: Ask) -> None:
        """The entry headed by the word comes before the one that only mentions it."""
        assert [("lease", 0), ("manual", 0)] == places(ask("deposit"))

    def test_scores_fall(self, ask: Ask) -> None:
        """The first hit's score is the largest, and all are above nothing."""
        first, second = ask("deposit").hits
        assert first.score > second.score > 0

    def test_keeps_to_the_documents_it_is_given(self, ask: Ask) -> None:
        """What is known from another search is not found in this one."""
        ask("deposit")
        assert [("manual", 0)] == places(ask("deposit", (MANUAL,)))

    def test_no_documents_hold_nothing(self, ask: Ask) -> None:
        """Where nothing may be searched, nothing is found."""
        assert KeywordHits([], frozenset()) == ask("deposit", ())

    def test_words_that_are_everywhere_do_not_count_beside_others(self, ask: Ask) -> None:
        """ "The" does not make every text a hit."""
        assert [("lease", 1)] == places(ask("what is it with the dog in there"))

    def test_words_that_are_everywhere_are_looked_for_when_there_is_no_other(self, ask: Ask) -> None:
        """A question of such words alone still finds what has them."""
        assert [("lease", 0)] == places(ask("before the in", (LEASE,)))[:1]

    def test_diacritics_make_no_difference(self, ask: Ask, shelf: Shelf) -> None:
        """Written with or without, composed or not, a word is the same."""
        shelf.documents[LEASE] = [Entry(0, "", "Kühlschrank im Café")]
        assert [[("lease", 0)]] * 3 == [places(ask(query, (LEASE,))) for query in ("kuhlschrank", "CAFE\u0301", "café")]

    @pytest.mark.parametrize("query", ["東京", "賃貸", "의무", "ค่าเช่า"])
    def test_scripts_without_spaces_are_searched_by_their_signs(self, ask: Ask, shelf: Shelf, query: str) -> None:
        """A word in the middle of a sentence is found."""
        shelf.documents[LEASE] = [Entry(0, "", "東京都の賃貸契約。임차인의 의무 จ่ายค่าเช่าทุกเดือน")]
        assert [("lease", 0)] == places(ask(query, (LEASE,)))

    def test_signs_apart_are_not_a_word(self, ask: Ask, shelf: Shelf) -> None:
        """Two signs that stand apart are another word."""
        shelf.documents[LEASE] = [Entry(0, "", "東の京")]
        assert [] == places(ask("東京", (LEASE,)))


class TestAnyQuery:
    """Whatever is asked is a question, never a command."""

    @pytest.mark.parametrize(
        "query",
        [
            "",
            " \n\t",
            "?!.,;:-()*^\"'",
            '"',
            '""" OR "',
            "dog AND",
            "NOT dog",
            "NEAR(dog landlord, 1)",
            "heading : dog",
            "{heading text} : dog",
            "dog*",
            "^dog",
            "dog) OR (rowid > 0",
            "-dog +landlord",
            "dog'; drop table words; --",
            "dog\x00landlord",
            "\ud800dog",
            "🐕 🦮",
            "_______",
            "dog " * 2_000,
            " ".join(f"word{number}" for number in range(1_000)),
            "x" * 8_000,
            "東" * 8_000,
            "।॥ हिन्दी",
            "שלום \u202e dog",
        ],
    )
    def test_is_answered(self, ask: Ask, query: str) -> None:
        """No text fails, and one with the word finds the dog."""
        expected = [("lease", 1)] if "dog" in query else []
        assert expected == places(ask(query))

    def test_an_operator_is_a_word(self, ask: Ask, shelf: Shelf) -> None:
        """ "NEAR" is looked for as it is written."""
        shelf.documents[LEASE] = [Entry(0, "", "near the station"), Entry(1, "", "far from it")]
        assert [("lease", 0)] == places(ask("NEAR(", (LEASE,)))

    def test_a_text_may_hold_anything(self, ask: Ask, shelf: Shelf) -> None:
        """What cannot be stored as it is does not keep the rest from being found."""
        shelf.documents[LEASE] = [Entry(0, "\ud800", "a dog\x00 and \udfff bones")]
        assert [("lease", 0)] == places(ask("bones", (LEASE,)))


class TestFollowing:
    """The index is what is kept, without reading it all again."""

    def test_a_document_is_read_once(self, ask: Ask, shelf: Shelf) -> None:
        """The second search reads nothing."""
        ask("dog")
        ask("filter")
        assert [LEASE, MANUAL] == sorted(shelf.read, key=lambda source: source.document_id)

    def test_only_what_is_new_is_read(self, ask: Ask, shelf: Shelf) -> None:
        """Another generation of one document leaves the other alone, and is the one that is found."""
        ask("dog")
        shelf.read.clear()
        newer = Source("lease", 2)
        shelf.documents[newer] = [Entry(0, "Pets", "Cats only.")]
        found = ask("dog cats", (newer, MANUAL))
        assert ([newer], [("lease", 0)]) == (shelf.read, places(found))

    def test_what_is_deleted_leaves_the_file(self, ask: Ask, shelf: Shelf) -> None:
        """Told that a document is gone, the index holds none of it, and finds the rest as before."""
        ask("dog")
        del shelf.documents[LEASE]
        found, gone = ask("dog filter", only=True), ask("dog", (LEASE,))
        assert ([("manual", 0)], [], {LEASE}) == (places(found), places(gone), set(gone.missing))

    def test_says_which_documents_it_did_not_search(self, ask: Ask) -> None:
        """A document whose texts are gone is missing, and the others are searched."""
        gone = Source("gone", 1)
        found = ask("dog", (LEASE, gone))
        assert ([("lease", 1)], {gone}) == (places(found), set(found.missing))

    def test_goes_on_where_time_was_up(self, ask: Ask) -> None:
        """Without time nothing is loaded and everything is said to be missing; with time it is found."""
        hurried, patient = ask("dog", seconds=0), ask("dog")
        assert ([], {LEASE, MANUAL}, [("lease", 1)]) == (places(hurried), set(hurried.missing), places(patient))

    def test_survives_its_process(self, ask: Ask, shelf: Shelf, tmp_path: Path) -> None:
        """Another process on the same folder need not read again."""
        ask("dog")
        shelf.read.clear()
        other = KeywordIndex(tmp_path / "words")
        found = other.search("ada", "dog", [LEASE], shelf.load, limit=1, deadline=Deadline(60))
        assert ([("lease", 1)], []) == (places(found), shelf.read)


class TestRead:
    """Entries by number, from the file or from where they are kept."""

    def test_returns_what_was_put_in(self, index: KeywordIndex, shelf: Shelf) -> None:
        """Heading, text and the caller's own details come back; what never was is left out."""
        wanted = [(LEASE, 1), (MANUAL, 0), (LEASE, 7), (Source("gone", 1), 0)]
        found = index.read("ada", wanted, shelf.load, deadline=Deadline(60))
        assert {(LEASE, 1): shelf.documents[LEASE][1], (MANUAL, 0): shelf.documents[MANUAL][0]} == found

    def test_needs_no_file(self, index: KeywordIndex, shelf: Shelf) -> None:
        """Without time to make one, the entries come from where they are kept."""
        found = index.read("ada", [(LEASE, 0)], shelf.load, deadline=Deadline(0))
        assert {(LEASE, 0): shelf.documents[LEASE][0]} == found


class TestOwners:
    """What is one owner's is in no other's file."""

    def test_have_files_of_their_own(self, ask: Ask, tmp_path: Path) -> None:
        """Two owners, two files, and neither file's name tells whose it is."""
        ask("dog", owner="ada")
        ask("dog", (MANUAL,), owner="../bob")
        files = list((tmp_path / "words").glob("*.sqlite3"))
        assert (2, []) == (len(files), [file for file in files if "ada" in file.name or "bob" in file.name])

    def test_find_only_their_own(self, index: KeywordIndex, ask: Ask, shelf: Shelf) -> None:
        """Even by another's document id, an owner gets what their own loader gives."""
        ask("dog", owner="ada")
        found = index.search("bob", "dog", [LEASE], lambda _: None, limit=10, deadline=Deadline(60))
        assert ([], {LEASE}) == (places(found), set(found.missing))

    def test_are_forgotten(self, index: KeywordIndex, ask: Ask, tmp_path: Path) -> None:
        """Nothing of a forgotten owner stays, and the other's file does."""
        ask("dog", owner="ada")
        ask("dog", owner="bob")
        index.forget("ada")
        assert 1 == len(list((tmp_path / "words").glob("*.sqlite3")))
