"""The archive of a copy of personal data, made as it leaves: one file in memory at a time, nothing written to a disk."""

import io
import zipfile
from collections.abc import Iterator

import structlog
from django.utils import timezone

from documents.custody import LostContent, UnreadableSecret
from iprof.correspondence.files import plain_name
from iprof.web.personal_data import FILES
from security.models import User

log = structlog.get_logger(__name__)
UNREADABLE = (LostContent, UnreadableSecret, OSError)
README = """Copie des données du portail

donnees.json   toutes les données, table par table, pour une machine
donnees.pdf    les mêmes, à lire (les plus récentes de chaque table)
documents/     les documents déposés, tels qu'ils sont gardés
echanges/      les pièces jointes des échanges

Ce qui n'est pas repris est nommé dans donnees.json, avec le motif.
"""


class _Sink(io.RawIOBase):
    """What is written comes out by `drain`; it cannot be gone back on."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]  # zipfile writes bytes
        self._parts.append(bytes(data))
        return len(data)

    def drain(self) -> bytes:
        whole = b"".join(self._parts)
        self._parts.clear()
        return whole


def archive(owner: User, *, text: str, pdf: bytes) -> Iterator[bytes]:
    """A ZIP. A file that cannot be read is named in the LISEZMOI: the others are not lost for it."""
    sink, lost = _Sink(), list[str]()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in (("donnees.json", text.encode()), ("donnees.pdf", pdf)):
            _put(made, name, content)
            yield sink.drain()
        for folder, files in FILES.items():
            for file in files(owner):
                name = f"{folder}/{plain_name(file.name)}"
                try:
                    _put(made, name, file.read())
                except UNREADABLE as error:
                    log.error("copy_file_unreadable", folder=folder, error=type(error).__name__)  # no name: personal
                    lost.append(name)
                yield sink.drain()
        told = "\nFichiers illisibles ce jour, consignés au journal technique :\n" + "\n".join(lost) if lost else ""
        _put(made, "LISEZMOI.txt", (README + told).encode())
    yield sink.drain()


def _put(made: zipfile.ZipFile, name: str, content: bytes) -> None:
    info = zipfile.ZipInfo(name, timezone.localtime().timetuple()[:6])
    info.compress_type = zipfile.ZIP_DEFLATED
    made.writestr(info, content)
