"""Read over, confirmed once however often it is asked, receipt, taken up again (S50, S54, T15, K4, K8, E05-E07, E29)."""

import pytest
from django.urls import reverse

from documents.models import Receipt, Submission
from mobility.enums import RequestState
from mobility.models import BaremeVersion, MobilityRequest
from mobility.services.drafts import save_voeux
from tests.career.web.pages import words
from tests.factories.submissions import row_of
from tests.mobility.web.sections import close, now, send_claims, send_voeux, url

pytestmark = pytest.mark.django_db
YES = {"certifie": "on", "sans_pieces": "on"}


def confirm(client, one, **more):
    return client.post(url("recap", one), {"revision": now(one).revision, **YES, **more})


@pytest.mark.req("S54", "E29")
def test_everything_is_read_over_with_each_gap_and_where_it_is_filled(client, mine):
    response = client.get(url("recap", mine))
    text, html = words(response), response.content.decode()
    assert "« Livret de famille » : aucun document n'est choisi. Sans elle : −490,2 points" in text
    assert f'href="{url("pieces", mine)}#piece-mariage"' in html
    assert "Depuis le 27 avril 2019" in text
    assert "Total 702,2 points" in text
    assert "Barème non officiel" in text


@pytest.mark.req("S50", "S54", "K4")
def test_confirmed_once_with_a_receipt_and_a_trace(client, mine, teacher):
    book, work = (str(row_of(teacher, kind).pk) for kind in ("livret_famille", "contrat_travail"))
    client.post(
        url("pieces", mine),
        {"revision": now(mine).revision, "piece_mariage": book, "piece_enfants": book, "piece_activite": work},
    )
    seen = now(mine).revision
    response = client.post(url("recap", mine), {"revision": seen, "certifie": "on"})
    assert response.url == mine.get_absolute_url()
    again = client.post(url("recap", mine), {"revision": seen, "certifie": "on"})  # double click, back button
    assert again.url == mine.get_absolute_url()
    assert now(mine).state == RequestState.SUBMITTED
    assert (BaremeVersion.objects.count(), Receipt.objects.filter(kind="confirmation").count()) == (1, 1)
    assert Submission.objects.get().procedure == "mobilite_inter"
    text = words(client.get(mine.get_absolute_url()))
    for word in ("saisi", "Accusé de réception d'une demande de mutation", "Confirme sa demande", "702,2 points"):
        assert word in text, word
    receipt = Receipt.objects.get(kind="confirmation")
    assert receipt.code in text
    pdf = client.get(reverse("documents:receipt_pdf", args=[receipt.public_id]))
    assert pdf.content.startswith(b"%PDF")


@pytest.mark.req("S54", "E29")
@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"certifie": ""}, "Cochez cette case pour confirmer"),
        ({"sans_pieces": ""}, "Des pièces manquent : déposez-les"),
    ],
)
def test_nothing_is_sent_before_it_is_said(client, mine, given, sentence):
    response = confirm(client, mine, **given)
    assert response.status_code == 400
    assert sentence in words(response)
    assert now(mine).state == RequestState.DRAFT


@pytest.mark.req("S54")
def test_only_what_the_law_blocks_blocks(client, mine):
    save_voeux(request=mine, revision=now(mine).revision, voeux=[])
    response = client.get(url("recap", mine))
    assert "À corriger avant de confirmer Aucun vœu n'est choisi" in words(response)
    assert f'href="{url("voeux", mine)}#id_lieu"' in response.content.decode()
    assert confirm(client, mine).status_code == 400
    send_voeux(client, mine, voeu=["Nice"])
    assert "Des points en moins Le premier vœu doit être" in words(client.get(url("recap", mine)))
    assert confirm(client, mine).status_code == 302


def test_a_request_refused_as_a_whole(client, mine):
    send_claims(client, mine, strategy="simultanee", partner_kind="titulaire", partner_voeux="Lyon")
    text = words(confirm(client, mine))
    assert "suppose les mêmes vœux" in text
    assert "La confirmation sera possible dès que" in text
    assert now(mine).state == RequestState.DRAFT


@pytest.mark.req("T15", "E24")
def test_a_second_page_is_told_what_the_other_wrote(client, mine):
    seen = now(mine).revision
    save_voeux(request=mine, revision=seen, voeux=["Lille"])
    response = client.post(url("recap", mine), {"revision": seen, **YES})
    assert response.status_code == 409
    assert "Rien n'a été écrasé" in words(response)
    assert "1 . Lille" in words(response)
    assert now(mine).state == RequestState.DRAFT


@pytest.mark.req("K2")
def test_to_the_second(client, mine):
    close(mine)
    response = confirm(client, mine)
    assert response.status_code == 409
    assert "n'est pas confirmée. Rien de ce que vous aviez saisi n'est perdu" in words(response)
    assert "1 . Dijon" in words(response)


@pytest.mark.req("S56", "K4")
def test_taken_up_again_while_it_is_open(client, mine):
    confirm(client, mine)
    assert "Cette demande est confirmée : elle ne change plus sans être reprise" in words(
        client.get(url("voeux", mine))
    )
    refused = send_voeux(client, mine, "retirer:1")
    assert refused.status_code == 409
    assert "Cette demande est déjà confirmée" in words(refused)
    assert client.post(url("resume", mine)).url == url("voeux", mine)
    assert now(mine).state == RequestState.DRAFT
    assert send_voeux(client, mine, "retirer:3").status_code == 302
    assert confirm(client, mine).status_code == 302
    text = words(client.get(mine.get_absolute_url()))
    assert "Version n° 2" in text
    assert Receipt.objects.filter(kind="confirmation").count() == 2
    assert "Reprend sa demande tant que la saisie est ouverte" in text
    close(mine)
    assert client.post(url("resume", mine), follow=True).status_code == 200
    assert now(mine).state == RequestState.SUBMITTED


@pytest.mark.req("S04", "S50", "S72")
def test_home_tells_campaigns_dates_and_what_to_know(client, mine):
    text = words(client.get("/mutation/"))
    for word in ("Saisie ouverte", "brouillon", "Clôture de la saisie 1er décembre 2026", "Source : Calendrier fictif"):
        assert word in text, word
    assert "Une rectification de dernière minute, même acceptée, retarde l'examen" in text
    close(mine)
    assert "motif : Essai." in words(client.get("/mutation/"))


def test_a_campaign_not_open_begins_nothing(client, teacher, opened):
    close_it = type("One", (), {"campaign": opened})()
    close(close_it)
    response = client.post(reverse("mobility:start", args=[opened.public_id]), follow=True)
    assert "La saisie de cette campagne n'est pas ouverte" in words(response)
    assert not MobilityRequest.objects.exists()


def test_the_simulation_is_never_sent(client, teacher):
    first = client.post("/mutation/mon-bareme/")
    assert client.post("/mutation/mon-bareme/").url == first.url
    one = MobilityRequest.objects.get()
    assert one.campaign is None
    assert send_voeux(client, one, "ajouter", lieu="Dijon").status_code == 302
    assert send_claims(client, one).status_code == 302
    assert "Total 702,2 points" in words(client.get("/mutation/mon-bareme/"))
    text = words(client.get(url("recap", one)))
    assert "Une simulation : rien n'est envoyé" in text
    response = confirm(client, one)
    assert response.status_code == 409
    assert "Une simulation ne s'envoie pas" in words(response)
