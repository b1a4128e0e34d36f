"""Bulletins, reports, browsers that ring. Names are fictional."""

import datetime as dt
import os
import uuid

import factory
from cryptography.hazmat.primitives.asymmetric import ec
from factory.django import DjangoModelFactory

from iprof.correspondence.enums import BulletinState
from iprof.correspondence.models import Bulletin, Lure, PushSubscription, SuspiciousReport
from iprof.correspondence.outbox.encryption import CURVE, b64, point
from tests.factories.accounts import UserFactory

AT = dt.datetime(2026, 11, 2, 8, tzinfo=dt.UTC)


class BulletinFactory(DjangoModelFactory):
    """A draft; `reviewed_bulletin` and `published_bulletin` take it further."""

    class Meta:
        model = Bulletin
        django_get_or_create = ("year", "quarter")

    year, quarter = 2026, 4
    title = "De faux messages sur le barème"
    body = "Plusieurs messages imitent le rectorat pendant la période de mutation."
    edited_by = factory.SubFactory(UserFactory, username="redactrice", staff=True)
    edited_at = AT


class LureFactory(DjangoModelFactory):
    class Meta:
        model = Lure

    bulletin = factory.SubFactory(BulletinFactory)
    subject = "Changement urgent de votre barème"
    sender = "Rectorat <mutations@ac-reims-fr.example>"
    attachment = "bareme_2027.pdf.exe"
    clue = "Le portail n'annonce jamais un barème par courriel, et la pièce jointe est un programme."


class ReportFactory(DjangoModelFactory):
    class Meta:
        model = SuspiciousReport

    user = factory.SubFactory(UserFactory, username="signaleur")
    subject = "Changement urgent de votre barème"
    link = "https://extranet.ac-reims.fr.evil.example/a"
    group_key = "lien evil.example"


def published_bulletin(**fields) -> Bulletin:
    """A bulletin with one lure, published."""
    known = Bulletin.objects.filter(year=fields.get("year", 2026), quarter=fields.get("quarter", 4)).first()
    if known:
        return known
    bulletin = BulletinFactory(**fields)
    LureFactory(bulletin=bulletin)
    other = UserFactory(username="relecteur", staff=True)
    bulletin.state, bulletin.reviewed_by, bulletin.reviewed_at = BulletinState.PUBLISHED, other, AT
    bulletin.published_by, bulletin.published_at = other, AT
    bulletin.save()
    return bulletin


def browser(service: str = "https://fcm.googleapis.com") -> dict[str, str]:
    """What a browser that agreed tells of itself."""
    key = point(ec.generate_private_key(CURVE).public_key())
    return {"endpoint": f"{service}/fcm/send/{uuid.uuid4()}", "p256dh": b64(key), "auth": b64(os.urandom(16))}


class PushSubscriptionFactory(DjangoModelFactory):
    class Meta:
        model = PushSubscription

    user = factory.SubFactory(UserFactory)
    label = "Firefox sous Linux"

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        return super()._create(model_class, *args, **(browser() | kwargs))
