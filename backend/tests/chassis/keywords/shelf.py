"""What is kept, for the tests of the index of words."""

from coachwork.chassis.keywords import Entry, KeywordHits, Source

LEASE, MANUAL = Source("lease", 1), Source("manual", 1)


class Shelf:
    """What is kept: documents by source, and how often each was read."""

    def __init__(self) -> None:
        self.documents: dict[Source, list[Entry]] = {
            LEASE: [
                Entry(0, "Deposit", "The tenant pays two months' rent before moving in.", "page 1"),
                Entry(1, "Pets", "A dog needs the landlord's consent in writing.", "page 2"),
            ],
            MANUAL: [Entry(0, "Filter", "Rinse the filter under running water each month; never a deposit.", "page 9")],
        }
        self.read: list[Source] = []

    def load(self, source: Source) -> list[Entry] | None:
        """Read a document."""
        self.read.append(source)
        return self.documents.get(source)


def places(found: KeywordHits) -> list[tuple[str, int]]:
    """Return which entries were found, the best first."""
    return [(hit.source.document_id, hit.number) for hit in found.hits]
