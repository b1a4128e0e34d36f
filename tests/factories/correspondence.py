"""Bulletins and reports. Names are fictional."""

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from iprof.correspondence.enums import BulletinState, NewsState
from iprof.correspondence.models import Bulletin, HelpArticle, Lure, NewsItem, SuspiciousReport
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


class NewsFactory(DjangoModelFactory):
    """Published since AT; `state="brouillon"` for a draft."""

    class Meta:
        model = NewsItem

    title = "Ouverture du serveur de mutation"
    summary = "Les vœux se saisissent jusqu'au 9 décembre."
    body = "<p>Le serveur est ouvert.</p>"
    category = "mobilite"
    published_from = AT
    state = NewsState.PUBLISHED
    edited_by = factory.SubFactory(UserFactory, username="redactrice", staff=True)
    edited_at = AT


class HelpFactory(DjangoModelFactory):
    """An article of the académie: those shipped with the portal are in every database already."""

    class Meta:
        model = HelpArticle
        django_get_or_create = ("code",)

    code = "cantine"
    question = "Comment payer la cantine ?"
    category = "assistance"
    answer = "<p>Auprès de l'intendance.</p>"
    plain = "Auprès de l'intendance."
    updated_on = AT


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
