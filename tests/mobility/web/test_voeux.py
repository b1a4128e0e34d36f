"""« Choix des académies »: added, moved, taken away, refused in words; nothing written over (S51, T15, E23, E27)."""

import pytest

from mobility.forms.voeux import VoeuxForm
from mobility.models import Campaign
from mobility.services.drafts import save_voeux
from tests.career.web.pages import words
from tests.factories.career import full_career
from tests.factories.mobility import draft
from tests.mobility.web.sections import asked, close, now, send_voeux, url

pytestmark = pytest.mark.django_db


@pytest.mark.req("S51")
@pytest.mark.parametrize("typed", ["Lille", "lille", "LILLE ", "09"])
def test_a_place_is_found_however_it_is_typed(client, mine, typed):
    response = send_voeux(client, mine, "ajouter", lieu=typed)
    assert response.status_code == 302
    assert response.url == f"{url('voeux', mine)}#voeu-4"
    assert asked(mine) == ["Dijon", "Lyon", "Nice", "Lille"]


@pytest.mark.req("S51", "E23")
@pytest.mark.parametrize(
    ("act", "left"),
    [
        ("monter:2", ["Lyon", "Dijon", "Nice"]),
        ("descendre:2", ["Dijon", "Nice", "Lyon"]),
        ("retirer:1", ["Lyon", "Nice"]),
        ("ajouter:Reims", ["Dijon", "Lyon", "Nice", "Reims"]),
        ("monter:1", ["Dijon", "Lyon", "Nice"]),
        ("descendre:3", ["Dijon", "Lyon", "Nice"]),
        ("monter:9", ["Dijon", "Lyon", "Nice"]),
        ("monter:²", ["Dijon", "Lyon", "Nice"]),
        ("n'importe", ["Dijon", "Lyon", "Nice"]),
    ],
)
def test_each_button(client, mine, act, left):
    assert send_voeux(client, mine, act).status_code == 302
    assert asked(mine) == left


@pytest.mark.req("S51")
def test_the_order_of_the_page_is_the_one_saved(client, mine):
    """As the script leaves it once a vœu is dropped elsewhere."""
    assert send_voeux(client, mine, voeu=["Nice", "Dijon", "Lyon"]).status_code == 302
    assert asked(mine) == ["Nice", "Dijon", "Lyon"]


@pytest.mark.parametrize(
    ("lieu", "sentence"),
    [
        ("", "Rien n'est choisi"),
        ("Atlantide", "n'est le nom d'aucune académie"),
        ("Dijon", "est déjà votre vœu 1"),
        ("Nouvelle-Calédonie", "n'est pas dans ce mouvement"),
        ("x" * 61, "trop long"),
        ("Ni\x00ce", "caractère nul"),
    ],
)
def test_what_is_no_place_is_told_at_the_field(client, mine, lieu, sentence):
    response = send_voeux(client, mine, "ajouter", lieu=lieu)
    assert response.status_code == 400
    assert sentence in words(response)
    assert 'href="#id_lieu"' in response.content.decode()
    assert asked(mine) == ["Dijon", "Lyon", "Nice"]


def test_no_more_than_the_campaign_allows(client, mine):
    Campaign.objects.filter(pk=mine.campaign_id).update(voeux_max=3)
    response = send_voeux(client, mine, "ajouter", lieu="Lille")
    assert response.status_code == 400
    assert "3 vœux au plus" in words(response)
    assert 'value="Lille"' in response.content.decode()


@pytest.mark.req("D15")
def test_a_page_changed_by_hand(client, mine):
    response = send_voeux(client, mine, voeu=["Dijon", "<b>", "Lyon"])
    assert response.status_code == 400
    assert "n'est pas un lieu de ce mouvement" in words(response)
    assert "demandé deux fois" in words(send_voeux(client, mine, voeu=["Dijon", "Dijon"]))
    Campaign.objects.filter(pk=mine.campaign_id).update(voeux_max=2)
    assert "3 vœux sont choisis, 2 au plus" in words(send_voeux(client, mine))
    assert asked(mine) == ["Dijon", "Lyon", "Nice"]


@pytest.mark.req("T15", "E24")
def test_two_tabs_never_write_over_each_other(client, mine):
    seen = now(mine).revision
    save_voeux(request=mine, revision=seen, voeux=["Lille"])
    response = send_voeux(client, mine, "ajouter", lieu="Reims", voeu=["Dijon", "Lyon"], revision=seen)
    text = words(response)
    assert response.status_code == 409
    assert "Rien n'a été écrasé" in text
    assert "Ce que l'autre page a enregistré Lille" in text
    assert text.index("1 . Dijon") < text.index("2 . Lyon") < text.index("3 . Reims")
    assert asked(mine) == ["Lille"]
    assert send_voeux(client, mine, voeu=["Dijon", "Lyon", "Reims"]).status_code == 302  # asked knowingly


@pytest.mark.parametrize("revision", ["", "x", "-1", "9" * 20, "²"])
def test_a_page_that_does_not_say_what_it_saw_writes_nothing(client, mine, revision):
    assert send_voeux(client, mine, "retirer:1", revision=revision).status_code == 409
    assert asked(mine) == ["Dijon", "Lyon", "Nice"]


@pytest.mark.req("K2", "E24")
def test_a_closed_campaign_keeps_what_was_typed(client, mine):
    close(mine)
    response = send_voeux(client, mine, "ajouter", lieu="Reims")
    assert response.status_code == 409
    assert "La saisie de cette campagne est close" in words(response)
    assert "4 . Reims" in words(response)
    assert asked(mine) == ["Dijon", "Lyon", "Nice"]


@pytest.mark.req("D15")
@pytest.mark.parametrize("name", ["voeux", "priorites", "pieces", "recap", "request"])
def test_another_s_request_does_not_exist(client, mine, name):
    other = draft(full_career().user, mine.campaign)
    assert client.get(url(name, other)).status_code == 404
    if name != "request":
        assert client.post(url(name, other), {"revision": 2}).status_code == 404


def test_saving_leads_on(client, mine):
    assert send_voeux(client, mine, suite="1").url == url("priorites", mine)


def test_thirty_académies_and_a_hundred_and_one_départements():
    from mobility.domain.facts import Degree  # noqa: PLC0415
    from mobility.selectors.places import found_place, places  # noqa: PLC0415

    assert len(places(Degree.SECOND)) == 30
    assert len(places(Degree.FIRST)) == 101
    for typed in ("2A", "corse du sud", "Corse-du-Sud", "2A · Corse-du-Sud"):
        assert found_place(Degree.FIRST, typed) == "2A"
    assert VoeuxForm(degree=Degree.FIRST, most=6).fields["lieu"].label == "Nom ou numéro du département"
