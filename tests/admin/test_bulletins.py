"""Bulletins and reports in the administration: two persons for a publication, no name of who reported."""

import pytest
from django.urls import reverse

from iprof.correspondence.enums import BulletinState, ReportState
from iprof.correspondence.models import Alert, Bulletin, SuspiciousReport
from security.enums import Role
from tests.factories.accounts import UserFactory, staff
from tests.factories.correspondence import BulletinFactory, LureFactory, ReportFactory, published_bulletin

pytestmark = [pytest.mark.django_db, pytest.mark.req("S23", "D16")]
LIST = "admin:correspondence_bulletin_changelist"
FORM = {
    "year": "2026", "quarter": "4", "title": "De faux messages", "body": "Ils imitent le rectorat.",
    "lures-TOTAL_FORMS": "1", "lures-INITIAL_FORMS": "0",
    "lures-0-position": "1", "lures-0-subject": "Barème", "lures-0-sender": "", "lures-0-attachment": "a.exe",
    "lures-0-clue": "Le portail ne l'annonce jamais.",
}  # fmt: skip


def page_of(bulletin: Bulletin) -> str:
    return reverse("admin:correspondence_bulletin_change", args=[bulletin.pk])


def step(client, bulletin: Bulletin, act: str, **data) -> str:
    address = reverse("admin:correspondence_bulletin_step", args=[bulletin.pk])
    response = client.post(address, {"acte": act, **data}, follow=True)
    return response.content.decode() if response.status_code == 200 else str(response.status_code)


def test_a_bulletin_from_the_form_to_everyone(client, django_capture_on_commit_callbacks):
    author, other = staff(Role.IT, username="auteur"), staff(Role.IT, username="relectrice")
    reader = UserFactory(username="lecteur")
    client.force_login(author)
    assert client.post(reverse("admin:correspondence_bulletin_add"), FORM).status_code == 302
    bulletin = Bulletin.objects.get()
    assert (bulletin.state, bulletin.edited_by, bulletin.lures.count()) == (BulletinState.DRAFT, author, 1)
    assert "une autre personne doit le relire" in client.get(page_of(bulletin)).content.decode()
    assert "une autre personne doit le relire" in step(client, bulletin, "relire")
    client.force_login(other)
    assert "Le bulletin est relu" in step(client, bulletin, "relire")
    with django_capture_on_commit_callbacks(execute=True):
        assert "Le bulletin est publié" in step(client, bulletin, "publier")
    assert Alert.objects.filter(user=reader, kind="bulletin.2026-4").count() == 1
    html = client.get(page_of(bulletin)).content.decode()
    assert 'name="title"' not in html
    assert 'name="lures-0-clue"' not in html
    assert client.post(page_of(bulletin), FORM).status_code == 403
    assert "ne peut pas être vide" in step(client, bulletin, "corriger", erratum=" \x00")
    assert "publié" in step(client, bulletin, "corriger", erratum="L'objet était faux.")
    bulletin.refresh_from_db()
    assert bulletin.erratum.endswith("L'objet était faux.")
    assert bulletin.title == "De faux messages"


def test_a_change_brings_a_bulletin_back_to_its_draft(client):
    bulletin = BulletinFactory()
    LureFactory(bulletin=bulletin)
    client.force_login(staff(Role.IT, username="relectrice"))
    step(client, bulletin, "relire")
    lure = bulletin.lures.get()
    data = FORM | {"lures-INITIAL_FORMS": "1", "lures-0-id": lure.pk, "lures-0-bulletin": bulletin.pk}
    assert client.post(page_of(bulletin), data).status_code == 302
    bulletin.refresh_from_db()
    assert (bulletin.state, bulletin.reviewed_by, bulletin.edited_by.username) == ("brouillon", None, "relectrice")
    assert "doit le relire" in client.get(page_of(bulletin)).content.decode()


def test_a_second_bulletin_of_a_quarter_is_refused_in_the_form(client):
    published_bulletin()
    client.force_login(staff(Role.IT))
    response = client.post(reverse("admin:correspondence_bulletin_add"), FORM)
    assert response.status_code == 200
    assert Bulletin.objects.count() == 1
    assert "De faux messages" in response.content.decode()


@pytest.mark.parametrize("role", [Role.GESTIONNAIRE, Role.HEAD, Role.DPO])
def test_the_other_roles_have_no_hand_on_bulletins(client, role):
    bulletin = BulletinFactory()
    client.force_login(staff(role))
    assert client.get(page_of(bulletin)).status_code == 403
    assert step(client, bulletin, "relire") == "403"
    assert client.post(reverse("admin:correspondence_suspiciousreport_groups")).status_code == 403


@pytest.mark.parametrize("act", ["", "supprimer"])
def test_an_unknown_step_does_nothing(client, act):
    client.force_login(staff(Role.IT))
    assert step(client, BulletinFactory(), act) == "403"


def test_the_list_and_the_home_page_remind_of_the_quarter(client, time_machine):
    time_machine.move_to("2026-11-24T10:00:00+01:00", tick=False)
    client.force_login(staff(Role.IT))
    assert "Aucun bulletin d&#x27;alerte n&#x27;est écrit pour le 4e trimestre 2026" in (
        client.get(reverse(LIST)).content.decode()
    )
    assert "4e trimestre 2026" in client.get("/").content.decode()
    published_bulletin()
    assert "Aucun bulletin" not in client.get(reverse(LIST)).content.decode()


def test_reports_are_dealt_with_by_campaign_without_naming_who_reported(client):
    ReportFactory(user=UserFactory(username="delatrice", first_name="Zénobie", last_name="Quatremer"))
    client.force_login(staff(Role.IT))
    groups = reverse("admin:correspondence_suspiciousreport_groups")
    one = reverse("admin:correspondence_suspiciousreport_change", args=[SuspiciousReport.objects.get().pk])
    for page in (groups, one, reverse("admin:correspondence_suspiciousreport_changelist")):
        html = client.get(page).content.decode()
        assert "Quatremer" not in html
        assert "delatrice" not in html
        assert "https://extranet.ac-reims.fr.evil" not in html
    assert "Part des utilisateurs" in client.get(groups).content.decode()
    response = client.post(groups, {"campagne": "lien evil.example", "decision": "retenir"})
    assert response.headers["Location"] == page_of(Bulletin.objects.get())
    for data, sentence in (
        ({"campagne": "lien evil.example", "decision": "retenir"}, "ont déjà été examinés"),
        ({"campagne": "\x00", "decision": "ecarter"}, "0 signalement(s)"),
        ({"decision": "autre"}, "Aucune décision"),
    ):
        assert sentence in client.post(groups, data, follow=True).content.decode()
    assert SuspiciousReport.objects.get().state == ReportState.KEPT


def test_a_bulletin_published_meanwhile_is_not_saved_over(client, monkeypatch):
    """Two pages open at once: the second finds the bulletin published."""
    bulletin = published_bulletin()
    client.force_login(staff(Role.IT))
    monkeypatch.setattr("iprof.correspondence.admin.bulletins.BulletinAdmin.has_change_permission", lambda *a: True)
    data = {name: value for name, value in FORM.items() if not name.startswith("lures-0")}
    assert client.post(page_of(bulletin), data | {"lures-TOTAL_FORMS": "0"}).status_code == 403
    bulletin.refresh_from_db()
    assert bulletin.state == BulletinState.PUBLISHED
