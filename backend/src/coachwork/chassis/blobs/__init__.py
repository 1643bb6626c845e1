"""Object storage behind one port."""

from coachwork.chassis.blobs.port import Blob, BlobPage, BlobStore, StoredBlob, Upload

__all__ = ["Blob", "BlobPage", "BlobStore", "StoredBlob", "Upload"]
