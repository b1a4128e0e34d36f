"""The audit of a password: four criteria, verdicts kept without the password (S27, S32-S37, T1, T4)."""

import datetime as dt

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from iprof.correspondence.models import Alert
from security import tasks
from security.domain.audit import Verdict, combined_node, judge, renewal_node, renewal_verdict
from security.enums import AccessKind, Role, TriedWith
from security.journal import record
from security.models import AccessEvent, PasswordAudit, User
from security.services import change_password
from security.services_audit import expire_privileged_passwords
from security.services_second_step import refuse_step
from security.trust import browser_name
from tests.client import PortalClient
from tests.factories.accounts import PASSWORD, UserFactory, staff
from tests.factories.career import AgentFactory
from tests.security.test_account import MORNING, NEW, sign_in

PROFILE = reverse("security:profile")
COACHED = "LesMathsÀ08hSontFascinantes!"


@pytest.fixture
def user(db) -> User:
    return UserFactory(username="mvaldoie", first_name="Maud", last_name="Valdoie")


@pytest.mark.req("S33", "S34", "S35", "T1")
@pytest.mark.parametrize(
    ("password", "length", "diversity", "personal"),
    [
        ("Mouton-Bleu7", Verdict.IMPROVE, Verdict.MET, Verdict.MET),
        ("Mouton-Bleu78", Verdict.MET, Verdict.MET, Verdict.MET),
        ("moutonbleu78gris", Verdict.MET, Verdict.IMPROVE, Verdict.MET),
        ("un deux trois quatre cinq six sept", Verdict.MET, Verdict.PHRASE, Verdict.MET),
        ("un un un un un un un un un", Verdict.MET, Verdict.IMPROVE, Verdict.MET),
        ("Valdoie-Mouton-78", Verdict.MET, Verdict.MET, Verdict.IMPROVE),
        ("Mouton-12/05/84", Verdict.MET, Verdict.MET, Verdict.IMPROVE),
        ("Mouton-1984-Bleu", Verdict.MET, Verdict.MET, Verdict.IMPROVE),
        ("Mouton-71984-Bleu", Verdict.MET, Verdict.MET, Verdict.MET),
        ("", Verdict.IMPROVE, Verdict.IMPROVE, Verdict.MET),
    ],
)
def test_the_three_criteria_at_their_edges(password, length, diversity, personal):
    found = judge(password, words=["Valdoie"])
    assert (found.length, found.diversity, found.personal) == (length, diversity, personal)


@pytest.mark.req("S36", "T4")
@pytest.mark.parametrize(
    ("on", "verdict"), [(dt.date(2026, 2, 27), Verdict.MET), (dt.date(2026, 2, 28), Verdict.IMPROVE)]
)
def test_twelve_months_are_counted_date_to_date(on, verdict):
    assert renewal_verdict(dt.date(2025, 2, 28), on=on) is verdict
    assert renewal_node(dt.date(2025, 2, 28)).value == dt.date(2026, 2, 28)
    assert renewal_verdict(None, on=on) is Verdict.UNKNOWN
    assert renewal_node(None).value is None


@pytest.mark.req("S37")
@given(st.lists(st.sampled_from(Verdict), min_size=4, max_size=4))
def test_the_four_indicators_are_combined(verdicts):
    node = combined_node(dict(zip("abcd", verdicts, strict=True)))
    assert node.value == (None if Verdict.UNKNOWN in verdicts else 4 - verdicts.count(Verdict.IMPROVE))


@given(st.text(max_size=60))
def test_any_text_is_judged_and_any_browser_named(text):
    assert Verdict.UNKNOWN not in (judge(text, words=[]).length, judge(text, words=[text]).personal)
    assert 0 < len(browser_name(text)) <= 60


@pytest.mark.req("S32", "S33", "S34", "S35")
def test_the_verdicts_are_kept_without_the_password(user):
    change_password(user=user, password=NEW)
    audit = PasswordAudit.objects.get(user=user)
    assert {audit.length, audit.diversity, audit.personal} == {Verdict.MET}
    assert audit.judged_at == User.objects.get().password_changed_at
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(a)::text FROM security_passwordaudit a")
        stored = cursor.fetchone()[0]
    assert not [word for word in NEW.split("-") if len(word) > 2 and word in stored]
    assert f'"{len(NEW)}"' not in stored


def test_a_verdict_that_does_not_exist_is_refused_by_the_database(user):
    with pytest.raises(IntegrityError), transaction.atomic():
        PasswordAudit.objects.create(user=user, length="beau")


@pytest.mark.req("S37")
def test_the_audit_table_has_its_columns_and_says_each_verdict_in_words(client, user):
    change_password(user=user, password="Mouton-Bleu7")
    sign_in(client, user, "Mouton-Bleu7")
    html = client.get(PROFILE).content.decode()
    table = html[html.index("Audit du mot de passe") : html.index("</table>")]
    columns = ["Critère", "Niveau attendu", "Impact sur la sécurité", "Recommandation", "Verdict"]
    assert [table.index(f">{name}</th>") for name in columns] == sorted(table.index(f">{n}</th>") for n in columns)
    for name in ("Longueur", "Diversité", "Données personnelles", "Renouvellement"):
        assert f">{name}</th>" in table
    assert (table.count("À améliorer</span>"), table.count("Atteint</span>")) == (1, 3)


@pytest.mark.req("S32")
def test_verdicts_of_another_password_are_not_shown_for_this_one(client, user):
    change_password(user=user, password=NEW)
    User.objects.update(password_changed_at=MORNING)
    client.force_login(User.objects.get())
    html = client.get(PROFILE).content.decode()
    assert html.count("Non évalué</span>") == 3
    assert "1er septembre 2026" in html


@pytest.mark.req("S36", "T4")
def test_a_year_later_the_change_is_advised_once_and_nothing_is_locked(client, user, time_machine):
    time_machine.move_to(MORNING, tick=False)
    change_password(user=user, password=NEW)
    time_machine.shift(dt.timedelta(days=364))
    assert tasks.remind_old_passwords() == 0
    time_machine.shift(dt.timedelta(days=1))
    assert [tasks.remind_old_passwords(), tasks.remind_old_passwords()] == [1, 0]
    assert Alert.objects.filter(kind="compte.mot-de-passe-ancien", user=user).count() == 1
    assert sign_in(client, user, NEW).headers["Location"] == "/"
    assert "plus de douze mois" in client.get(PROFILE).content.decode()
    change_password(user=User.objects.get(), password="Huit-Canards-Verts-93")
    time_machine.shift(dt.timedelta(days=366))
    assert tasks.remind_old_passwords() == 1


@pytest.mark.req("S36")
def test_nobody_else_is_reminded(db, time_machine):
    time_machine.move_to(MORNING)
    UserFactory(waiting=True, username="attend")
    UserFactory(username="ferme", is_active=False, password_changed_at=MORNING - dt.timedelta(days=900))
    UserFactory(username="inconnu")
    assert tasks.remind_old_passwords() == 0


@pytest.mark.req("D05", "T4")
@pytest.mark.parametrize("role", [Role.IT, Role.SUPERADMIN, Role.GESTIONNAIRE])
def test_only_administrators_must_choose_again_after_three_years(db, client, time_machine, role):
    time_machine.move_to(MORNING, tick=False)
    user = staff(role)
    User.objects.update(password_changed_at=MORNING)
    time_machine.move_to(MORNING + dt.timedelta(days=3 * 365))
    assert expire_privileged_passwords() == 0
    time_machine.move_to(MORNING + dt.timedelta(days=3 * 365 + 1))
    is_privileged = role != Role.GESTIONNAIRE
    assert [expire_privileged_passwords(), expire_privileged_passwords()] == [int(is_privileged), 0]
    assert Alert.objects.filter(user=user).count() == AccessEvent.objects.filter(subject=user).count() == is_privileged
    sign_in(client, user)
    assert (client.get("/").status_code == 302) is is_privileged


@pytest.mark.req("S27")
@pytest.mark.parametrize("password", [COACHED, "lesmaths à 08h sont fascinantes", "!!LesMathsA-2027hSontFascinantes"])
def test_the_published_example_is_refused(user, password):
    with pytest.raises(ValidationError) as caught:
        validate_password(password, user)
    assert "published_example" in {error.code for error in caught.value.error_list}


@pytest.mark.req("S27", "S28")
def test_the_coach_stands_beside_each_choice_and_names_of_the_file_are_refused(client, db, time_machine):
    time_machine.move_to(MORNING)
    user = AgentFactory(birth_name="Lefort", commune="Sedan", user__username="tcarlier").user
    client.force_login(user)
    page = client.get(reverse("security:password_change")).content.decode()
    assert "Une phrase de passe" in page
    assert "sept mots" in page
    assert "40 % des comptes piratés" in page
    assert "source : CERT-Edu 2024" in page
    for word in ("Lefort", "Sedan", "tcarlier"):
        time_machine.shift(60)
        phrase = f"sept moutons bleus de {word} traversent lentement la colline"
        response = client.post(
            reverse("security:password_change"), {"current": PASSWORD, "password1": phrase, "password2": phrase}
        )
        assert response.status_code == 400
        assert f"contient « {word.lower()} »" in response.content.decode()


@pytest.mark.req("S32")
def test_failed_tries_say_when_from_where_and_with_what(client, user):
    attacker = PortalClient(REMOTE_ADDR="203.0.113.9")
    answers = {sign_in(attacker, login, "faux").content for login in (user, UserFactory.build(username="mvaldoiz"))}
    assert all("203.0.113.9" not in answer.decode() for answer in answers)
    sign_in(client, user)
    client.post(reverse("security:password_change"), {"current": "faux", "password1": NEW, "password2": NEW})
    client.post(reverse("account_reauthenticate"), {"password": "faux"})
    record(AccessKind.SECOND_STEP_REFUSED, actor=None, subject=user)
    for tried in (TriedWith.MAIL_CODE, TriedWith.FACTOR_CODE, TriedWith.KEY):
        refuse_step(user=user, tried=tried)
    html = client.get(PROFILE).content.decode()
    for said in ("Seconde étape", "Code par courriel", "Application ou code de secours", "Clé"):
        assert html.count(f"{said}, après le bon mot de passe") == 1
    assert html.count("Adresse IP 203.0.113.9") == 1
    assert html.count("Mot de passe ou facteur, pour confirmer une action") == 2
    node = html[html.index("Essais refusés en 30 jours") :]
    assert node[: node.index("</details>")].count(">7<")


@pytest.mark.req("S32")
def test_the_page_costs_the_same_whatever_happened(client, user):
    clerk = staff(Role.GESTIONNAIRE)
    sign_in(client, user)
    client.get(PROFILE)
    costs = []
    for number in (1, 25):
        for _ in range(number):
            record(AccessKind.FILE_READ, actor=clerk, subject=user)
            record(AccessKind.SIGN_IN_FAILED, actor=None, subject=user)
            PortalClient().force_login(user)
        with CaptureQueriesContext(connection) as queries:
            client.get(PROFILE)
        costs.append(len(queries))
    assert costs[0] == costs[1]
