"""The sections of a request, opened and sent as a page sends them."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from mobility.enums import CampaignDate
from mobility.models import MobilityRequest
from mobility.services.campaigns import move_date

SECTIONS = ("voeux", "priorites", "pieces", "recap")


def url(name: str, one: MobilityRequest) -> str:
    return reverse(f"mobility:{name}", kwargs={"public_id": one.public_id})


def now(one: MobilityRequest) -> MobilityRequest:
    return MobilityRequest.objects.select_related("campaign", "claims").get(pk=one.pk)


def asked(one: MobilityRequest) -> list[str]:
    return list(one.voeux.order_by("rank").values_list("place", flat=True))


def send_voeux(client: Any, one: MobilityRequest, act: str = "enregistrer", **more: Any) -> Any:
    """The list as it is, unless `voeu` says otherwise."""
    data = {"revision": now(one).revision, "voeu": asked(one), "acte": act, **more}
    return client.post(url("voeux", one), data)


def typed(one: MobilityRequest, **changed: Any) -> dict[str, Any]:
    """What the page of priorities sends for the claims of FAMILY, changed."""
    data = {
        "revision": now(one).revision, "strategy": "rc", "lien": "mariage", "lien_on": "2019-04-27",
        "conjoint_postal_code": "21000", "activity": "activite", "enfant_1": "2020-01-09", "separation_active": "1",
        "separation_leave": "0", "preferential_requests": "0", "imposition_commune": "", "stagiaire": "", "acte": "enregistrer",
    }  # fmt: skip
    return data | changed


def send_claims(client: Any, one: MobilityRequest, **changed: Any) -> Any:
    return client.post(url("priorites", one), typed(one, **changed))


def close(one: MobilityRequest) -> None:
    """The campaign is over, to the second."""
    assert one.campaign
    by = one.campaign.created_by
    move_date(campaign=one.campaign, date=CampaignDate.CLOSES, to=timezone.now(), reason="Essai.", by=by)
