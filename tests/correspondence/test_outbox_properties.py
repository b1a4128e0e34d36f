"""For any order of causes, tries, failures and recalls, each person receives what is theirs: no more, no less (K3)."""

from contextlib import suppress

import pytest
from django.core import mail
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Least
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from iprof.correspondence.models import Alert
from iprof.correspondence.outbox import mail as delivery
from iprof.correspondence.services.alerts import new_mailing, recall_mailing, send_alert, send_mailing
from security.models import User
from tests.correspondence.test_alerts import FragileBackend, WorkerKilled

PEOPLE = 4
BACKEND = "tests.correspondence.test_alerts.FragileBackend"


class Outbox(RuleBasedStateMachine):
    """`causes` are what must reach people: {(address, subject)}; `withdrawn` what a recall took back before it left."""

    def __init__(self) -> None:
        super().__init__()
        self.causes: set[tuple[str, str]] = set()
        self.mailings: list = []
        self.world = transaction.atomic()
        self.world.__enter__()

    @initialize()
    def people(self) -> None:
        mail.outbox.clear()
        self.users = [
            User.objects.create(username=f"agent{n}", email=f"agent{n}@ac-reims.example") for n in range(PEOPLE)
        ]

    def teardown(self) -> None:
        try:
            self.everything_arrives()
        finally:
            transaction.set_rollback(True)
            self.world.__exit__(None, None, None)

    @rule(person=st.integers(0, PEOPLE - 1), again=st.booleans())
    def one_cause(self, person: int, again: bool) -> None:
        user, number = self.users[person], Alert.objects.count()
        for _ in range(1 + again):
            send_alert(
                user=user, kind="carriere.essai", subject=f"Acte {number}", body="Texte.", cause=f"acte:{number}"
            )
        self.causes.add((user.email, f"Acte {number}"))

    @rule(chosen=st.sets(st.integers(0, PEOPLE - 1)), again=st.booleans())
    def mailing(self, chosen: set[int], again: bool) -> None:
        subject = f"Circulaire {len(self.mailings)}"
        written = new_mailing(subject=subject, text="Texte.")
        self.mailings.append(written)
        for _ in range(1 + again):
            send_mailing(
                mailing=written, users=[self.users[n].pk for n in chosen], kind="correspondance.essai", cause=subject
            )
        self.causes |= {(self.users[n].email, subject) for n in chosen}

    @precondition(lambda self: self.mailings)
    @rule(data=st.data(), again=st.booleans())
    def recall(self, data, again: bool) -> None:
        written = data.draw(st.sampled_from(self.mailings))
        for _ in range(1 + again):
            recall_mailing(mailing=written, reason="Erreur de date", notice="Ce courrier est rappelé.")
        left = {(message.to[0], message.subject) for message in mail.outbox}
        for alert in written.alerts.select_related("user"):
            key = (alert.user.email, written.subject)
            if key not in left:
                self.causes.discard(key)
            if not alert.withdrawn_at:
                self.causes.add((alert.user.email, f"Rappelé : {written.subject}"))

    @rule(
        refused=st.sets(st.integers(0, PEOPLE - 1)),
        unreachable=st.booleans(),
        killed_after=st.none() | st.integers(1, 3),
    )
    def try_to_send(self, refused: set[int], unreachable: bool, killed_after: int | None) -> None:
        FragileBackend.refuse = {self.users[n].email for n in refused}
        FragileBackend.unreachable = unreachable
        FragileBackend.killed_after = None if killed_after is None else len(mail.outbox) + killed_after
        with suppress(WorkerKilled):
            delivery.deliver_due()
        relay_is_well()

    @rule()
    def time_passes(self) -> None:
        """Leases end and waits are over; nobody tries so often that an alert is given up."""
        Alert.objects.filter(sent_at=None).update(next_try_at=timezone.now(), attempts=Least(F("attempts"), Value(1)))

    @invariant()
    def nothing_goes_astray(self) -> None:
        delivered = {(message.to[0], message.subject) for message in mail.outbox}
        told = set(Alert.objects.filter(withdrawn_at=None).values_list("user__email", "subject"))
        assert delivered <= told
        assert not Alert.objects.filter(mailing__recalled_at__isnull=False).due(timezone.now()).exists()
        ids: dict[str, tuple[str, str]] = {}
        for message in mail.outbox:
            key = (message.to[0], message.subject)
            assert ids.setdefault(message.message()["Message-ID"], key) == key, "a repeat is the same mail"

    def everything_arrives(self) -> None:
        self.time_passes()
        delivery.deliver_due()
        assert {(message.to[0], message.subject) for message in mail.outbox} == self.causes


def relay_is_well() -> None:
    FragileBackend.refuse, FragileBackend.unreachable, FragileBackend.killed_after = set(), False, None


@pytest.mark.django_db
@pytest.mark.req("S03", "S11")
def test_what_is_delivered_is_what_was_caused(settings_of_mail):
    run_state_machine_as_test(Outbox, settings=settings(max_examples=25, stateful_step_count=12, deadline=None))


@pytest.fixture
def settings_of_mail(settings, monkeypatch):
    settings.EMAIL_BACKEND = BACKEND
    monkeypatch.setattr(FragileBackend, "refuse", set())
    yield
    relay_is_well()
