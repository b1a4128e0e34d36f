"""Mails that come back: read as servers write them, matched by Message-ID alone, told to the person, never an address logged."""

import base64
import datetime as dt
import logging
import mailbox
import time
import uuid
from email import message_from_string
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from iprof.correspondence.models import Alert
from iprof.correspondence.outbox.bounces import Outcome, note_bounce, read_report
from iprof.web.signature import sign
from tests.career.web.pages import words
from tests.client import PortalClient
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.req("S03", "S57")
URL = "/api/courriels/retours"
SECRET = "whsec_" + base64.b64encode(b"a secret of thirty-two bytes ...").decode()

POSTFIX = """\
Return-Path: <>
Date: Tue, 24 Nov 2026 10:00:03 +0100 (CET)
From: MAILER-DAEMON@relais.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: ne-pas-repondre@ac-reims.example
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
	boundary="4XyZ.1/relais.example"
Message-Id: <20261124090003.4XyZ@relais.example>

This is a MIME-encapsulated message.

--4XyZ.1/relais.example
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

<absent@ac-reims.example>: host mx.example said: 550 5.1.1 User unknown

--4XyZ.1/relais.example
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; relais.example
X-Postfix-Queue-ID: 4XyZ
Arrival-Date: Tue, 24 Nov 2026 10:00:01 +0100 (CET)

Final-Recipient: rfc822; absent@ac-reims.example
Original-Recipient: rfc822;absent@ac-reims.example
Action: {action}
Status: {status}
Remote-MTA: dns; mx.example
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--4XyZ.1/relais.example
Content-Description: Undelivered Message Headers
Content-Type: {returned}

From: I-Prof <ne-pas-repondre@ac-reims.example>
To: absent@ac-reims.example
Subject: Nouvel =?utf-8?q?=C3=A9chelon?=
Message-ID: {message_id}

--4XyZ.1/relais.example--
"""
EXCHANGE = """\
From: <postmaster@ac-reims.example>
To: <ne-pas-repondre@ac-reims.example>
Date: Tue, 24 Nov 2026 09:00:04 +0000
Content-Type: multipart/report; report-type="delivery-status"; boundary="ab12-cd34"
Content-Language: fr-FR
Message-ID: <c0ffee@EXCH01.ac-reims.example>
In-Reply-To: {message_id}
References: {message_id}
Subject: =?utf-8?B?Tm9uIHJlbWlzwqA6IE5vdXZlbCDDqWNoZWxvbg==?=
Auto-Submitted: auto-replied
MIME-Version: 1.0

--ab12-cd34
Content-Type: multipart/alternative; boundary="in-ner"

--in-ner
Content-Type: text/plain; charset="utf-8"
Content-Transfer-Encoding: base64

{words}

--in-ner--

--ab12-cd34
Content-Type: message/delivery-status

Reporting-MTA: dns;EXCH01.ac-reims.example
Received-From-MTA: dns;relais.example
Arrival-Date: Tue, 24 Nov 2026 09:00:03 +0000

Final-Recipient: rfc822;absent@ac-reims.example
Action: failed
Status: 5.2.2
Diagnostic-Code: smtp;554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException
X-Display-Name: Absent Durand

{returned}
--ab12-cd34--
"""
WHOLE = """\
--ab12-cd34
Content-Type: message/rfc822

From: I-Prof <ne-pas-repondre@ac-reims.example>
To: <absent@ac-reims.example>
Subject: Nouvel echelon
Message-ID: {message_id}
Content-Type: text/plain

Bonjour,
"""


def postfix(message_id, *, action="failed", status="5.1.1", returned="text/rfc822-headers") -> bytes:
    return POSTFIX.format(message_id=message_id, action=action, status=status, returned=returned).encode()


def exchange(message_id, *, whole=True) -> bytes:
    told = base64.b64encode("La remise a échoué. Boîte pleine.".encode()).decode()
    return EXCHANGE.format(
        message_id=message_id, words=told, returned=WHOLE.format(message_id=message_id) if whole else ""
    ).encode()


@pytest.fixture
def alert(db) -> Alert:
    now = timezone.now()
    return Alert.objects.create(
        user=UserFactory(username="absent"), kind="carriere.essai", subject="Nouvel échelon", body="Lisez.",
        next_try_at=now, sent_at=now,
    )  # fmt: skip


def mail_id(alert) -> str:
    return f"<{alert.message_id}@{settings.ACADEMIC_MAIL_DOMAIN}>"


CORPUS = {
    "postfix": lambda name: postfix(name),
    "postfix, whole message": lambda name: postfix(name, returned="message/rfc822"),
    "postfix, comment after the action": lambda name: postfix(name, action="Failed (mailbox disabled)"),
    "postfix, line ends of the Internet": lambda name: postfix(name).replace(b"\n", b"\r\n"),
    "postfix, expired": lambda name: postfix(name, status="4.4.7"),
    "exchange": exchange,
    "exchange, nothing returned": lambda name: exchange(name, whole=False),
    "letters of another case": lambda name: postfix(name.upper()),
}


@pytest.mark.parametrize("made", CORPUS.values(), ids=CORPUS.keys())
def test_a_report_marks_its_alert_once(alert, made):
    raw = made(mail_id(alert))
    assert note_bounce(raw) == Outcome.NOTED
    alert.refresh_from_db()
    first = alert.bounced_at
    assert first
    assert alert.last_error in {"Revenue 5.1.1", "Revenue 5.2.2", "Revenue 4.4.7"}
    assert note_bounce(raw) == Outcome.ALREADY
    alert.refresh_from_db()
    assert alert.bounced_at == first


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("raw", "outcome"),
    [
        (postfix("<x@y>", action="delayed", status="4.4.1"), Outcome.DELAYED),
        (postfix("<x@y>", action="delivered", status="2.0.0"), Outcome.DELAYED),
        (postfix(f"<{uuid.UUID(int=7)}@ac-reims.example>"), Outcome.UNKNOWN),
        (postfix("<pas-un-uuid@ac-reims.example>"), Outcome.UNKNOWN),
        (postfix(""), Outcome.UNKNOWN),
        (b"", Outcome.NO_REPORT),
        (b"Subject: Absence\n\nJe suis absent jusqu'au 30.", Outcome.NO_REPORT),
        (postfix("<x@y>").replace(b"report-type=delivery-status", b"report-type=disposition-notification"), Outcome.NO_REPORT),
        (postfix("<x@y>").replace(b"message/delivery-status", b"text/plain"), Outcome.NO_REPORT),
        (postfix("<x@y>").replace(b"Action:", b"X-Action:"), Outcome.NO_REPORT),
    ],
)  # fmt: skip
def test_what_is_no_final_failure_of_ours_marks_nothing(raw, outcome):
    assert note_bounce(raw) == outcome


@pytest.mark.req("K3")
def test_the_domain_counts(alert):
    assert note_bounce(postfix(f"<{alert.message_id}@ailleurs.example>")) == Outcome.UNKNOWN
    alert.refresh_from_db()
    assert alert.bounced_at is None


@given(st.data())
def test_a_broken_report_never_breaks_the_reader(data):
    raw = data.draw(st.sampled_from([postfix("<a@b>"), exchange("<a@b>")]))
    start = data.draw(st.integers(0, len(raw)))
    end = data.draw(st.integers(start, len(raw)))
    read_report(raw[:start] + data.draw(st.binary(max_size=40)) + raw[end:])


def test_nothing_of_the_person_is_logged(alert, caplog):
    with caplog.at_level(logging.DEBUG):
        note_bounce(exchange(mail_id(alert)))
    assert "absent" not in caplog.text.lower()
    alert.refresh_from_db()
    assert "absent" not in alert.last_error


def test_the_person_is_told_on_the_portal(alert, client):
    note_bounce(postfix(mail_id(alert)))
    client.force_login(alert.user)
    text = words(client.get("/alertes/"))
    assert "Un courriel n'a pas pu être remis à votre messagerie académique" in text
    assert "Non remise par courriel" in text
    client.force_login(UserFactory())
    assert "n'a pas pu être remis" not in words(client.get("/alertes/"))


def test_an_old_failure_is_no_longer_announced(alert, client, time_machine):
    note_bounce(postfix(mail_id(alert)))
    time_machine.move_to(timezone.now() + dt.timedelta(days=31))
    client.force_login(alert.user)
    assert "n'a pas pu être remis" not in words(client.get("/alertes/"))


# --- The mailbox -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [mailbox.mbox, mailbox.Maildir])
def test_a_mailbox_is_read_and_only_reports_are_removed(alert, tmp_path, kind):
    path = tmp_path / "retours"
    box = kind(path)
    for raw in (postfix(mail_id(alert)), exchange("<x@y>"), b"Subject: Absence\n\nDe retour lundi.\n"):
        box.add(message_from_string(raw.decode()))
    box.flush()
    box.close()
    for _ in range(2):
        out = StringIO()
        call_command("read_bounces", str(path), stdout=out)
        assert "1 avis d'échec d'autres messages" in out.getvalue()
    assert "1 déjà marquées" in out.getvalue()
    call_command("read_bounces", str(path), "--remove", stdout=StringIO())
    assert [message["Subject"] for message in kind(path)] == ["Absence"]
    alert.refresh_from_db()
    assert alert.bounced_at


def test_a_path_that_is_no_mailbox_is_said(tmp_path):
    with pytest.raises(CommandError, match="ni un fichier mbox ni un dossier Maildir"):
        call_command("read_bounces", str(tmp_path / "absent"))
    with pytest.raises(CommandError, match="ni un fichier mbox"):
        call_command("read_bounces", str(tmp_path))
    assert list(tmp_path.iterdir()) == []


# --- The door --------------------------------------------------------------------------------------------------------


@pytest.fixture
def _open_door(settings):
    settings.BOUNCE_WEBHOOK_SECRETS = [SECRET]


def post(body: bytes, *, secret=SECRET, at=None, content_type="message/rfc822", **headers):
    at = int(time.time()) if at is None else at
    signature = sign(name="msg_1", timestamp=at, body=body, secret=secret)
    given = {"webhook-id": "msg_1", "webhook-timestamp": str(at), "webhook-signature": signature} | headers
    return PortalClient(enforce_csrf_checks=True).post(
        URL, body, content_type=content_type, headers={key: value for key, value in given.items() if value}
    )


@pytest.mark.usefixtures("_open_door")
def test_a_signed_report_is_taken_and_taken_again(alert):
    answers = [post(exchange(mail_id(alert))) for _ in range(2)]
    assert [(answer.status_code, answer.json()) for answer in answers] == [
        (202, {"outcome": "noted"}),
        (202, {"outcome": "already"}),
    ]
    alert.refresh_from_db()
    assert alert.bounced_at


@pytest.mark.usefixtures("_open_door")
@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ({"secret": base64.b64encode(b"x" * 32).decode()}, 401, "signature_fausse"),
        ({"webhook-signature": ""}, 401, "signature_absente"),
        ({"at": int(time.time()) - 301}, 401, "horodatage_perime"),
        ({"content_type": "application/json"}, 415, "type_contenu"),
    ],
)
def test_what_cannot_be_trusted_is_refused_and_marks_nothing(alert, sent, status, code):
    response = post(postfix(mail_id(alert)), **sent)
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert (response.json()["code"], response.json()["status"]) == (code, status)
    alert.refresh_from_db()
    assert alert.bounced_at is None


@pytest.mark.usefixtures("_open_door")
@pytest.mark.django_db
def test_a_message_too_heavy_is_refused():
    response = post(b"x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1))
    assert (response.status_code, response.json()["code"]) == (413, "envoi_trop_lourd")


@pytest.mark.django_db
def test_without_a_secret_the_door_is_shut(settings):
    settings.BOUNCE_WEBHOOK_SECRETS = []
    assert post(b"x").status_code == 503
    response = PortalClient().get(URL)
    assert (response.status_code, response["Allow"]) == (405, "POST")
