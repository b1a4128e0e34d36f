"""Receipts: one's own, and the one a code names."""

import re
from collections.abc import Collection

from django.db.models import QuerySet

from documents.models import Receipt
from security.models import User

SEPARATORS = re.compile(r"[\s\-.]+")
GROUP = 4


def receipts_of(owner: User) -> QuerySet[Receipt]:
    return Receipt.objects.filter(owner=owner)


def receipts_about(owner: User, subject: str) -> list[Receipt]:
    """Those of one thing, the latest first: their subjects begin with its name."""
    return list(receipts_of(owner).filter(subject__startswith=f"{subject}:").defer("pdf"))


def receipt_for(subject: str) -> Receipt | None:
    """That of an act, named as `issue_receipt` was told."""
    return Receipt.objects.defer("pdf").filter(subject=subject).first()


def codes_of(subjects: Collection[str]) -> dict[str, str]:
    """The code by act, of the acts that have a receipt. One query."""
    return dict(Receipt.objects.filter(subject__in=subjects).values_list("subject", "code"))


def receipt_by_code(typed: str) -> Receipt | None:
    """The receipt of a code however it was copied: case, spaces and dashes do not count."""
    letters = SEPARATORS.sub("", typed).upper()
    code = "-".join(letters[place : place + GROUP] for place in range(0, len(letters), GROUP))
    return Receipt.objects.defer("pdf").filter(code=code).first()
