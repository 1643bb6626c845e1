"""Search by words: BM25 over texts of one owner at a time, in files of this instance."""

from coachwork.chassis.keywords.errors import KeywordIndexUnavailable
from coachwork.chassis.keywords.file import Entry, KeywordHit, Source
from coachwork.chassis.keywords.index import KeywordHits, KeywordIndex, Load

__all__ = ["Entry", "KeywordHit", "KeywordHits", "KeywordIndex", "KeywordIndexUnavailable", "Load", "Source"]
