"""The index of an offline copy as an accessible PDF (PDF/UA-1)."""

import datetime as dt
from collections.abc import Sequence

from documents.selectors.own import Shown
from iprof.web.printing import printed
from security.models import User


def index_pdf(files: Sequence[tuple[str, Shown]], *, owner: User, at: dt.datetime) -> bytes:
    """`files`: the name of each in the copy and what it is."""
    return printed("pdf/offline_index.html", {"files": files, "owner": owner, "at": at})
