"""The délégué in the administration: decides, extends, suspends, reads certificates, makes the audit (S66, S90)."""

import datetime as dt
import io

import pikepdf
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from documents.enums_privacy import DestructionCause, PrivacyKind, PrivacyState
from documents.models import DestructionCertificate, Hold, PrivacyRequest
from documents.selectors import audit as audits
from documents.services.certificates import certify
from documents.services.deposit import Details
from documents.services.rights import open_request
from security.enums import AccessKind, Role
from security.journal import record
from security.models import AccessEvent
from tests.career.web.pages import words
from tests.factories.accounts import HabilitationFactory, UserFactory, staff
from tests.factories.career import CorrectionRequestFactory, full_career
from tests.factories.documents import kept_document

pytestmark = [pytest.mark.django_db, pytest.mark.req("S90", "S66", "T8", "D22")]
NOW = dt.datetime(2026, 11, 25, 9, tzinfo=dt.UTC)
LIST = "/gestion/documents/privacyrequest/"
AUDIT = f"{LIST}audit/"
PERIOD = {"du": "2025-11-26", "au": "2026-11-25"}


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def owner():
    return full_career().user


@pytest.fixture
def dpo(client):
    user = staff(Role.DPO, first_name="Inès", last_name="Aubert")
    client.force_login(user)
    return user


def asked(owner, kind=PrivacyKind.RESTRICTION, **fields):
    return open_request(owner=owner, kind=kind, message="Une donnée est contestée.", **fields)


def page(row):
    return reverse("admin:documents_privacyrequest_change", args=[row.pk])


def test_the_queue_says_in_words_what_is_late(client, dpo, owner):
    row = asked(owner)
    assert "33 jours" in words(client.get(LIST))
    PrivacyRequest.objects.update(due_on=dt.date(2026, 11, 23))
    assert "En retard de 2 jours" in words(client.get(LIST, {"attente": "retard"}))
    assert "délai dépassé" in words(client.get(page(row)))
    assert "Prolonger le délai" not in words(client.get(page(row)))
    assert "0 demandes" in words(client.get(LIST, {"attente": "non"}))
    assert "1 demande" in words(client.get(LIST, {"attente": "oui"}))


@pytest.mark.parametrize("count", [1, 4])
def test_the_queue_takes_as_many_queries_for_one_as_for_four(client, dpo, count):
    for _ in range(count):
        asked(UserFactory())
    client.get(LIST)
    with CaptureQueriesContext(connection) as queries:
        client.get(LIST)
    assert len(queries) < 12


def test_a_refusal_keeps_what_was_typed_until_it_has_its_ground(client, dpo, owner):
    row = asked(owner)
    answer = client.post(page(row), {"decision": "refuser", "reponse": "La mesure ne s'applique pas."})
    assert answer.status_code == 400
    assert "Choisissez le fondement du refus" in words(answer)
    assert "La mesure ne s&#x27;applique pas." in answer.content.decode()
    told = {"decision": "refuser", "reponse": "La mesure ne s'applique pas.", "fondement": "limitation"}
    assert client.post(page(row), told).status_code == 302
    assert "article 18" in words(client.get(page(row)))
    again = client.post(page(row), told)
    assert (again.status_code, "déjà reçu une réponse" in words(again)) == (409, True)


def test_it_is_extended_then_answered(client, dpo, owner):
    row = asked(owner)
    assert client.post(page(row), {"decision": "prolonger", "motif": ""}).status_code == 400
    assert client.post(page(row), {"decision": "prolonger", "motif": "Archives à consulter"}).status_code == 302
    row.refresh_from_db()
    assert row.state == PrivacyState.EXTENDED
    assert "Archives à consulter" in words(client.get(page(row)))
    assert "Aucune décision" in words(client.post(page(row), {"decision": "autre"}, follow=True))
    assert client.post(page(row), {"decision": "accepter", "reponse": "Noté."}).status_code == 302


def test_an_early_deletion_is_decided_with_its_documents_in_sight(client, dpo, owner):
    document = kept_document(owner, Details(kind="bail", title="Bail Reims"))
    row = asked(owner, PrivacyKind.DELETION, documents=[document])
    text = words(client.get(page(row)))
    assert "Bail Reims" in text
    assert "article 17" in text
    client.post(page(row), {"decision": "accepter", "reponse": "Accordé."})
    certificate = DestructionCertificate.objects.get()
    shown = words(client.get(reverse("admin:documents_destructioncertificate_change", args=[certificate.pk])))
    assert "conforme au journal des accès" in shown
    assert document.sha256 in shown
    pdf = client.get(reverse("admin:documents_destructioncertificate_pdf", args=[certificate.pk]))
    with pikepdf.open(io.BytesIO(pdf.content)) as read:
        assert read.Root.MarkInfo.Marked
    assert "Certificats de destruction" in client.get("/gestion/documents/destructioncertificate/").content.decode()


def test_ones_own_request_is_decided_by_another(client, dpo):
    row = asked(dpo)
    assert "pas en décider" in words(client.get(page(row)))
    assert client.post(page(row), {"decision": "accepter", "reponse": "Oui"}).status_code == 409


def test_an_administrator_has_every_permission_but_not_the_function(client, owner):
    row = asked(owner)
    client.force_login(staff(Role.SUPERADMIN))
    for address in (LIST, page(row), AUDIT):
        assert client.get(address).status_code == 403


def test_a_hold_is_placed_on_a_person_or_a_document_and_lifted(client, dpo, owner):
    document = kept_document(owner, Details(title="Bail"))
    add = reverse("admin:documents_hold_add")
    for target, why, status in (
        ("", "Motif", 400),
        ("inconnu", "Motif", 400),
        (owner.username, " ", 400),
        (dpo.username, "Motif", 409),
        ("00000000-0000-4000-8000-000000000000", "Motif", 400),
    ):
        assert client.post(add, {"cible": target, "motif": why}).status_code == status
    for target in (owner.username.upper(), str(document.pk)):
        assert client.post(add, {"cible": target, "motif": "Contentieux"}).status_code == 302
    hold = Hold.objects.order_by("pk").first()
    lift = reverse("admin:documents_hold_change", args=[hold.pk])
    assert client.post(lift, {"motif": ""}).status_code == 400
    assert client.post(lift, {"motif": "Jugement rendu"}).status_code == 302
    assert client.post(lift, {"motif": "Encore"}).status_code == 409
    assert "Jugement rendu" in words(client.get(lift))
    text = words(client.get("/gestion/documents/hold/", {"vigueur": "oui"}))
    assert "1 suspension" in text
    assert str(document.pk) in text
    assert "Bail" not in text, "a title may tell what it is"
    assert "1 suspension" in words(client.get("/gestion/documents/hold/", {"vigueur": "non"}))


def test_the_audit_is_counted_from_the_rows_and_journalled(client, dpo, owner):
    HabilitationFactory(user=UserFactory(username="oisif", staff=True), role=Role.GESTIONNAIRE)
    CorrectionRequestFactory(agent=owner.agent)
    asked(owner)
    record(AccessKind.ACCESS_REFUSED, actor=owner)
    for number in range(audits.FEW):
        record(AccessKind.FILE_READ, actor=UserFactory(username=f"g{number}", roles=[Role.GESTIONNAIRE]), subject=owner)
    record(AccessKind.DOCUMENT_READ, actor=UserFactory(username="medecin", roles=[Role.MEDICAL]), subject=owner)
    certify([], cause=DestructionCause.RETENTION, rule="essai", version="2026-11-25", by=None)
    text = words(client.post(AUDIT, PERIOD))
    assert "Accès refusés 1" in text
    assert "Certificats de destruction 1" in text
    assert "Certificats qui ne correspondent pas au journal 0" in text
    assert "Gestionnaire DSDEN 5" in text
    assert f"Service médical {audits.HIDDEN}" in text
    assert "Rectifications de carrière Reçues : 1 Répondues à temps : 0" in text
    assert "Demandes sur les données personnelles Reçues : 1" in text
    assert "Chaque donnée tenue est dans la copie" in text
    assert AccessEvent.objects.get(kind=AccessKind.PRIVACY_AUDITED).detail["until"] == "2026-11-25"


def test_looking_at_the_form_of_the_audit_writes_nothing(client, dpo):
    response = client.get(AUDIT)
    assert 'value="2025-11-26"' in response.content.decode()
    assert not AccessEvent.objects.filter(kind=AccessKind.PRIVACY_AUDITED).exists()


def test_the_audit_is_printed_tagged_with_its_sources(client, dpo):
    response = client.post(reverse("admin:documents_privacyrequest_print"), PERIOD)
    with pikepdf.open(io.BytesIO(response.content)) as read:
        assert read.Root.MarkInfo.Marked
    assert "audit-donnees-2025-11-26-2026-11-25.pdf" in response["Content-Disposition"]


@pytest.mark.parametrize(
    ("du", "au", "sentence"),
    [
        ("", "2026-11-25", "Cette date manque"),
        ("2026-02-30", "2026-11-25", "Cette date n'existe pas"),
        ("2026-11-25", "2026-11-24", "La fin précède le début"),
        ("2026-11-01", "2026-11-26", "Cette date est à venir"),
        ("1999-01-01", "2026-11-25", "n'existait pas avant 2020"),
    ],
)
def test_a_period_that_is_none_is_told(client, dpo, du, au, sentence):
    for name in ("audit", "print"):
        answer = client.post(reverse(f"admin:documents_privacyrequest_{name}"), {"du": du, "au": au})
        assert answer.status_code == 400
        assert sentence in words(answer)
