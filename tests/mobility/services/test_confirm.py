"""The confirmation: all or nothing, once, closed to the second; the archive and the receipt it leaves (S50, S54, K4, K5)."""

import datetime as dt

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.utils import timezone

from documents.models import Receipt
from documents.services.deposit import Details
from documents.services.receipts import canonical_digest
from iprof.correspondence.models import Alert
from iprof.kernel.errors import DomainError
from iprof.kernel.explain import Node
from mobility.models import BaremeVersion
from mobility.services import confirm as service
from mobility.services.confirm import Refused, confirm, needed_pieces
from mobility.services.drafts import Overtaken, open_simulation, save_claims, save_pieces, save_voeux, take_up
from tests.factories.accounts import UserFactory
from tests.factories.career import full_career
from tests.factories.documents import kept_document
from tests.factories.mobility import FAMILY, campaign, confirmed, draft

pytestmark = [pytest.mark.django_db, pytest.mark.req("S50", "S54")]


@pytest.fixture
def owner():
    return full_career().user


def send(request, owner, **told):
    return confirm(request=request, revision=request.revision, by=owner, **({"accepted_missing": True} | told))


def test_everything_is_written_together(owner):
    made = confirmed(owner)
    assert made.request.state == "saisi"
    assert [(event.act, event.was, event.became, event.by_id) for event in made.request.events.all()] == [
        ("confirmer", "brouillon", "saisi", owner.pk)
    ]
    assert made.version.digest == canonical_digest(made.version.facts, made.version.result, made.version.retained)
    assert made.receipt.owner == owner
    assert made.version.digest in str(made.receipt.payload)
    alert = Alert.objects.get(kind="demande.mobilite")
    assert (alert.user_id, alert.link) == (owner.pk, made.request.get_absolute_url())


@pytest.mark.req("K4", "K5")
def test_the_tree_is_read_again_as_it_was(owner):
    version = confirmed(owner).version
    stored = BaremeVersion.objects.get(pk=version.pk).result["voeux"][0]
    tree = Node.from_json(stored["node"])
    assert {line["item"] for line in stored["lines"]} >= {"rc", "enfants", "separation"}
    assert sum(child.value for child in tree.children) == tree.value
    assert all(child.sources for child in tree.children)


def test_asked_twice_it_is_sent_once(owner):
    request = draft(owner)
    first = send(request, owner)
    again = send(request, owner)
    assert (again.receipt, again.version) == (first.receipt, first.version)
    assert (Receipt.objects.filter(kind="confirmation").count(), BaremeVersion.objects.count()) == (1, 1)


def test_taken_up_and_sent_again_it_has_a_second_version_and_receipt(owner):
    made = confirmed(owner)
    again = take_up(request=made.request, by=owner)
    again = save_voeux(request=again, revision=again.revision, voeux=("Dijon",))
    second = send(again, owner)
    assert (second.version.number, second.receipt.code == made.receipt.code) == (2, False)
    assert BaremeVersion.objects.get(number=1).result["voeux"][1]["place"] == "Lyon"


@pytest.mark.req("T15")
def test_a_page_overtaken_sends_nothing(owner):
    request = draft(owner)
    save_claims(request=request, revision=request.revision, claims={"boe": True})
    with pytest.raises(Overtaken):
        send(request, owner)
    assert BaremeVersion.objects.count() == 0


def test_the_closing_second_is_out(owner):
    there = campaign()
    request = draft(owner, there)
    with pytest.raises(DomainError, match="campaign_closed"):
        send(request, owner, at=there.closes_at)
    made = send(request, owner, at=there.closes_at - dt.timedelta(microseconds=1))
    assert made.request.confirmed_at == there.closes_at - dt.timedelta(microseconds=1)


def test_a_simulation_is_never_sent(owner):
    with pytest.raises(DomainError, match="simulation_not_sent"):
        send(open_simulation(owner=owner, claims={}), owner)


@pytest.mark.parametrize(
    ("voeux", "said"),
    [
        ((), "Aucun vœu n'est choisi"),
        (("Nouvelle-Calédonie",), "ne fait pas partie"),
        (("Atlantide",), "n'est pas un lieu"),
    ],
)
def test_what_refuses_the_whole_request_is_told_and_nothing_is_sent(owner, voeux, said):
    request = draft(owner, None, voeux)
    with pytest.raises(Refused) as told:
        send(request, owner)
    assert said in str(told.value.problems)
    request.refresh_from_db()
    assert (request.state, BaremeVersion.objects.count()) == ("brouillon", 0)


def test_pieces_missing_are_told_then_awaited_when_the_agent_accepts(owner):
    request = draft(owner)
    with pytest.raises(Refused) as told:
        send(request, owner, accepted_missing=False)
    assert "il manque" in str(told.value.problems["pieces"])
    made = send(request, owner)
    assert "à transmettre avant la date des pièces" in str(made.receipt.payload)


def test_the_documents_chosen_leave_with_the_request(owner):
    paper = kept_document(owner, Details("livret_famille", "LivretFamille", dt.date(2024, 1, 1)))
    request = draft(owner)
    request = save_pieces(request=request, revision=request.revision, chosen={"mariage": [paper.pk]})
    made = send(request, owner)
    sent = owner.submissions.get()
    assert (sent.procedure, sent.uses.get().document) == ("mobilite_inter", paper)
    assert str(made.request.public_id) in sent.subject


def test_a_crash_before_the_end_leaves_nothing(owner, monkeypatch):
    request = draft(owner)

    def fall(*args, **kwargs):
        raise RuntimeError("down")

    monkeypatch.setattr(service, "_receipt", fall)
    with pytest.raises(RuntimeError), transaction.atomic():
        send(request, owner)
    request.refresh_from_db()
    assert request.state == "brouillon"
    assert (BaremeVersion.objects.count(), Receipt.objects.count(), Alert.objects.count()) == (0, 0, 0)


@pytest.mark.req("D17")
def test_versions_are_never_changed_and_nobody_decides_on_their_own(owner):
    made = confirmed(owner)
    for statement in (
        lambda: BaremeVersion.objects.update(note="autre"),
        lambda: made.version.delete(),
        lambda: made.request.events.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            statement()
    with pytest.raises(DatabaseError), transaction.atomic():
        BaremeVersion.objects.create(
            request=made.request, number=2, cause="controle", rules_session=2026, facts={}, result={}, digest="0" * 64,
            decided_by=owner, made_at=timezone.now(),
        )  # fmt: skip
    BaremeVersion.objects.create(
        request=made.request, number=2, cause="controle", rules_session=2026, facts={}, result={}, digest="0" * 64,
        decided_by=UserFactory(), made_at=timezone.now(),
    )  # fmt: skip


def test_a_session_without_text_says_so_on_the_receipt(owner):
    with time_machine.travel(dt.datetime(2026, 11, 25, 9, tzinfo=dt.UTC)):
        made = confirmed(owner, campaign(session=2027), **{"voeux": ("Dijon",)} | FAMILY)
    assert not made.version.official
    assert made.version.rules_session == 2026
    assert "n'est pas publié" in str(made.receipt.payload)


def test_pieces_asked_are_those_of_the_procedure(owner):
    facts = service.request_facts(draft(owner), on=timezone.localdate())
    assert needed_pieces(service.bareme(facts)) == {"mariage", "enfants", "activite"}
