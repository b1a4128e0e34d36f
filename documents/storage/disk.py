"""A folder: a name appears in it once its bytes are on the disk, never before, whatever is killed or cut off."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.utils.crypto import get_random_string

PARTIAL = ".part"  # what a crash leaves half written: no row knows it, the sweep takes it
FOLDER_MODE, FILE_MODE = 0o700, 0o600


class DiskStorage(FileSystemStorage):
    def _save(self, name: str, content: File[Any]) -> str:
        """Raises OSError (disk full, folder closed): nothing is left then."""
        target = Path(self.path(name))
        _make_folder(target.parent)
        partial = target.with_name(f"{target.name}.{get_random_string(8)}{PARTIAL}")
        try:
            _write(partial, content)
            os.link(partial, target)  # unlike a rename, never over a content that is there
        finally:
            with suppress(OSError):
                partial.unlink(missing_ok=True)
        try:
            _settle(target.parent)
        except OSError:
            with suppress(OSError):
                target.unlink()
            raise
        return name


def _make_folder(folder: Path) -> None:
    """With the parents it lacks; each name is on the disk before anything is put under it."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    for place in reversed(missing):
        place.mkdir(mode=FOLDER_MODE, exist_ok=True)
        _settle(place.parent)


def _write(path: Path, content: File[Any]) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE), "wb") as file:
        for chunk in content.chunks():
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())


def _settle(folder: Path) -> None:
    """The names of a folder are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
