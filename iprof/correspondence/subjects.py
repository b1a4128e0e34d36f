"""What a thread may be about, and who has a gestionnaire: answered by the apps that know the files.

The correspondences know no career (design §1): an app registers, when it is ready, how it finds an object of a person.
"""

from collections.abc import Callable
from dataclasses import dataclass

from security.models import User


@dataclass(frozen=True, slots=True)
class Subject:
    """An object of one person: `label` as they see it, `link` the path of its page."""

    kind: str
    ref: str
    label: str
    link: str


Find = Callable[[User, str], Subject | None]
_finders: dict[str, Find] = {}
_followed: list[Callable[[User], bool]] = []


def register(kind: str, find: Find) -> None:
    """`find` gives the object of a person by its public reference; None for someone else's, or none."""
    _finders[kind] = find


def register_followed(test: Callable[[User], bool]) -> None:
    """`test` tells whether a gestionnaire follows the file of an account."""
    _followed.append(test)


def find_subject(user: User, kind: str, ref: str) -> Subject | None:
    finder = _finders.get(kind)
    return finder(user, ref) if finder else None


def is_followed(user: User) -> bool:
    return any(test(user) for test in _followed)
