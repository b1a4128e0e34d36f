"""The feed in the administration: who may, what is shown, and rejected messages dealt with without losing a word."""

import json
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from career.enums import FeedDoor, QuarantineState
from career.feed.masking import MASK
from career.models import Agent, CareerStep, FeedRun, InboxMessage, QuarantinedMessage
from iprof.web.admin import CappedPaginator
from iprof.web.crypto import seal
from security.enums import AccessKind, Role
from security.models import AccessEvent
from tests.career.feed.messages import MATRICULE, event, load, numen
from tests.client import PortalClient
from tests.factories.accounts import staff

pytestmark = [pytest.mark.django_db, pytest.mark.req("S06", "D16")]
STEP = "career.step"
QUARANTINE, RUNS, INBOX = (
    reverse(f"admin:career_{name}_changelist") for name in ("quarantinedmessage", "feedrun", "inboxmessage")
)


def detail(row) -> str:
    return reverse(f"admin:career_{row._meta.model_name}_change", args=[row.pk])


def bad_steps(number: int, start: int = 2, **changes) -> list[QuarantinedMessage]:
    wrong = {"corps": "archivistes"} | changes
    load(*(event(STEP, n, ref=f"E{n}", **wrong) for n in range(start, start + number)))
    return list(QuarantinedMessage.objects.order_by("-pk")[:number])


@pytest.fixture
def row():
    load(event("agent.upserted", numen=numen(5)))
    return bad_steps(1)[0]


@pytest.fixture
def it(client):
    client.user = staff(Role.IT)
    client.force_login(client.user)
    return client


def act(client, row, decision: str, **fields):
    return client.post(detail(row), {"decision": decision, **fields})


def mended(row, **changes) -> str:
    return json.dumps(event(STEP, 2, ref="E2", **changes), indent=2)


@pytest.mark.parametrize("role", Role)
def test_who_may_see_and_act(role, row):
    client = PortalClient()
    client.force_login(staff(role))
    allowed = role in {Role.IT, Role.SUPERADMIN}
    pages = [QUARANTINE, RUNS, INBOX, detail(row), detail(row.run), detail(InboxMessage.objects.first())]
    assert {client.get(page).status_code for page in pages} == {200 if allowed else 403}
    assert act(client, row, "rejouer").status_code == (302 if allowed else 403)
    response = client.post(QUARANTINE, {"action": "replay", "_selected_action": [row.pk]})
    assert response.status_code == (302 if allowed else 403)


def test_whoever_may_only_look_has_no_button_and_no_action(client, row):
    user = staff(Role.DPO)
    user.user_permissions.add(
        *user.user_permissions.model.objects.filter(
            codename__in=["view_quarantinedmessage"], content_type__app_label="career"
        )
    )
    client.force_login(user)
    html = client.get(detail(row)).content.decode()
    assert 'name="decision"' not in html
    assert "n° " in html
    assert "Rejouer les messages choisis" not in client.get(QUARANTINE).content.decode()
    assert act(client, row, "rejouer").status_code == 403
    assert act(client, row, "corriger", ligne="{}").status_code == 403


@pytest.mark.parametrize("model", ["quarantinedmessage", "feedrun", "inboxmessage"])
@pytest.mark.parametrize("odd", ["0", "9" * 30, "abc", "1_1", "٣", "-1", "é"])
def test_what_does_not_exist_is_404(it, model, odd):
    assert it.get(f"/gestion/career/{model}/{odd}/change/").status_code == 404
    assert it.post(f"/gestion/career/{model}/{odd}/change/").status_code in {403, 404}


def test_runs_and_accepted_messages_are_read_only(it, row):
    message = InboxMessage.objects.first()
    for page in (detail(row.run), detail(message)):
        assert it.post(page, {"decision": "rejouer"}).status_code == 403
    for model in ("quarantinedmessage", "feedrun", "inboxmessage"):
        assert it.get(reverse(f"admin:career_{model}_add")).status_code == 403
        assert it.post(reverse(f"admin:career_{model}_delete", args=[row.pk]), {"post": "yes"}).status_code in {
            302,  # no such row: back to the list
            403,
        }
    assert QuarantinedMessage.objects.count() == 1


def test_a_form_without_its_token_is_refused(row):
    client = PortalClient(enforce_csrf_checks=True)
    client.force_login(staff(Role.IT))
    assert act(client, row, "ecarter", motif="Envoyé par erreur").status_code == 403


@pytest.mark.req("D20", "D36")
def test_a_rejected_line_is_shown_masked_and_the_reading_is_traced(it):
    load(event("agent.upserted"))
    load(event("agent.upserted", 2, numen=numen(5), entered_on="1990-09-01", phone=numen(6)))
    row = QuarantinedMessage.objects.get()
    html = it.get(detail(row)).content.decode()

    assert "Durand" in html
    assert MASK in html
    assert numen(5) not in html
    assert numen(6) not in html
    trace = AccessEvent.objects.get(kind=AccessKind.FEED_READ)
    assert (trace.actor, trace.subject, trace.ip) == (it.user, Agent.objects.get().user, "127.0.0.1")
    reader = PortalClient()
    reader.force_login(trace.subject)
    assert it.user.get_full_name() in reader.get(reverse("security:profile")).content.decode()


@pytest.mark.req("D21", "D36")
def test_an_accepted_message_is_told_and_never_what_it_says(it):
    load(event("agent.upserted", numen=numen(5), address="3 rue Cachée"))
    message = InboxMessage.objects.get()
    html = it.get(detail(message)).content.decode()

    assert str(message.message_id) in html
    for said in ("Durand", "Cachée", numen(5)):
        assert said not in html
    assert not AccessEvent.objects.filter(kind=AccessKind.FEED_READ).exists()


def test_looking_writes_nothing_but_the_trace(it, row):
    for page in (QUARANTINE, RUNS, INBOX, detail(row), detail(row.run), detail(InboxMessage.objects.first())):
        with CaptureQueriesContext(connection) as queries:
            it.get(page)
        written = [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
        assert all('"security_accessevent"' in sql or '"django_session"' in sql for sql in written)


def test_replaying_one_as_it_is(it, row):
    html = it.post(detail(row), {"decision": "rejouer"}, follow=True).content.decode()
    assert "1 message(s) encore rejeté(s), corps_inconnu" in html
    load(event(STEP, 2, ref="E2"))  # corrected at the source: the same id settles it
    html = it.post(detail(row), {"decision": "rejouer"}, follow=True).content.decode()
    assert "ces messages sont déjà traités" in html
    assert 'name="decision"' not in html


def test_correcting_applies_and_says_so(it, row):
    response = it.post(detail(row), {"decision": "corriger", "ligne": mended(row)}, follow=True)

    html = response.content.decode()
    assert "Le message corrigé est appliqué." in html
    assert f"par {it.user.get_full_name()}" in html
    assert CareerStep.objects.get().corps == "certifies"


@pytest.mark.req("D36")
def test_correcting_a_field_keeps_the_masked_numen(it):
    load(event("agent.upserted", numen=numen(5), entered_on="1990-09-01"))
    row = QuarantinedMessage.objects.get()
    shown = it.get(detail(row)).context["typed"]
    assert f'"numen": "{MASK}"' in shown
    it.post(detail(row), {"decision": "corriger", "ligne": shown.replace("1990-09-01", "2017-09-01")})
    assert Agent.objects.get().numen_digest


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ('{"id": ', "cesse d&#x27;être un objet JSON lisible à la ligne 1"),
        ("\n\nrien", "à la ligne 3, colonne 1"),
        ('{"é": "<script>"}', "Le champ « é » n&#x27;est pas dans le contrat"),
        (f'{{"agent": "{MASK}"}}', "Une valeur masquée est restée"),
    ],
)
def test_what_was_typed_stays_when_it_is_refused(it, row, typed, sentence):
    response = act(it, row, "corriger", ligne=typed)

    assert response.status_code == 400
    html = response.content.decode()
    assert sentence in html
    assert response.context["typed"] == typed
    assert 'aria-invalid="true"' in html
    row.refresh_from_db()
    assert row.state == QuarantineState.OPEN


def test_a_correction_that_waits_for_its_agent_says_so(it):
    row = bad_steps(1)[0]
    html = it.post(detail(row), {"decision": "corriger", "ligne": mended(row)}, follow=True).content.decode()
    assert "Corrigé, mais pas encore appliqué. Aucun agent" in html
    assert "Remplacé par sa correction" in html


def test_a_correction_known_already_says_so(it, row):
    """Sent again by the source and corrected by hand as well: the same bytes settle the row, others are refused."""
    message = event(STEP, 2, ref="E2", corps="certifies")
    load(json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode())
    QuarantinedMessage.objects.update(state=QuarantineState.OPEN)
    other = act(it, row, "corriger", ligne=json.dumps(message | {"time": "2026-09-02T06:00:00+02:00"}))
    assert "désigne déjà un autre message" in other.content.decode()
    same = {"decision": "corriger", "ligne": json.dumps(message, ensure_ascii=False, indent=2)}
    assert "était déjà appliqué : le rejet est soldé" in it.post(detail(row), same, follow=True).content.decode()


def test_replaying_what_is_known_already_says_so(it, row):
    load(event(STEP, 2, ref="E2"))
    known = InboxMessage.objects.get(type=STEP)
    twin = bad_steps(1, start=30)[0]
    line = json.dumps(event(STEP, 2, ref="E2"), ensure_ascii=False)
    QuarantinedMessage.objects.filter(pk=twin.pk).update(
        raw_sealed=seal(line, context="quarantine"), digest=known.digest, state=QuarantineState.OPEN
    )
    html = it.post(detail(twin), {"decision": "rejouer"}, follow=True).content.decode()
    assert "1 message(s) déjà appliqué(s) auparavant" in html


def test_replaying_once_mended_says_so(it, row):
    line = json.dumps(event(STEP, 2, ref="E2"))
    QuarantinedMessage.objects.update(raw_sealed=seal(line, context="quarantine"))  # as if the law had changed
    assert "1 message(s) appliqué(s)." in it.post(detail(row), {"decision": "rejouer"}, follow=True).content.decode()


def test_dismissing_asks_why(it, row):
    short = act(it, row, "ecarter", motif="ok")
    assert short.status_code == 400
    assert 'value="ok"' in short.content.decode()
    html = it.post(detail(row), {"decision": "ecarter", "motif": "Doublon\x00 du 3"}, follow=True).content.decode()
    assert "Le message est écarté." in html
    assert "Doublon du 3" in html
    assert "Écarter ce message" not in html
    assert "Rejouer ce message" in html
    assert act(it, row, "ecarter", motif="Encore une fois").status_code == 409


def test_a_decision_nobody_knows_does_nothing(it, row):
    html = it.post(detail(row), {"decision": "brûler"}, follow=True).content.decode()
    assert "Aucune décision" in html


@pytest.mark.req("D17")
def test_nobody_deals_with_what_is_about_themselves(it, row):
    Agent.objects.update(user=it.user)
    html = it.get(detail(row)).content.decode()
    assert "sur votre propre dossier" in html
    assert 'value="ecarter"' not in html
    assert act(it, row, "ecarter", motif="Je préfère").status_code == 409
    assert act(it, row, "corriger", ligne=mended(row)).status_code == 409


def test_an_identifier_used_twice_offers_a_new_one(it):
    load(event("agent.upserted"), event(STEP, 2, ref="E2"), event(STEP, 2, ref="E3"))
    row = QuarantinedMessage.objects.get()
    page = it.get(detail(row))
    fresh = str(page.context["fresh_id"])
    assert fresh in page.content.decode()
    it.post(detail(row), {"decision": "corriger", "ligne": page.context["typed"].replace(row.message_id, fresh)})
    assert CareerStep.objects.count() == 2


def test_a_line_no_key_opens_may_only_be_dismissed(it, row):
    QuarantinedMessage.objects.update(raw_sealed=b"0" * 40)
    html = it.get(detail(row)).content.decode()
    assert "ne se déchiffre pas" in html
    assert 'name="ligne"' not in html
    assert act(it, row, "corriger", ligne="{}").status_code == 409
    assert act(it, row, "ecarter", motif="Clé perdue en 2026").status_code == 302


def test_the_actions_replay_what_is_chosen_and_what_has_its_code(it, row, monkeypatch):
    rows = bad_steps(3, start=10)
    load(b"illisible\n")
    chosen = {"action": "replay", "_selected_action": [rows[0].pk, row.pk]}
    html = it.post(QUARANTINE, chosen, follow=True).content.decode()
    assert "2 message(s) encore rejeté(s), corps_inconnu" in html
    assert FeedRun.objects.latest("pk").lines_read == 2
    alike = {"action": "replay_same_code", "_selected_action": [row.pk]}
    it.post(QUARANTINE, alike)
    assert FeedRun.objects.latest("pk").lines_read == 4
    monkeypatch.setattr("career.admin.quarantine.MAX_AT_ONCE", 3)
    html = it.post(QUARANTINE, alike, follow=True).content.decode()
    assert "Recommencez pour les 1 autres" in html
    assert FeedRun.objects.latest("pk").lines_read == 3


def found(client, page: str, **query) -> int:
    response = client.get(page, query)
    assert response.status_code == 200
    return len(response.context["cl"].result_list)


def test_rejected_messages_are_filtered_and_found(it, row):
    load(b"illisible\n", event("training.recorded", 3, agent="B99", hours="0", source="pix"))
    assert found(it, QUARANTINE) == 3
    assert found(it, QUARANTINE, code="json_illisible") == 1
    assert found(it, QUARANTINE, state__exact=QuarantineState.REPLAYED) == 0
    assert found(it, QUARANTINE, type="training.recorded") == 1
    assert found(it, QUARANTINE, source="pix") == 1
    assert found(it, QUARANTINE, source="ailleurs") == 3
    assert found(it, QUARANTINE, q=MATRICULE.lower()[:4]) == 1
    assert found(it, QUARANTINE, q=row.message_id.upper()) == 1
    assert found(it, QUARANTINE, q="' OR 1=1 --") == 0
    assert found(it, QUARANTINE, chargement=str(row.run_id)) == 1
    for odd in ("abc", "9" * 30, "٣"):
        assert found(it, QUARANTINE, chargement=odd) == 0


@pytest.mark.parametrize("query", ["p=x", "o=9", "p=99999999999999999999", "chargement=-1", "state__exact=x", "x=1"])
def test_odd_addresses_break_no_list(it, row, query):
    for page in (QUARANTINE, RUNS, INBOX):
        assert it.get(f"{page}?{query}").status_code in {200, 302}


@pytest.mark.parametrize("query", ["code=%00", "type=%00", "q=%00", "chargement=%00", "state__exact=%00", "kind=a%00"])
def test_a_nul_never_reaches_the_database(it, row, query):
    for page in (QUARANTINE, RUNS, INBOX, reverse("admin:security_user_changelist")):
        assert it.get(f"{page}?{query}").status_code == 400


def test_the_page_of_a_run_counts_its_rejections_and_leads_to_them(it):
    load(event("agent.upserted"), event(STEP, 2, corps="x"), event(STEP, 3, corps="y"), b"illisible\n")
    run = FeedRun.objects.get()
    QuarantinedMessage.objects.filter(message_id=event(STEP, 3)["id"]).update(state=QuarantineState.REPLAYED)
    page = it.get(detail(run))
    assert {row["code"]: (row["number"], row["left"]) for row in page.context["codes"]} == {
        "corps_inconnu": (2, 1),
        "json_illisible": (1, 1),
    }
    link = f"{QUARANTINE}?chargement={run.pk}&amp;code=corps_inconnu"
    assert link in page.content.decode()
    assert found(it, QUARANTINE, chargement=run.pk, code="corps_inconnu") == 2
    assert found(it, INBOX, chargement=run.pk) == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"door": FeedDoor.REPLAY, "quarantined": 2}, "restent avec le chargement qui les a reçus"),
        ({"door": FeedDoor.FILE, "quarantined": 2}, "mot pour mot"),
        ({"door": FeedDoor.API}, "Aucune ligne rejetée."),
        ({"door": FeedDoor.FILE, "state": "interrompu", "error": "OSError"}, "relancez le même fichier"),
    ],
)
def test_a_run_without_rows_of_its_own_says_where_they_are(it, fields, words):
    run = FeedRun.objects.create(**fields)
    assert words in it.get(detail(run)).content.decode()


def test_the_duration_and_the_filters_of_runs(it):
    start = timezone.now()
    for seconds, quarantined in ((2.5, 0), (200, 1)):
        run = FeedRun.objects.create(door=FeedDoor.FILE, quarantined=quarantined)
        FeedRun.objects.filter(pk=run.pk).update(
            started_at=start, finished_at=start + timezone.timedelta(seconds=seconds)
        )
    FeedRun.objects.create(door=FeedDoor.API)
    html = it.get(RUNS).content.decode()
    assert "2,5 s" in html
    assert "3 min 20 s" in html
    assert found(it, RUNS, rejets="oui") == 1
    assert found(it, RUNS, rejets="non") == 2


def test_accepted_messages_are_found_by_whole_matricule_or_identifier(it):
    load(event("agent.upserted"), event(STEP, 2), event("agent.upserted", agent="B7"))
    message = InboxMessage.objects.get(type=STEP)
    assert found(it, INBOX) == 3
    assert found(it, INBOX, q=f" {MATRICULE.lower()} ") == 2
    assert found(it, INBOX, q=str(message.message_id)) == 1
    assert found(it, INBOX, q=str(uuid.uuid4())) == 0
    assert found(it, INBOX, q="A00") == 0


def test_nothing_counts_the_whole_inbox(it, monkeypatch):
    monkeypatch.setattr(CappedPaginator, "CAP", 5)
    monkeypatch.setattr("career.admin.feed.InboxMessageAdmin.list_per_page", 2)
    load(event("agent.upserted"), *(event(STEP, n, ref=f"E{n}") for n in range(2, 12)))
    with CaptureQueriesContext(connection) as queries:
        page = it.get(INBOX)
    assert page.context["cl"].result_count == 5
    counts = [q["sql"] for q in queries if "COUNT(" in q["sql"] and "inboxmessage" in q["sql"]]
    assert counts
    assert all("LIMIT 5" in sql for sql in counts)
    assert "Les 5 messages les plus récents" in page.content.decode()
    assert found(it, INBOX, p="3") == 1
    assert "?e=1" in it.get(INBOX, {"p": "4"}).headers["Location"]


@pytest.mark.parametrize("page", [QUARANTINE, RUNS, INBOX])
def test_a_list_costs_the_same_with_one_row_and_with_three(it, page):
    load(event("agent.upserted"))
    counts = []
    for start, number in ((2, 1), (10, 3)):
        bad_steps(number, start)
        load(event("diploma.recorded", start, ref=f"D{start}"))
        with CaptureQueriesContext(connection) as queries:
            it.get(page)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


TEXT = st.text(max_size=80)
LINES = st.one_of(
    TEXT,
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    ).map(json.dumps),
    st.dictionaries(
        st.sampled_from(["id", "source", "seq", "type", "time", "agent", "data"]), TEXT | st.integers()
    ).map(lambda changes: json.dumps(event(STEP, 2, ref="E2") | changes)),
    st.dictionaries(st.sampled_from(["ref", "corps", "echelon", "numen", "mode"]), TEXT | st.integers()).map(
        lambda changes: json.dumps(event(STEP, 2, **{"ref": "E2", "corps": "archivistes"} | changes))
    ),
    st.sampled_from(["[" * 20_000, '{"a":' * 5_000, "9" * 5_000, "NaN", '"\\ud800"', f'{{"numen": "{MASK}"}}', "\x00"]),
)


@settings(max_examples=120)
@given(typed=LINES, decision=st.sampled_from(["corriger", "ecarter", "rejouer", "", "x"]))
def test_whatever_is_typed_gets_an_answer(typed, decision):
    client = PortalClient()
    client.force_login(staff(Role.IT))
    load(event("agent.upserted", numen=numen(5)))
    bad_steps(1)
    row = QuarantinedMessage.objects.latest("pk")
    response = act(client, row, decision, ligne=typed, motif=typed)

    assert response.status_code in {302, 400, 409}
    if response.status_code == 400 and decision == "corriger":
        assert response.context["typed"] == typed
    assert client.get(detail(row)).status_code == 200


@pytest.mark.parametrize("query", ["raw_sealed=x", "raw_sealed=%00", "raw_sealed__startswith=a"])
def test_a_sealed_column_is_not_filtered_on(it, query):
    assert it.get(f"/gestion/career/quarantinedmessage/?{query}").status_code in {302, 400}
