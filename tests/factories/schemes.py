"""Openings of specific schemes and applications, through the services themselves."""

import datetime as dt
from typing import Any

from django.utils import timezone

from documents.services.deposit import Details
from mobility.models import SchemeApplication, SchemeCampaign
from mobility.services.scheme_campaigns import open_scheme
from mobility.services.scheme_sending import send_application
from mobility.services.schemes import open_application, save_application
from security.models import User
from tests.factories.accounts import UserFactory
from tests.factories.documents import kept_document

ANSWERS = {
    "nouvelle_caledonie": {"motivation": "Enseigner à Nouméa", "depart": "2027-02-01", "sejour": "aucun", "accompagnants": "2"},
    "exeat_ineat": {"departement": "21", "raison": "conjoint"},
    "move4monde": {"destination": "mexico", "contrat": "local", "depart": "2027-08-16", "motivation": "Lycée français"},
}  # fmt: skip


def scheme_campaign(scheme: str = "nouvelle_caledonie", by: User | None = None, **changed: Any) -> SchemeCampaign:
    """Open since yesterday, until in a week."""
    now = timezone.now()
    found = SchemeCampaign.objects.filter(scheme=scheme, year=changed.get("year", now.year + 1)).first()
    if found:
        return found
    told: dict[str, Any] = {
        "scheme": scheme, "year": now.year + 1, "source": "Calendrier fictif", "opens_at": now - dt.timedelta(1),
        "closes_at": now + dt.timedelta(7), "opinions_until": now + dt.timedelta(20), "results_at": now + dt.timedelta(90),
    }  # fmt: skip
    return open_scheme(campaign=SchemeCampaign(**(told | changed)), by=by or UserFactory(username="ouvre"))


def cv_of(owner: User) -> Any:
    today = timezone.localdate()
    return kept_document(owner, Details(kind="curriculum_vitae", title="CurriculumVitae_2026", dated_on=today))


def application_draft(owner: User, of: SchemeCampaign | None = None, **answers: str) -> SchemeApplication:
    """A draft that may be sent, its CV chosen; the one of before when there is one."""
    campaign = of or scheme_campaign()
    row = open_application(owner=owner, campaign=campaign)
    if row.revision:
        return row
    chosen = {} if campaign.scheme == "exeat_ineat" else {"cv": [cv_of(owner).pk]}
    told = ANSWERS[campaign.scheme] | answers
    return save_application(application=row, revision=row.revision, answers=told, chosen=chosen)


def sent_application(owner: User, of: SchemeCampaign | None = None, **answers: str) -> SchemeApplication:
    row = application_draft(owner, of, **answers)
    if row.sending:
        return row
    return send_application(application=row, revision=row.revision, by=owner)
