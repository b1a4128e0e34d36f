"""Which commands of this checkout use a server: the last one to leave stops it, even after another was killed."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """One command at a time in the block; the system frees the lock of a command that dies."""
    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class Users:
    """The commands using a server. Each holds a shared lock on one file for as long as it lives."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("ab")

    def join(self) -> None:
        """Waits when the last user is just stopping the server."""
        fcntl.flock(self._file, fcntl.LOCK_SH)

    def is_last(self) -> bool:
        """True when nobody else is left; newcomers then wait until `close`."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        self._file.close()
