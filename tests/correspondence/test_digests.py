"""Digests: each alert put off is told once, in one mail, at its hour, to its person."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

import pytest
import time_machine as clock
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from iprof.correspondence.enums import Channel, Pace
from iprof.correspondence.kinds import FAMILIES, family_of
from iprof.correspondence.models import Alert, AlertChoice, ForwardChoice
from iprof.correspondence.outbox import digests
from iprof.correspondence.outbox.digests import last_hour, tell_due
from iprof.correspondence.outbox.mail import deliver_due
from iprof.correspondence.selectors.choices import FamilyChoice, choices_of
from iprof.correspondence.services.alerts import mark_read, new_mailing, recall_mailing, send_alert, send_mailing
from iprof.correspondence.services.choices import save_choices, unsubscribe
from tests.at_once import at_once
from tests.factories.accounts import UserFactory
from tests.factories.correspondence import PushSubscriptionFactory

pytestmark = pytest.mark.req("S57")
PARIS = ZoneInfo("Europe/Paris")
TUESDAY = dt.datetime(2026, 11, 24, 12, tzinfo=PARIS)
EVENING = TUESDAY.replace(hour=18, minute=1)


def put_off(user, subject="Un", kind="echeance.rappel", **fields) -> Alert:
    if kind.startswith("echeance"):
        AlertChoice.objects.get_or_create(user=user, family="echeance", defaults={"pace": Pace.DAILY})
    return send_alert(user=user, kind=kind, subject=subject, body="Le détail reste sur le portail.", **fields)


@pytest.mark.parametrize(
    ("pace", "now", "hour"),
    [
        (Pace.DAILY, "2026-11-24T17:59:59+01:00", "2026-11-23T18:00:00+01:00"),
        (Pace.DAILY, "2026-11-24T18:00:00+01:00", "2026-11-24T18:00:00+01:00"),
        (Pace.DAILY, "2026-11-25T00:30:00+01:00", "2026-11-24T18:00:00+01:00"),
        (Pace.DAILY, "2026-10-25T12:00:00+01:00", "2026-10-24T18:00:00+02:00"),  # the night of the winter hour
        (Pace.DAILY, "2026-03-29T18:00:00+02:00", "2026-03-29T18:00:00+02:00"),
        (Pace.WEEKLY, "2026-11-23T06:59:59+01:00", "2026-11-16T07:00:00+01:00"),
        (Pace.WEEKLY, "2026-11-23T07:00:00+01:00", "2026-11-23T07:00:00+01:00"),
        (Pace.WEEKLY, "2026-11-29T23:59:59+01:00", "2026-11-23T07:00:00+01:00"),
    ],
)
def test_the_hours_are_those_of_paris(pace, now, hour):
    assert last_hour(pace, dt.datetime.fromisoformat(now)) == dt.datetime.fromisoformat(hour)


@pytest.mark.django_db
def test_one_mail_tells_the_subjects_and_leads_to_the_portal():
    user = UserFactory()
    with clock.travel(TUESDAY, tick=False):
        told = [put_off(user, subject) for subject in ("Mutations : J-7", "Disponibilité : J-1")]
        assert deliver_due() == 0
    with clock.travel(EVENING, tick=False):
        assert tell_due() == 1
        assert deliver_due() == 1
    (sent,) = mail.outbox
    assert sent.to == [user.email]
    assert sent.subject == "2 alertes vous attendent"
    assert "au 24 novembre 2026" in sent.body
    assert "- Mutations : J-7\n- Disponibilité : J-1" in sent.body
    assert "/alertes/" in sent.body
    assert "Le détail" not in sent.body
    digest = Alert.objects.get(kind="recapitulatif.jour")
    assert list(digest.told.order_by("pk")) == told


@pytest.mark.django_db
@pytest.mark.req("K3")
def test_each_person_is_told_their_own_alerts_only():
    users = [UserFactory(username=f"agent{n}") for n in range(4)]
    with clock.travel(TUESDAY, tick=False):
        for user in (*users, *reversed(users)):
            put_off(user, f"Pour {user.username}")
    with clock.travel(EVENING, tick=False):
        assert tell_due() == 4
        deliver_due()
    for digest in Alert.objects.filter(kind="recapitulatif.jour"):
        assert {alert.user for alert in digest.told.all()} == {digest.user}
        assert digest.told.count() == 2
    assert {sent.to[0]: re.findall(r"agent\d", sent.body) for sent in mail.outbox} == {
        user.email: [user.username] * 2 for user in users
    }


@pytest.mark.django_db
def test_running_again_tells_nothing_twice_and_nothing_makes_no_mail():
    user = UserFactory()
    with clock.travel(EVENING, tick=False):
        assert tell_due() == 0
    with clock.travel(TUESDAY, tick=False):
        put_off(user)
    for minutes in (0, 5, 60):
        with clock.travel(EVENING + dt.timedelta(minutes=minutes), tick=False):
            assert tell_due() == (1 if minutes == 0 else 0)
    with clock.travel(EVENING + dt.timedelta(days=1), tick=False):
        assert tell_due() == 0


@pytest.mark.django_db
def test_what_comes_after_the_hour_waits_for_the_next():
    user = UserFactory()
    with clock.travel(EVENING, tick=False):
        put_off(user)
        assert tell_due() == 0
    with clock.travel(EVENING + dt.timedelta(days=1), tick=False):
        assert tell_due() == 1


@pytest.mark.django_db
def test_an_hour_missed_is_caught_up():
    with clock.travel(TUESDAY, tick=False):
        put_off(UserFactory())
    with clock.travel(EVENING + dt.timedelta(hours=9), tick=False):
        assert tell_due() == 1


@pytest.mark.django_db
def test_what_was_read_is_not_told_and_silence_makes_no_mail():
    user = UserFactory()
    with clock.travel(TUESDAY, tick=False):
        alert = put_off(user)
        mark_read(by=user, message_id=alert.message_id)
    with clock.travel(EVENING, tick=False):
        assert tell_due() == 0
    alert.refresh_from_db()
    assert (alert.pace, alert.digest) == (Pace.NEVER, None)


@pytest.mark.django_db
def test_the_week_is_told_on_monday_to_whoever_did_not_switch_it_off():
    user, other = UserFactory(), UserFactory()
    with clock.travel(TUESDAY, tick=False):
        put_off(user, "Actualités", kind="actualite.semaine")
        put_off(other, "Actualités", kind="actualite.semaine")
        unsubscribe(user=other, family=family_of("actualite.semaine"))
    with clock.travel(EVENING + dt.timedelta(days=5), tick=False):
        assert tell_due() == 0, "Sunday"
    with clock.travel(dt.datetime(2026, 11, 30, 7, tzinfo=PARIS), tick=False):
        assert tell_due() == 1
    assert Alert.objects.get(kind="recapitulatif.semaine").user == user


@pytest.mark.django_db
def test_a_mailing_called_back_after_its_digest_is_told_to_be_so():
    user, other = UserFactory(), UserFactory()
    mailing = new_mailing(subject="Nouvelles", text="Texte.")
    with clock.travel(TUESDAY, tick=False):
        send_mailing(mailing=mailing, users=[user.pk], kind="actualite.semaine", cause="actualite:1")
    with clock.travel(TUESDAY + dt.timedelta(days=6), tick=False):
        assert tell_due() == 1
        send_mailing(mailing=mailing, users=[other.pk], kind="actualite.semaine", cause="actualite:1")
        assert recall_mailing(mailing=mailing, reason="Erreur", notice="Rappelé.") == (1, 1)
    with clock.travel(TUESDAY + dt.timedelta(days=14), tick=False):
        assert tell_due() == 0
    assert user.alerts.filter(kind="correspondance.rappel").exists()
    assert not other.alerts.filter(digest__isnull=False).exists()


@pytest.mark.django_db
def test_a_digest_rings_no_device_again_but_is_announced_elsewhere():
    user = UserFactory()
    PushSubscriptionFactory(user=user)
    EmailAddress.objects.create(user=user, email="maelle@exemple.fr", verified=True, primary=False)
    ForwardChoice.objects.create(user=user)
    with clock.travel(TUESDAY, tick=False):
        assert [copy.channel for copy in put_off(user).copies.all()] == [Channel.PUSH]
    with clock.travel(EVENING, tick=False):
        tell_due()
    assert [copy.channel for copy in Alert.objects.get(kind="recapitulatif.jour").copies.all()] == [Channel.FORWARD]


@pytest.mark.django_db
def test_a_long_list_is_cut_and_counted():
    user = UserFactory()
    with clock.travel(TUESDAY, tick=False):
        for n in range(digests.LISTED + 2):
            put_off(user, f"Alerte {n:02}")
    with clock.travel(EVENING, tick=False):
        tell_due()
    digest = Alert.objects.get(kind="recapitulatif.jour")
    assert digest.subject == "32 alertes vous attendent"
    assert digest.body.endswith("- Alerte 29\n- et 2 autres, sur le portail")


@pytest.mark.django_db
def test_closed_accounts_are_told_nothing_and_stop_nobody(monkeypatch):
    monkeypatch.setattr(digests, "PEOPLE", 2)
    users = [UserFactory() for _ in range(7)]
    with clock.travel(TUESDAY, tick=False):
        for user in users:
            put_off(user)
    for user in users[:2]:
        user.is_active = False
        user.save()
    with clock.travel(EVENING, tick=False):
        assert tell_due() == 5


@pytest.mark.django_db
def test_a_batch_costs_the_same_whatever_the_people():
    def queries(people: int, day: dt.datetime) -> int:
        users = [UserFactory() for _ in range(people)]
        with clock.travel(day.replace(hour=12, minute=0), tick=False):
            for user in users:
                put_off(user)
                put_off(user, "Deux")
        with clock.travel(day, tick=False), CaptureQueriesContext(connection) as found:
            assert tell_due() == people
        return len(found)

    assert queries(1, EVENING) == queries(12, EVENING + dt.timedelta(days=1))


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_write_each_digest_once(monkeypatch):
    monkeypatch.setattr(digests, "PEOPLE", 3)
    users = [UserFactory() for _ in range(15)]
    with clock.travel(TUESDAY, tick=False):
        for user in users:
            put_off(user)
    with clock.travel(EVENING, tick=False):
        counts = at_once(tell_due)
    assert sum(counts) == 15
    assert Alert.objects.filter(kind="recapitulatif.jour").count() == 15
    assert not Alert.objects.filter(pace=Pace.DAILY, digest__isnull=True).exists()


KINDS = ("carriere.acte", "echeance.rappel", "support.reponse", "bulletin.trimestre", "actualite.semaine")
STEPS = st.one_of(
    st.tuples(st.just("alert"), st.sampled_from(KINDS)),
    st.tuples(st.just("choose"), st.sampled_from([(f.code, pace) for f in FAMILIES if not f.mandatory for pace in f.paces])),
    st.tuples(st.just("read"), st.integers(0, 5)),
    st.tuples(st.just("hours"), st.integers(1, 100)),
    st.tuples(st.just("digest"), st.none()),
)  # fmt: skip


@pytest.mark.django_db(transaction=True)
@given(steps=st.lists(STEPS, max_size=30))
@settings(max_examples=40)
def test_whatever_the_order_each_alert_is_told_once_in_one_way(steps):
    """Alerts, changes of choice, readings, digests and days in any order: at the end each alert was mailed by itself,
    or told in one digest of its person, or read first, or of a family switched off."""
    Alert.objects.all().delete()
    AlertChoice.objects.all().delete()
    mail.outbox.clear()
    user, now, count = UserFactory(), TUESDAY, 0
    with clock.travel(now, tick=False) as hand:
        for what, value in [*steps, ("hours", 24 * 8), ("digest", None), ("digest", None)]:
            if what == "alert":
                count += 1
                send_alert(user=user, kind=value, subject=f"Alerte {count:03}", body="Texte.")
            elif what == "choose":
                code, pace = value
                held = [c if c.family.code != code else FamilyChoice(c.family, pace, c.push) for c in choices_of(user)]
                save_choices(by=user, choices=held, forward=False)
            elif what == "read":
                alert = user.alerts.order_by("pk")[value : value + 1].first()
                if alert:
                    mark_read(by=user, message_id=alert.message_id)
            elif what == "hours":
                now += dt.timedelta(hours=value)
                hand.move_to(now, tick=False)
            else:
                tell_due()
                deliver_due()
    bodies = [sent.subject + sent.body for sent in mail.outbox]
    for alert in user.alerts.exclude(kind__startswith="recapitulatif."):
        times = sum(alert.subject in body for body in bodies)
        silenced = alert.pace == Pace.NEVER
        assert times == (0 if silenced else 1), (alert.kind, alert.pace)
        assert bool(alert.sent_at) + bool(alert.digest_id) + silenced == 1
        if silenced:
            assert alert.read_at or family_of(alert.kind).optional
    user.delete()
