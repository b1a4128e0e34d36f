"""The receipt of a sending as an accessible PDF (PDF/UA-1)."""

from documents.selectors.submissions import Sending
from iprof.web.printing import printed
from security.models import User


def receipt_pdf(one: Sending, *, user: User) -> bytes:
    """Tagged, in French, titled: what was sent, when, to whom, and the SHA-256 of each file."""
    return printed("pdf/receipt.html", {"one": one, "user": user})
