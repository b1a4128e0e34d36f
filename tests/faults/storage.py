"""A folder of contents that can be told to refuse everything, as a storage that is down (`DocumentsWorld.storage`)."""

import errno
import os
from pathlib import Path

from documents.storage.disk import DiskStorage

SWITCH = "FAULT_STORAGE"  # names a file: while it is there, nothing is written, read nor erased


class RefusingStorage(DiskStorage):
    def _save(self, name, content):
        _ask()
        return super()._save(name, content)

    def _open(self, name, mode="rb"):
        _ask()
        return super()._open(name, mode)

    def delete(self, name):
        _ask()
        super().delete(name)


def _ask() -> None:
    if Path(os.environ[SWITCH]).exists():
        raise OSError(errno.EIO, "the storage refuses")
