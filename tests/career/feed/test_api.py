"""The push door: who may knock, what is answered, and that it does what a file does."""

import base64
import hashlib
import hmac
import json
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import jsonschema
import pytest
import time_machine
from django.db import connection
from django.urls import reverse

from career.models import Agent, CareerStep, FeedRun, InboxMessage, QuarantinedMessage
from iprof.web.signature import BadSignature, sign, verify
from tests.career.feed.messages import DATA, career_state, event, line, load, numen
from tests.client import PortalClient

SECRET = "whsec_" + base64.b64encode(b"a secret of thirty-two bytes ...").decode()
OLD = base64.b64encode(b"the secret of last year, unprefixed").decode()
URL = "/api/siae/events"
pytestmark = [pytest.mark.django_db, pytest.mark.req("S02", "S06")]


@pytest.fixture(autouse=True)
def _secrets(settings):
    settings.SIAE_WEBHOOK_SECRETS = [SECRET, OLD]


def post(body, *, secret=SECRET, name=None, at=None, content_type="application/json", **headers):
    body = body if isinstance(body, bytes) else b"".join(map(line, body))
    name, at = name or f"msg_{uuid.uuid4().hex}", int(time.time()) if at is None else at
    given = {
        "webhook-id": name,
        "webhook-timestamp": str(at),
        "webhook-signature": sign(name=name, timestamp=at, body=body, secret=secret),
    } | headers
    given = {key: value for key, value in given.items() if value is not None}
    return PortalClient(enforce_csrf_checks=True).post(URL, body, content_type=content_type, headers=given)


def refused(response, status, code):
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    answer = response.json()
    assert (answer["status"], answer["code"], answer["type"]) == (status, code, f"urn:iprof:siae:{code}")
    assert answer["detail"].endswith(".")
    return answer


def test_the_signature_is_the_one_of_the_standard():
    body, key = b'{"a": 1}', base64.b64decode(SECRET.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, b"msg_1.1700000000." + body, hashlib.sha256).digest()).decode()

    assert sign(name="msg_1", timestamp=1_700_000_000, body=body, secret=SECRET) == f"v1,{expected}"


def test_one_event_or_many_lines_are_applied_at_once():
    answer = post([event("agent.upserted")])
    assert answer.status_code == 202
    message = event("agent.upserted")
    assert answer.json() | {"run": ""} == {
        "run": "", "received": 1, "accepted": 1, "already_received": 0, "rejected": 0,
        "verdicts": [{"line": 1, "id": message["id"], "status": "accepted"}],
    }  # fmt: skip

    facts = [event(kind, n) for n, kind in enumerate(DATA, 2) if kind not in ("agent.upserted", "left.cancelled")]
    answer = post(facts, content_type="application/x-ndjson").json()
    assert answer["accepted"] == len(facts)
    assert CareerStep.objects.get().agent == Agent.objects.get()


def test_one_event_may_be_laid_out_on_several_lines():
    answer = post(json.dumps(event("agent.upserted"), indent=2).encode())
    assert answer.json()["accepted"] == 1


def test_both_doors_end_in_the_same_state():
    messages = [event(kind, n) for n, kind in enumerate(DATA, 1)]
    post(messages)
    pushed = career_state()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL iprof.retention = 'on'")
        for table in (*(t for t in pushed if t != "career_agent"), "career_agent"):
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608
    load(*messages)

    assert career_state() == pushed


def test_a_push_goes_on_where_a_file_stopped():
    load(event("agent.upserted"), event("career.step", 2))
    answer = post([event("career.step", 2), event("career.step", 3, ref="ECH-2", echelon=7)]).json()

    assert [v["status"] for v in answer["verdicts"]] == ["already_received", "accepted"]
    assert sorted(CareerStep.objects.values_list("echelon", flat=True)) == [6, 7]


def test_each_wrong_line_gets_its_own_problem_and_the_others_go_in():
    bad = event("career.step", 3, corps="archivistes")
    answer = post([event("agent.upserted"), bad, event("career.step", 2)])

    verdicts = answer.json()["verdicts"]
    assert [v["status"] for v in verdicts] == ["accepted", "rejected", "accepted"]
    error = verdicts[1]["error"]
    assert (error["type"], error["code"], error["field"]) == ("urn:iprof:siae:corps_inconnu", "corps_inconnu", "corps")
    assert "archivistes" in error["detail"]
    assert QuarantinedMessage.objects.get().run == FeedRun.objects.get()


@pytest.mark.parametrize("header", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_a_call_without_signature_is_refused(header):
    refused(post([event("agent.upserted")], **{header: None}), 401, "signature_absente")
    assert not FeedRun.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": "v1,é"},
        {"webhook-signature": "n'importe quoi"},
        {"webhook-id": "autre"},
        {"webhook-id": "a.b"},
        {"webhook-id": "x" * 65},
        {"webhook-timestamp": "demain"},
        {"webhook-timestamp": "9" * 30},
    ],
)
def test_a_wrongly_signed_call_is_refused(headers):
    refused(post([event("agent.upserted")], **headers), 401, "signature_fausse")
    assert not FeedRun.objects.exists()


def test_a_signature_of_another_body_or_secret_is_refused():
    good = sign(name="m1", timestamp=int(time.time()), body=b"{}", secret=SECRET)
    refused(post([event("agent.upserted")], name="m1", **{"webhook-signature": good}), 401, "signature_fausse")
    other = base64.b64encode(b"somebody else").decode()
    refused(post([event("agent.upserted")], secret=other), 401, "signature_fausse")


def test_a_secret_can_be_changed_without_refusing_anything():
    assert post([event("agent.upserted")], secret=OLD).status_code == 202
    body, now = line(event("career.step", 2)), int(time.time())
    both = " ".join(sign(name="m2", timestamp=now, body=body, secret=s) for s in (base64.b64encode(b"n").decode(), OLD))
    assert post(body, name="m2", at=now, **{"webhook-signature": both}).status_code == 202


@pytest.mark.parametrize("drift", [-301, 301, -(10**6)])
def test_a_stale_or_early_call_is_refused(drift):
    with time_machine.travel(1_700_000_000, tick=False):
        refused(post([event("agent.upserted")], at=1_700_000_000 + drift), 401, "horodatage_perime")
    assert not FeedRun.objects.exists()


@pytest.mark.parametrize("drift", [-300, 0, 300])
def test_five_minutes_of_drift_are_borne(drift):
    signature = sign(name="m", timestamp=1_000_000 + drift, body=b"{}", secret=SECRET)
    headers = {"webhook-id": "m", "webhook-timestamp": str(1_000_000 + drift), "webhook-signature": signature}
    assert verify(headers=headers, body=b"{}", secrets=[SECRET], now=1_000_000) == "m"
    with pytest.raises(BadSignature):
        verify(headers=headers, body=b"{} ", secrets=[SECRET], now=1_000_000)


def test_a_captured_call_sent_again_is_refused_and_writes_nothing():
    assert post([event("agent.upserted")], name="msg_1").status_code == 202
    before = career_state()
    refused(post([event("agent.upserted")], name="msg_1"), 409, "envoi_deja_recu")
    refused(post([event("agent.upserted", 2, last_name="Autre")], name="msg_1"), 409, "envoi_deja_recu")
    assert career_state() == before
    assert FeedRun.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_equal_calls_at_once_one_is_applied():
    body = [event("agent.upserted")]

    def call(_):
        try:
            return post(body, name="msg_twice").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(call, range(4))) == [202, 409, 409, 409]
    assert InboxMessage.objects.count() == 1


def test_a_body_too_large_is_refused(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    refused(post(line(event("agent.upserted")) * 10), 413, "envoi_trop_lourd")


@pytest.mark.parametrize("content_type", ["text/plain", "multipart/form-data; boundary=x", "application/xml", ""])
def test_another_content_type_is_refused(content_type):
    refused(post([event("agent.upserted")], content_type=content_type), 415, "type_contenu")


@pytest.mark.parametrize("body", [b" ", b"\n\n", b"bonjour", b"[]", b'"texte"', b"12", b"{", b"[" * 9000, b"\xff\xfe"])
def test_a_body_without_a_single_object_is_refused_and_its_id_stays_free(body):
    refused(post(body, name="msg_1"), 400, "rien_de_lisible")
    assert not QuarantinedMessage.objects.exists()
    assert post([event("agent.upserted")], name="msg_1").status_code == 202


def test_without_secret_the_door_is_closed(settings):
    settings.SIAE_WEBHOOK_SECRETS = []
    refused(post([event("agent.upserted")]), 503, "porte_fermee")


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete", "head", "options"])
def test_only_post_is_known(client, method):
    response = getattr(client, method)(URL)
    assert (response.status_code, response["Allow"]) == (405, "POST")


@pytest.mark.req("D36")
def test_no_numen_comes_back_nor_stays_in_clear(caplog):
    secret = numen(7)
    answers = [
        post([event("agent.upserted", numen=secret)]),
        post([event("agent.upserted", 2, agent="B2", numen=secret)]),
        post([event("agent.upserted", 3, numen=secret + "9"), event("career.step", 4, corps=secret)]),
        post([event("career.step", 5, agent=secret)]),
    ]
    texts = [answer.content.decode() for answer in answers] + [
        caplog.text,
        str(career_state()),
        *fields_of_quarantine(),
    ]
    assert [v["code"] for v in QuarantinedMessage.objects.order_by("pk").values("code")] == [
        "numen_autre_agent", "numen_forme", "corps_inconnu", "matricule_numen",
    ]  # fmt: skip
    assert secret not in "".join(texts)


def fields_of_quarantine():
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM career_quarantinedmessage t")
        return [row for (row,) in cursor.fetchall()]


def test_the_description_is_served_and_its_examples_are_the_contract(client):
    response = client.get(reverse("siae:openapi"))
    described = response.json()

    assert described["openapi"] == "3.1.0"
    post_ = described["paths"]["/api/siae/events"]["post"]
    assert {"202", "400", "401", "409", "413", "415"} <= set(post_["responses"])
    schemas = described["components"]["schemas"]
    validator = jsonschema.Draft202012Validator(
        {"$ref": "#/components/schemas/Event", "components": {"schemas": schemas}}
    )
    for kind in DATA:
        validator.validate(event(kind))
    assert not validator.is_valid(event("career.step", inconnu=1))
    receipt = {"$ref": "#/components/schemas/Receipt", "components": {"schemas": schemas}}
    jsonschema.validate(post([event("agent.upserted"), event("career.step", 2, corps="x")]).json(), receipt)
