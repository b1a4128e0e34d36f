"""A sending cut on its way is not taken for a whole one: the server would give what arrived as if it were all (S86)."""

from typing import Any, Protocol


class Body(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...
    def readline(self, size: int = -1, /) -> bytes: ...


class WholeBody:
    """The body of a request. Raises ConnectionAbortedError where it ends before its announced length: Django asks for no
    more than that."""

    def __init__(self, body: Body) -> None:
        self.body = body

    def read(self, size: int = -1, /) -> bytes:
        return _not_cut(self.body.read(size), size)

    def readline(self, size: int = -1, /) -> bytes:
        return _not_cut(self.body.readline(size), size)


def _not_cut(part: bytes, size: int) -> bytes:
    if not part and size > 0:
        raise ConnectionAbortedError("the sending was cut")
    return part


def held_whole(environ: dict[str, Any]) -> dict[str, Any]:
    """The same environment, with a body that tells when it is cut."""
    if environ.get("CONTENT_LENGTH"):
        environ["wsgi.input"] = WholeBody(environ["wsgi.input"])
    return environ
