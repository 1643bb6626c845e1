"""What only Chroma has: a key for its cloud, and a folder."""

from contextlib import closing
from pathlib import Path

import pytest
from tests.chroma_cloud import cloud

from coachwork.chassis.errors import VectorIndexUnavailable
from coachwork.chassis.vectors.chroma import ChromaIndex
from coachwork.chassis.vectors.chroma.embedded import EmbeddedChroma


class TestCloudCredentials:
    """Chroma Cloud checks who comes."""

    def test_a_wrong_key_is_refused(self, cloud_url: str, name: str) -> None:
        """The error says what is wrong without the key."""
        with closing(cloud(cloud_url, "ck-wrong")) as chroma:
            index = ChromaIndex(chroma, name, embedder="compass-1", dimensions=3)
            with pytest.raises(VectorIndexUnavailable, match="refused the credentials") as caught:
                index.count()
        assert "ck-wrong" not in caught.value.detail


class TestEmbeddedFolder:
    """The embedded engine keeps its data in a folder."""

    def test_that_cannot_be_made_is_refused(self, tmp_path: Path, name: str) -> None:
        """A file where the folder should be is our error, not a crash."""
        (tmp_path / "file").write_text("")
        chroma = EmbeddedChroma(tmp_path / "file" / "chroma")

        with pytest.raises(VectorIndexUnavailable, match="cannot be made"):
            ChromaIndex(chroma, name, embedder="compass-1", dimensions=3).count()
