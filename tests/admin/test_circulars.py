"""Correspondences in the administration: from the form to the release and the recall, each under its right (S11, D17)."""

import datetime as dt
import re

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.urls import reverse

from iprof.correspondence.enums import CircularState
from iprof.correspondence.models import Alert, Circular
from iprof.correspondence.services.circular_drafts import save_circular
from security.enums import Role, ScopeKind
from security.models import AccessEvent
from tests.client import PortalClient
from tests.factories.accounts import staff
from tests.factories.career import full_career
from tests.factories.correspondence import clerk, draft_circular, sent_circular, simulated_circular
from tests.factories.files import pdf, upload

pytestmark = [pytest.mark.django_db, pytest.mark.req("S11", "D17", "D16")]
ADD, LIST = reverse("admin:correspondence_circular_add"), reverse("admin:correspondence_circular_changelist")
FORM = {"title": "Dépôt des dossiers", "kind": "circulaire", "body": "Avant le 12 décembre.", "everyone": "on"}


@pytest.fixture(autouse=True)
def _day():
    with time_machine.travel(dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def agent():
    return full_career()


@pytest.fixture
def author(client, agent):
    user = clerk("secretaire")
    client.force_login(user)
    return user


def page_of(circular: Circular, verb: str = "follow") -> str:
    return reverse(f"admin:correspondence_circular_{verb}", args=[circular.pk])


def step(client: PortalClient, circular: Circular, act: str, **data):
    """The answer to a button of the page as it stands."""
    html = client.get(page_of(circular)).content.decode()
    seen = re.search(r'name="vue" value="([^"]*)"', html)
    return client.post(page_of(circular), {"acte": act, "vue": seen.group(1) if seen else "", **data}, follow=True)


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())).replace("&#x27;", "'")


def test_a_circular_from_the_form_to_its_reader_and_its_recall(client, author, agent):
    response = client.post(ADD, FORM | {"pieces": upload(), "deadline": "12/12/2026"}, follow=True)
    circular = Circular.objects.get()
    assert response.redirect_chain == [(page_of(circular), 302)]
    assert "Rien n'est parti" in text_of(response)
    assert (circular.created_by, circular.files.count()) == (author, 1)
    response = step(client, circular, "simuler")
    text = text_of(response)
    assert "Simulation faite : l'audience compte 1 personne. Rien n'est parti." in text
    assert "12 décembre 2026, rappels 7 et 1 jours avant" in text
    assert "Marne" in text
    assert agent.last_name in text
    assert "À consulter sur le portail" in text
    assert not Alert.objects.exists()
    assert "diffusée à 1 personne" in text_of(step(client, circular, "diffuser"))
    assert Alert.objects.get().user == agent.user
    text = text_of(client.get(page_of(circular)))
    assert "0 envoyé, 1 en attente, 0 abandonné" in text
    assert "0 sur 1" in text
    refused = step(client, circular, "rappeler", motif="  ")
    assert refused.status_code == 400
    assert "Écrivez le motif du rappel" in text_of(refused)
    too_long = step(client, circular, "rappeler", motif="trop " * 100)
    assert too_long.status_code == 400
    assert "trop trop" in too_long.content.decode()
    assert "courriels retirés avant envoi, 1" in text_of(step(client, circular, "rappeler", motif="Date fausse.\x00"))
    assert "Motif : Date fausse." in text_of(client.get(page_of(circular)))


def test_a_result_takes_a_second_person(client, author):
    client.post(ADD, FORM | {"result": "on"})
    circular = Circular.objects.get()
    text = text_of(step(client, circular, "simuler"))
    assert "Une seconde personne doit valider" in text
    assert "ce ne peut pas être vous" in text
    assert "J'ai relu" not in text
    refused = step(client, circular, "valider")
    assert (refused.status_code, "une autre personne doit la valider" in text_of(refused)) == (409, True)
    refused = step(client, circular, "diffuser")
    assert (refused.status_code, "une seconde personne doit valider" in text_of(refused)) == (409, True)
    client.force_login(clerk("valideuse"))
    assert "J'ai relu" in text_of(client.get(page_of(circular)))
    assert "Le texte n'y est pas" in text_of(client.get(page_of(circular)))
    assert "est validée" in text_of(step(client, circular, "valider"))
    assert "diffusée à 1 personne" in text_of(step(client, circular, "diffuser"))


def test_an_audience_that_changed_is_told_with_both_numbers(client, author):
    circular = simulated_circular()
    full_career()
    refused = step(client, circular, "diffuser")
    assert refused.status_code == 409
    assert "1 personne alors, 2 maintenant (1 en plus, 0 en moins)" in text_of(refused)
    assert not Alert.objects.exists()


def test_a_page_left_open_approves_nothing_it_did_not_show(client, author):
    circular = simulated_circular(result=True, by=clerk("redactrice-2"))
    client.force_login(clerk("valideuse"))
    refused = client.post(page_of(circular), {"acte": "valider", "vue": "2026-01-01T00:00:00+00:00"})
    assert (refused.status_code, "Relisez-la" in text_of(refused)) == (409, True)


def test_a_change_brings_it_back_to_a_draft(client, author):
    circular = simulated_circular(files=[pdf("a.pdf"), pdf("b.pdf")])
    html = client.get(page_of(circular, "change")).content.decode()
    assert "a.pdf" in html
    response = client.post(
        page_of(circular, "change"), FORM | {"retirer": ["1"], "pieces": [upload("c.pdf")]}, follow=True
    )
    assert response.status_code == 200
    circular.refresh_from_db()
    assert (circular.state, circular.title, circular.recipient_count) == (CircularState.DRAFT, FORM["title"], None)
    assert [row.attachment.name for row in circular.files.all()] == ["b.pdf", "c.pdf"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"title": ""}, "Donnez un titre"),
        ({"body": ""}, "Écrivez le texte"),
        ({"body": "<p> </p><script>alert(1)</script>"}, "Il ne reste rien de ce texte"),
        ({"body": "a" * 20_001}, "Le texte dépasse 20 000 caractères (20001)"),
        ({"deadline": "23/11/2026"}, "Cette date est passée"),
        ({"deadline": "31/02/2026"}, "Cette date n'existe pas"),
        ({"everyone": ""}, "Personne n'est choisi"),
        ({"corps": ["certifies"]}, "« Tous les agents » se choisit seul"),
        ({"corps": ["inconnu"]}, "« inconnu » n'est pas dans la liste"),
        ({"everyone": "", "corps": ["agreges"]}, "Ces critères ne désignent personne de votre périmètre"),
        ({"everyone": "", "uais": "0519999Z\n0518888Y"}, "Aucun établissement n'a le code « 0518888Y »"),
        ({"everyone": "", "logins": "personne\n"}, "Aucun agent de votre périmètre n'a l'identifiant « personne »"),
        (
            {"everyone": "", "logins": " ".join(f"x{n}" for n in range(7))},
            "2 autres lignes de cette liste sont inconnues",
        ),
        ({"everyone": "", "logins": "x", "departements": ["51"]}, "Une liste de personnes se donne seule"),
        ({"pieces": [upload("note.txt", b"bonjour")]}, "« note.txt.pdf » n'est pas un PDF"),
        ({"pieces": [upload(f"{n}.pdf") for n in range(6)]}, "5 pièces au plus"),
        ({"kind": "inconnu"}, "inconnu"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(client, author, typed, sentence):
    response = client.post(ADD, FORM | {"reference": "REF-TAPEE"} | typed)
    assert response.status_code == 400
    assert sentence in text_of(response)
    html = response.content.decode()
    assert "REF-TAPEE" in html
    assert not Circular.objects.exists()


def test_ten_megabytes_of_text_are_refused_before_anything_is_read(client, author):
    response = client.post(ADD, FORM | {"body": "a" * 10_000_000})
    assert response.status_code == 413
    assert "trop lourd pour le portail. Revenez à la page précédente, raccourcissez" in text_of(response)
    assert not Circular.objects.exists()


def test_two_people_who_write_at_once_do_not_overwrite_one_another(client, author):
    circular = draft_circular()
    version = circular.edited_at.isoformat()
    assert f'value="{version}"' in client.get(page_of(circular, "change")).content.decode()
    with time_machine.travel(dt.datetime(2026, 11, 24, 9, 5, tzinfo=dt.UTC), tick=False):
        save_circular(circular=circular, by=clerk("relectrice"))
    response = client.post(page_of(circular, "change"), FORM | {"version": version, "reference": "REF-TAPEE"})
    assert response.status_code == 400
    assert "Maëlle Durand a modifié cette correspondance pendant que vous écriviez" in text_of(response)
    assert "REF-TAPEE" in response.content.decode()


def test_what_is_taken_out_of_the_text_is_said(client, author):
    body = '<p>Lisez <img src="x" onerror="vol()"></p><TABLE><tr><td>1</td></tr></TABLE>'
    response = client.post(ADD, FORM | {"body": body}, follow=True)
    assert "Mise en forme retirée du texte : img, table, td, tr." in text_of(response)
    assert "vol()" not in Circular.objects.get().html


@pytest.mark.parametrize("held", ["view", "change"])
def test_writing_is_not_releasing(client, agent, held):
    """Each step under its own permission, whatever the group holds otherwise."""
    circular = simulated_circular()
    user = staff(Role.HEAD, username="secretariat")
    user.user_permissions.set(Permission.objects.filter(codename__in={f"{verb}_circular" for verb in ("view", held)}))
    client.force_login(user)
    for act in ("valider", "diffuser", "rappeler", *(() if held == "change" else ("simuler",))):
        assert client.post(page_of(circular), {"acte": act, "vue": circular.simulation}).status_code == 403
    text = text_of(client.get(page_of(circular)))
    assert "Diffuser à" not in text
    assert ("Refaire la simulation" in text) is (held == "change")


def test_what_is_sent_has_no_form_any_more(client, author, agent):
    circular = sent_circular(agent.user)
    html = client.get(page_of(circular, "change")).content.decode()
    assert 'name="title"' not in html
    assert client.post(page_of(circular, "change"), FORM).status_code == 403
    text = text_of(client.get(page_of(circular)))
    assert "Diffuser à" not in text
    assert "Simuler" not in text


def test_a_circular_released_meanwhile_is_not_saved_over(client, author, agent, monkeypatch):
    circular = sent_circular(agent.user)
    monkeypatch.setattr(
        "iprof.correspondence.admin.circulars.CircularAdmin.has_change_permission", lambda *a, **k: True
    )
    assert client.post(page_of(circular, "change"), FORM).status_code == 403
    circular.refresh_from_db()
    assert circular.title != FORM["title"]


@pytest.mark.parametrize("act", ["", "supprimer", "diffuser\x00"])
def test_an_unknown_step_does_nothing(client, author, act):
    circular = simulated_circular()
    assert client.post(page_of(circular), {"acte": act}).status_code == 403


def test_who_has_not_acted_among_ones_agents_with_a_trace(client, author, agent):
    other = full_career(last_name="=Formule")
    circular = sent_circular(agent.user, other.user, deadline=dt.date(2026, 12, 12))
    reader = PortalClient()
    reader.force_login(agent.user)
    reader.post(f"{circular.get_absolute_url()}fait/")
    response = client.get(page_of(circular, "late"))
    lines = response.content.decode("utf-8-sig").splitlines()
    assert lines[0] == '"Agent";"Corps";"Affectation";"Lue le"'
    assert len(lines) == 2
    assert lines[1].startswith('"\'=Formule Maëlle"')
    assert lines[1].endswith('"non lue"')
    trace = AccessEvent.objects.filter(detail__act="export").get()
    assert (trace.actor, trace.detail["people"]) == (author, 1)
    elsewhere = staff(Role.GESTIONNAIRE, username="aubois", scope_kind=ScopeKind.DEPARTEMENT, scope_code="10")
    client.force_login(elsewhere)
    assert client.get(page_of(circular, "late")).status_code == 404  # a list of people, none of theirs


def test_those_who_read_are_left_out_where_nothing_is_asked(client, author, agent):
    circular = sent_circular(agent.user, full_career().user, expects_act=False)
    reader = PortalClient()
    reader.force_login(agent.user)
    reader.post(f"{circular.get_absolute_url()}lue/")
    assert len(client.get(page_of(circular, "late")).content.decode("utf-8-sig").splitlines()) == 2


def test_the_files_are_read_by_those_who_check_them(client, author):
    circular = simulated_circular(files=[pdf()])
    assert client.get(f"{page_of(circular, 'file')}?n=1").headers["Content-Type"] == "application/pdf"
    for n in ("2", "0", "x", ""):
        assert client.get(f"{page_of(circular, 'file')}?n={n}").status_code == 404


def test_letters_results_and_lists_show_to_those_concerned_only(client, agent):
    sent_circular(agent.user, title="Courrier secret", kind="courrier")
    sent_circular(agent.user, title="Liste secrète")
    sent_circular(title="Résultat secret", result=True)
    sent_circular(title="Circulaire à tous")
    elsewhere = staff(Role.GESTIONNAIRE, username="aubois", scope_kind=ScopeKind.DEPARTEMENT, scope_code="10")
    near = staff(Role.GESTIONNAIRE, username="marnaise", scope_kind=ScopeKind.DEPARTEMENT, scope_code="51")
    client.force_login(elsewhere)
    text = text_of(client.get(LIST))
    assert "Circulaire à tous" in text
    assert "secr" not in text.lower().replace("secretaire", "")
    hidden = Circular.objects.get(title="Courrier secret")
    for verb in ("follow", "change", "late", "file"):
        assert client.get(page_of(hidden, verb)).status_code == 404
    shown = client.get(page_of(Circular.objects.get(title="Circulaire à tous")))
    assert "Aucun destinataire n'est dans votre habilitation" in text_of(shown)
    client.force_login(near)
    assert text_of(client.get(LIST)).lower().count("secr") >= 3


@pytest.mark.parametrize("role", [Role.HEAD, Role.DPO, Role.IT, Role.SUPPORT])
def test_the_other_roles_have_no_hand_on_correspondences(client, agent, role):
    circular = simulated_circular()
    client.force_login(staff(role))
    for address in (LIST, ADD, page_of(circular), page_of(circular, "change"), page_of(circular, "late")):
        assert client.get(address).status_code == 403
    assert client.post(page_of(circular), {"acte": "diffuser"}).status_code == 403


def test_the_list_counts_and_searches(client, author, agent):
    sent = sent_circular(agent.user, body="L'échéancier est joint.", deadline=dt.date(2026, 12, 12))
    Alert.objects.update(abandoned_at=dt.datetime(2026, 11, 24, tzinfo=dt.UTC))
    reader = PortalClient()
    reader.force_login(agent.user)
    reader.post(f"{sent.get_absolute_url()}fait/")
    draft_circular(title="Brouillon")
    text = text_of(client.get(LIST))
    assert "1 1 1 1 abandonnés" in text
    assert "Brouillon" not in text_of(client.get(f"{LIST}?q=echeanciers")).split("Filtre")[0]
    assert client.get(f"{LIST}?q=%00").status_code == 400


@pytest.mark.parametrize("n", [1, 4])
def test_the_list_holds_its_queries(client, author, agent, django_assert_num_queries, n):
    for _ in range(n):
        sent_circular(agent.user)
    client.get(LIST)
    with django_assert_num_queries(11):
        client.get(LIST)
