"""Who reads which document: role, type, owner, state, sent or not; by the policy and through the pages (norms D16, D21).

The rule is written a second time here, in one sentence each, and every combination is asked.
"""

import itertools
from dataclasses import dataclass

import pytest
from django.urls import reverse
from django.utils import timezone

from documents import custody, probe
from documents.enums import DocumentState, SubmissionState
from documents.models import Document, Submission
from documents.policies import readable
from documents.services.reading import HELD
from security.enums import Role, ScopeKind
from security.models import User
from tests.client import PortalClient
from tests.factories.accounts import AuthenticatorFactory, staff
from tests.factories.career import full_career

pytestmark = [pytest.mark.django_db, pytest.mark.req("S14", "S89", "D16", "D21")]
KINDS = ("justificatif_domicile", "piece_identite", "certificat_medical")
MEDICAL_KINDS = {"certificat_medical"}
SENT = {  # procedure, state of the sending, replaced
    "to nobody": None,
    "to the gestionnaire": ("changement_adresse", SubmissionState.SENT, False),
    "to the gestionnaire, complete": ("changement_adresse", SubmissionState.COMPLETE, False),
    "to the medical service": ("certificat_medical", SubmissionState.SENT, False),
    "to the gestionnaire, taken back": ("changement_adresse", SubmissionState.WITHDRAWN, False),
    "to the gestionnaire, replaced": ("changement_adresse", SubmissionState.INCOMPLETE, True),
}
OPEN_TO = {  # the service that may look
    "to the gestionnaire": Role.GESTIONNAIRE,
    "to the gestionnaire, complete": Role.GESTIONNAIRE,
    "to the medical service": Role.MEDICAL,
}


@dataclass(frozen=True, slots=True)
class Case:
    kind: str
    state: str
    sent: str


CASES = [Case(*one) for one in itertools.product(KINDS, DocumentState.values, SENT)]


@pytest.fixture
def owner():
    return full_career().user


@pytest.fixture
def documents(owner) -> dict[Case, Document]:
    return {case: written(owner, case) for case in CASES}


def written(owner: User, case: Case) -> Document:
    now, destroyed = timezone.now(), case.state == DocumentState.DESTROYED
    document = Document.objects.create(
        owner=owner, kind=case.kind, title="Fictif", state=case.state, pages=1, size=5, received_size=5,
        examined_at=now, destroyed_at=now if destroyed else None,
    )  # fmt: skip
    if document.state in HELD:
        custody.attach(custody.write(b"%PDF-", document=document.pk), document_id=document.pk)
    if wanted := SENT[case.sent]:
        procedure, state, replaced = wanted
        closed = now if state in (SubmissionState.COMPLETE, SubmissionState.WITHDRAWN) else None
        sending = Submission.objects.create(owner=owner, procedure=procedure, state=state, closed_at=closed)
        sending.uses.create(document=document, piece="piece", replaced_at=now if replaced else None)
    return document


def readers() -> dict[str, tuple[User, Role | None]]:
    """(account, the service it acts for towards this owner)."""
    at = {"scope_kind": ScopeKind.DEPARTEMENT}
    found = {
        "gestionnaire": (staff(Role.GESTIONNAIRE), Role.GESTIONNAIRE),
        "gestionnaire of the department": (
            staff(Role.GESTIONNAIRE, username="du-51", scope_code="51", **at),
            Role.GESTIONNAIRE,
        ),
        "gestionnaire of another": (staff(Role.GESTIONNAIRE, username="du-08", scope_code="08", **at), None),
        "gestionnaire of yesterday": (staff(Role.GESTIONNAIRE, username="ancien"), None),
        "medical service": (staff(Role.MEDICAL), Role.MEDICAL),
        "medical service of another": (staff(Role.MEDICAL, username="medical-08", scope_code="08", **at), None),
        "another teacher": (full_career().user, None),
    }
    for role in (Role.HEAD, Role.DPO, Role.IT, Role.SUPPORT, Role.SUPERADMIN):
        found[role.label] = (staff(role), None)
    found["gestionnaire of yesterday"][0].habilitations.update(
        ends_on=timezone.localdate() - timezone.timedelta(days=1)
    )
    for account, _ in found.values():
        if account.is_staff:
            AuthenticatorFactory(user=account)
    return found


def may_read(case: Case, service: Role | None) -> bool:
    """A service reads what is kept and was sent to it; what is medical, the medical service alone, whoever it was sent to."""
    if service is None or case.state != DocumentState.KEPT or case.sent not in OPEN_TO:
        return False
    return service == (Role.MEDICAL if case.kind in MEDICAL_KINDS else OPEN_TO[case.sent])


def test_the_policy_gives_each_reader_exactly_what_is_theirs(owner, documents):
    today = timezone.localdate()
    assert {row.pk for row in readable(owner, on=today)} == {document.pk for document in documents.values()}
    seen = 0
    for name, (account, service) in readers().items():
        wanted = {document.pk for case, document in documents.items() if may_read(case, service)}
        assert {row.pk for row in readable(account, on=today)} == wanted, name
        seen += len(wanted)
    assert (len(documents), seen) == (90, 2 * 2 * 2 + 3 + 2)


BY_PAGE = [
    case
    for case in CASES
    if case.state == DocumentState.KEPT
    and case.sent in ("to nobody", *OPEN_TO)
    and case.sent != "to the gestionnaire, complete"
]


def test_the_pages_give_each_reader_exactly_what_is_theirs(owner, monkeypatch):
    """A sample of the above: what is kept, sent or not."""
    monkeypatch.setattr(probe, "render", lambda *args, **kwargs: b"\x89PNG")
    monkeypatch.setattr(probe, "copied", lambda *args, **kwargs: b"%PDF-")
    documents = {case: written(owner, case) for case in BY_PAGE}
    wrong = []
    for name, (account, service) in [*readers().items(), ("owner", (owner, None))]:
        client = browser(account)
        for case, document in documents.items():
            mine = name == "owner"
            wanted = 200 if mine or may_read(case, service) else 404
            if page(client, document) != wanted:
                wrong.append(f"{name}: {case}")
            elif case.kind == "piece_identite" and files(client, document) != [wanted, 200 if mine else 404]:
                wrong.append(f"{name}: file of {case}")
    assert wrong == []


def test_the_pages_give_an_owner_what_is_held(owner, monkeypatch):
    monkeypatch.setattr(probe, "render", lambda *args, **kwargs: b"\x89PNG")
    client = browser(owner)
    for state in DocumentState.values:
        document = written(owner, Case("piece_identite", state, "to nobody"))
        assert {page(client, document), *files(client, document)} == ({200} if state in HELD else {404}), state


def browser(user: User) -> PortalClient:
    client = PortalClient(strict=False)
    client.force_login(user)
    return client


def page(client: PortalClient, document: Document) -> int:
    return client.get(reverse("documents:preview", args=[document.pk, 1])).status_code


def files(client: PortalClient, document: Document) -> list[int]:
    """Of the copy of a service, and of the original."""
    names = ("documents:staff_copy", "documents:download")
    return [client.get(reverse(name, args=[document.pk])).status_code for name in names]
