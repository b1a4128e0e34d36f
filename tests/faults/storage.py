"""A folder of contents that can be told to refuse everything, and that is slow: between a content and its row there is time
to die."""

import errno
import os
import time
from pathlib import Path

from documents.storage.disk import DiskStorage

SWITCH = "FAULT_STORAGE"  # names a file: while it is there, nothing is written, read nor erased
PAUSE = 0.15  # seconds


class RefusingStorage(DiskStorage):
    def _save(self, name, content):
        _ask()
        saved = super()._save(name, content)
        time.sleep(PAUSE)
        return saved

    def _open(self, name, mode="rb"):
        _ask()
        return super()._open(name, mode)

    def delete(self, name):
        _ask()
        super().delete(name)


def _ask() -> None:
    if Path(os.environ[SWITCH]).exists():
        raise OSError(errno.EIO, "the storage refuses")
