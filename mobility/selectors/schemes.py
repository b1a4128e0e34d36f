"""Specific schemes as the pages show them: what, who, when, open or not, the guide, one's own application (S58, S59)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet

from career.geography import departement_names
from iprof.web.formats import french_date
from mobility.domain.facts import Degree
from mobility.domain.schemes import FAMILIES, FieldKind, FieldLaw, Scheme, schemes
from mobility.models import SchemeApplication, SchemeCampaign, SchemeGuide
from security.models import User

OPEN, COMING, CLOSED, NEVER = "Ouvert", "À venir", "Clos", "Pas encore ouvert"
TONES = {OPEN: "success", COMING: "info", CLOSED: "warning", NEVER: "new"}


def label_of(scheme: Scheme) -> str:
    """Its name, in the words of the setting that gives it where there is one (tension T11)."""
    return str(getattr(settings, scheme.label_setting, scheme.label)) if scheme.label_setting else scheme.label


@dataclass(frozen=True, slots=True)
class SchemeShown:
    """A scheme with its latest opening and one's own application there, None when there is none."""

    law: Scheme
    label: str
    campaign: SchemeCampaign | None
    word: str
    mine: SchemeApplication | None

    @property
    def tone(self) -> str:
        return TONES[self.word]

    @property
    def opened(self) -> bool:
        return self.word == OPEN


@dataclass(frozen=True, slots=True)
class FamilyShown:
    label: str
    schemes: tuple[SchemeShown, ...]


@dataclass(frozen=True, slots=True)
class GuideShown:
    """`version` 0: the starting text, which nobody signed."""

    steps: tuple[str, ...]
    lines: tuple[str, ...]
    version: int = 0
    author: str = ""
    departement: str = ""
    written_on: dt.date | None = None


def shown_schemes(owner: User, *, at: dt.datetime, degree: Degree | None) -> tuple[FamilyShown, ...]:
    """Those of one's degree (all when it is not known), by family. Two queries, however many."""
    campaigns = latest_openings(at)
    mine = {row.campaign_id: row for row in own_applications(owner)}
    found = [_shown(law, campaigns.get(law.code), mine, at) for law in schemes().values() if _for(law, degree)]
    return tuple(
        FamilyShown(label, here)
        for code, label in FAMILIES.items()
        if (here := tuple(one for one in found if one.law.family == code))
    )


def shown_scheme(owner: User, law: Scheme, *, at: dt.datetime) -> SchemeShown:
    """Two queries."""
    mine = {row.campaign_id: row for row in own_applications(owner)}
    return _shown(law, latest_openings(at).get(law.code), mine, at)


def own_applications(owner: User) -> QuerySet[SchemeApplication]:
    return SchemeApplication.objects.filter(owner=owner).select_related("campaign")


def guide_of(law: Scheme, *, departement: str) -> GuideShown:
    """The last version of one's DSDEN, else of the académie, else the starting text. One query."""
    rows = SchemeGuide.objects.filter(scheme=law.code, departement__in=("", departement)).select_related("author")
    row = max(rows, key=lambda row: (row.departement, row.number), default=None)
    if row is None:
        return GuideShown(law.steps, _lines(law.guide))
    place = departement_names().get(row.departement, row.departement)
    return GuideShown(law.steps, _lines(row.text), row.number, row.author.get_full_name(), place, row.written_at.date())


def shown_answers(law: Scheme, answers: Mapping[str, str], *, private: bool = True) -> tuple[tuple[FieldLaw, str], ...]:
    """(field, answer as read) in the order of the form; without the private ones when told."""
    return tuple(
        (one, readable(one, str(answers.get(one.code, "")))) for one in law.fields if private or not one.private
    )


def readable(field: FieldLaw, answer: str) -> str:
    """A choice by its label, a day in French, a département by name; empty when not answered."""
    if not answer:
        return ""
    match field.kind:
        case FieldKind.CHOICE:
            return dict(field.choices).get(answer, answer)
        case FieldKind.DATE:
            return french_date(dt.date.fromisoformat(answer))
        case FieldKind.PLACE:
            return f"{departement_names().get(answer, answer)} ({answer})"
        case _:
            return answer


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _for(law: Scheme, degree: Degree | None) -> bool:
    return degree is None or degree in law.degrees


def latest_openings(at: dt.datetime) -> dict[str, SchemeCampaign]:
    """For each scheme the opening under way, else the next, else the last closed."""
    found: dict[str, SchemeCampaign] = {}
    for row in SchemeCampaign.objects.order_by("year"):
        known = found.get(row.scheme)
        if known is None or not known.is_open(at):
            found[row.scheme] = row
    return found


def _shown(
    law: Scheme, campaign: SchemeCampaign | None, mine: Mapping[int, SchemeApplication], at: dt.datetime
) -> SchemeShown:
    return SchemeShown(law, label_of(law), campaign, _word(campaign, at), mine.get(campaign.pk) if campaign else None)


def _word(campaign: SchemeCampaign | None, at: dt.datetime) -> str:
    if campaign is None:
        return NEVER
    if campaign.is_open(at):
        return OPEN
    return COMING if at < campaign.opens_at else CLOSED
