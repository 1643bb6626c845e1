"""Collections in the table of documents."""

from dataclasses import replace
from uuid import uuid4

import pytest
from tests.services.knowledge.documents.table import MOST, Clock
from tests.services.knowledge.makers import LATER, collection

from coachwork.services.knowledge.errors import TooManyCollections
from coachwork.services.knowledge.repository.collections import Collections


class TestCollections:
    """`Collections`."""

    def test_the_limit(self, collections: Collections) -> None:
        """There are as many as there may be; one that is deleted makes room."""
        first = collection(uuid4())
        collections.create(first, 1)
        with pytest.raises(TooManyCollections):
            collections.create(collection(first.owner_id), 1)
        assert [True, False] == [collections.forget(first), collections.forget(first)]
        collections.create(collection(first.owner_id), 1)

    def test_pages(self, collections: Collections) -> None:
        """The newest first, a page at a time."""
        owner = uuid4()
        made = [collection(owner) for _ in range(3)]
        for one in made:
            collections.create(one, MOST)
        first, has_more = collections.page(owner, after=None, limit=2)
        rest, has_yet_more = collections.page(owner, after=first[-1].id, limit=2)
        assert ([made[2], made[1], made[0]], True, False) == ([*first, *rest], has_more, has_yet_more)

    def test_a_change_meanwhile(self, collections: Collections, clock: Clock) -> None:
        """What was changed since it was read is not forgotten."""
        papers = collection(uuid4())
        collections.create(papers, MOST)
        clock.now = LATER
        after = collections.change(papers.owner_id, papers.id, lambda one: replace(one, name="Books"))
        assert (after, False) == (collections.get(papers.owner_id, papers.id), collections.forget(papers))
        assert ("Books", 2, LATER) == (after.name, after.version, after.updated_at)
