"""Everything the messages are made of. Names are fictional."""

import datetime as dt
import os
import uuid

import factory
from cryptography.hazmat.primitives.asymmetric import ec
from factory.django import DjangoModelFactory

from iprof.correspondence.audience import Audience
from iprof.correspondence.enums import BulletinState, NewsState
from iprof.correspondence.forms.deadline_look import look_at, sign_look
from iprof.correspondence.forms.deadlines import DeadlineForm
from iprof.correspondence.models import (
    Bulletin,
    Circular,
    Deadline,
    DeadlinePerson,
    HelpArticle,
    Lure,
    NewsItem,
    PushSubscription,
    SuspiciousReport,
)
from iprof.correspondence.outbox.encryption import CURVE, b64, point
from iprof.correspondence.services.circular_drafts import save_circular
from iprof.correspondence.services.circulars import (
    approve_circular,
    release_circular,
    simulate_circular,
)
from security.enums import Role
from security.models import User
from tests.factories.accounts import UserFactory, staff

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


def clerk(name: str) -> User:
    """A gestionnaire of the whole académie, the same for one name."""
    return User.objects.filter(username=name).first() or staff(Role.GESTIONNAIRE, username=name)


def draft_circular(audience: Audience | None = None, *, by: User | None = None, files=(), **fields) -> Circular:
    """As its author leaves it. To everyone by default."""
    values = {
        "title": "Liste d'aptitude : dépôt des dossiers",
        "reference": "2026-041",
        "body": "Les dossiers se déposent sur le portail.\n\nUne pièce manquante se signale avant la date.",
        "expects_act": True,
        **fields,
    }
    circular = Circular(audience=(audience or Audience(everyone=True)).as_json(), **values)
    return save_circular(circular=circular, by=by or clerk("secretaire"), added=files)


def simulated_circular(audience: Audience | None = None, **fields) -> Circular:
    circular = draft_circular(audience, **fields)
    return simulate_circular(circular=circular, by=circular.edited_by)


def sent_circular(*users: User, **fields) -> Circular:
    """Released to these people, agents in reach of its author; approved by another when it must be."""
    audience = Audience(logins=tuple(user.username for user in users)) if users else None
    circular = simulated_circular(audience, **fields)
    if circular.needs_two:
        circular = approve_circular(circular=circular, by=clerk("valideuse"), seen=circular.simulation)
    return release_circular(circular=circular, by=circular.edited_by, seen=circular.simulation)


def looked_at(typed: dict, *, by: User) -> dict:
    """What the page of the second look sends to announce a deadline."""
    form = DeadlineForm(typed, by=by)
    assert form.is_valid(), form.errors
    return typed | {"etape": "annoncer", "vue": sign_look(look_at(form), by=by.pk)}


def open_deadline(*people: User, **fields) -> Deadline:
    """A deadline that concerns `people`, whatever its audience says; created by a superadmin of the whole académie."""
    author = fields.pop("created_by", None) or author_of_deadlines()
    defaults = {
        "title": "Déposer votre candidature à la liste d'aptitude",
        "procedure": "Liste d'aptitude 2027",
        "closes_at": dt.datetime(2026, 12, 11, 11, tzinfo=dt.UTC),
        "source": "Circulaire rectorale du 9 novembre 2026 (exemple)",
        "audience": {"everyone": True},
    }
    deadline = Deadline.objects.create(created_by=author, **defaults | fields)
    DeadlinePerson.objects.bulk_create(DeadlinePerson(deadline=deadline, user=user) for user in people)
    return deadline


def author_of_deadlines() -> User:
    return User.objects.filter(username="echeancier").first() or staff(Role.SUPERADMIN, username="echeancier")


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
