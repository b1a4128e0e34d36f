"""A receipt as an accessible PDF (PDF/UA-1), from its words alone: the same words give the same bytes."""

from urllib.parse import urlencode

import segno
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from documents.models import Receipt
from iprof.web.formats import french_moment
from iprof.web.printing import printed


def verify_address(code: str) -> str:
    """Where anyone checks a code, on the official address."""
    return f"{settings.OFFICIAL_ADDRESS.rstrip('/')}{reverse('documents:verify')}?{urlencode({'code': code})}"


def render(receipt: Receipt) -> bytes:
    """Tagged, in French, titled; with the code, its QR and the address that checks it."""
    address = verify_address(receipt.code)
    return printed(
        "pdf/proof.html",
        {
            "receipt": receipt,
            "text": receipt.payload,
            "issued": french_moment(timezone.localtime(receipt.issued_at)),
            "person": receipt.owner.get_full_name(),
            "login": receipt.owner.username,
            "verify": address,
            "qr": SafeString(segno.make(address, micro=False, error="m").svg_inline(scale=2.4, border=0)),
        },
    )
