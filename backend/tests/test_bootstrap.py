"""What a deployment's settings make, and what they leave out."""

import pytest

from coachwork.bootstrap import bootstrap
from coachwork.chassis.errors import DocumentStoreUnavailable, ObjectStoreUnavailable
from coachwork.chassis.settings import BucketPurpose, Settings, TablePurpose


class TestBlobs:
    """Buckets by what they are for."""

    @pytest.mark.parametrize(
        ("purpose", "variable"), [("videos", "S3_BUCKET_NAME"), ("documents", "DOCUMENTS_BUCKET_NAME")]
    )
    def test_without_a_bucket(self, settings: Settings, purpose: BucketPurpose, variable: str) -> None:
        """A 503 says which variable names none."""
        with pytest.raises(ObjectStoreUnavailable, match=variable):
            bootstrap(settings).blobs(purpose)

    def test_each_has_its_own(self, environ: dict[str, str]) -> None:
        """Two purposes are two buckets, each made once."""
        names = {"S3_BUCKET_NAME": "films", "DOCUMENTS_BUCKET_NAME": "papers"}
        resources = bootstrap(Settings.load({**environ, **names}))
        assert resources.blobs("videos") is resources.blobs("videos")
        assert resources.blobs("videos") is not resources.blobs("documents")


class TestTables:
    """Tables by what they are for."""

    @pytest.mark.parametrize(
        ("purpose", "variable"), [("documents", "DOCUMENTS_TABLE_NAME"), ("chat-history", "CHAT_HISTORY_TABLE_NAME")]
    )
    def test_without_a_table(self, settings: Settings, purpose: TablePurpose, variable: str) -> None:
        """A 503 says which variable names none."""
        with pytest.raises(DocumentStoreUnavailable, match=variable):
            bootstrap(settings).tables(purpose)

    def test_each_has_its_own(self, environ: dict[str, str]) -> None:
        """Two purposes are two tables, each made once."""
        names = {"DOCUMENTS_TABLE_NAME": "papers", "CHAT_HISTORY_TABLE_NAME": "talks"}
        resources = bootstrap(Settings.load({**environ, **names}))
        assert resources.tables("documents") is resources.tables("documents")
        assert resources.tables("documents") is not resources.tables("chat-history")
