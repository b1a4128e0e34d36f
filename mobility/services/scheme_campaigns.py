"""Opening a scheme for a year, moving its dates with a reason, writing its guide (K2, S59)."""

import datetime as dt

from django.db import transaction
from django.db.models import Max

from iprof.kernel.errors import DomainError
from mobility.enums_schemes import SchemeDate
from mobility.models import SchemeCampaign, SchemeCampaignMove, SchemeGuide
from security.enums import AccessKind
from security.journal import record
from security.models import User


@transaction.atomic
def open_scheme(*, campaign: SchemeCampaign, by: User) -> SchemeCampaign:
    """Raises ValidationError."""
    campaign.created_by = by
    campaign.full_clean()
    campaign.save()
    record(AccessKind.MOBILITY_MANAGED, actor=by, act="ouverture", dispositif=campaign.scheme, annee=campaign.year)
    return campaign


@transaction.atomic
def move_scheme_date(
    *, campaign: SchemeCampaign, date: SchemeDate, to: dt.datetime, reason: str, by: User
) -> SchemeCampaignMove:
    """Changes one date, for a reason. Raises DomainError("scheme_no_reason" | "scheme_same_date"), ValidationError when
    the dates would no longer follow one another."""
    locked = SchemeCampaign.objects.select_for_update().get(pk=campaign.pk)
    told, was = " ".join(reason.split()), getattr(locked, date.value)
    if not told:
        raise DomainError("scheme_no_reason")
    if was == to:
        raise DomainError("scheme_same_date")
    setattr(locked, date.value, to)
    locked.full_clean()
    locked.moves += 1
    row = SchemeCampaignMove.objects.create(
        campaign=locked, number=locked.moves, date=date, was_at=was, became_at=to, reason=told[:300], decided_by=by
    )
    locked.save(update_fields=[date.value, "moves"])
    record(
        AccessKind.MOBILITY_MANAGED,
        actor=by,
        act="date",
        dispositif=locked.scheme,
        annee=locked.year,
        number=row.number,
    )
    return row


@transaction.atomic
def write_guide(*, guide: SchemeGuide, by: User) -> SchemeGuide:
    """A new version, above those before it. Raises ValidationError."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    versions = SchemeGuide.objects.filter(scheme=guide.scheme, departement=guide.departement)
    guide.author = by
    guide.number = (versions.aggregate(last=Max("number"))["last"] or 0) + 1
    guide.full_clean()
    guide.save()
    record(AccessKind.MOBILITY_MANAGED, actor=by, act="guide", dispositif=guide.scheme, number=guide.number)
    return guide
