"""A storage of its own for what looks at the whole of it."""

import pytest


@pytest.fixture
def folder(tmp_path, settings):
    """Where the contents of this test rest, alone."""
    place = tmp_path / "contents"
    place.mkdir()
    options = {"location": str(place), "base_url": None}
    settings.STORAGES = {
        **settings.STORAGES,
        "documents": {"BACKEND": "documents.storage.disk.DiskStorage", "OPTIONS": options},
    }
    return place
