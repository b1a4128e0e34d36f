"""« Pièces justificatives »: asked by the points, answered by what is held, no reason to deposit twice (S54, S55, S70, K6)."""

import datetime as dt

import pytest

from documents.domain.procedures import procedures
from mobility.services.drafts import save_pieces
from tests.career.web.pages import words
from tests.factories.career import full_career
from tests.factories.submissions import row_of
from tests.mobility.web.sections import close, now, send_claims, url

pytestmark = pytest.mark.django_db


def send(client, one, **chosen):
    data = {"revision": now(one).revision} | {f"piece_{piece}": ids for piece, ids in chosen.items()}
    return client.post(url("pieces", one), data)


def chosen(one) -> set[tuple[str, str]]:
    return {(piece, str(document)) for piece, document in one.chosen_pieces.values_list("piece", "document")}


@pytest.mark.req("S54", "K6")
def test_each_piece_says_what_it_supports_and_what_is_lost_without_it(client, mine):
    text = words(client.get(url("pieces", mine)))
    assert "Livret de famille Manquante Elle prouve : Rapprochement de conjoints. Sans elle −490,2 points" in text
    assert (
        "Livret de famille ou acte de naissance Manquante Elle prouve : Enfants à charge. Sans elle −100 points" in text
    )
    assert "Il manque la pièce qui appuie « Enfants à charge »" in text  # piece_manquante
    assert "PACS" not in text
    assert "type=livret_famille&amp;procedure=mobilite_inter" in client.get(url("pieces", mine)).content.decode()


@pytest.mark.req("S52", "S55")
def test_what_is_held_is_proposed_and_never_deposited_again(client, mine, teacher):
    book, first, second = (row_of(teacher, kind) for kind in ("livret_famille", "contrat_travail", "bulletin_salaire"))
    page = client.get(url("pieces", mine)).content.decode()
    assert page.count(f'value="{book.pk}"') == 2  # the marriage and the children
    response = send(
        client, mine, mariage=str(book.pk), enfants=[str(book.pk)], activite=[str(first.pk), str(second.pk)]
    )
    assert response.status_code == 302
    wanted = {("mariage", book), ("enfants", book), ("activite", first), ("activite", second)}
    assert chosen(mine) == {(piece, str(row.pk)) for piece, row in wanted}
    assert "Manquante" not in words(client.get(url("pieces", mine)))
    assert "aucun document" not in words(client.get(url("recap", mine)))


@pytest.mark.req("S70")
def test_an_expired_document_stands_in_red_with_its_reason(client, mine, teacher):
    send_claims(client, mine, lien="pacs", imposition_commune="oui")
    old = row_of(teacher, "extrait_naissance_pacs", dated_on=dt.date(2026, 6, 1))
    text = words(client.get(url("pieces", mine)))
    assert f"{old} : périmé aujourd'hui" in text
    assert "a plus de 3 mois au jour du dépôt" in text  # piece_de_plus_de_3_mois
    assert send(client, mine, pacs_extrait=str(old.pk)).status_code in {302, 400}
    assert chosen(mine) == set()


def test_a_title_of_disability_asked_for_and_not_notified(client, mine):
    send_claims(client, mine, boe="on")
    assert "n'est pas notifiée" in words(client.get(url("pieces", mine)))  # rqth_non_notifiee


@pytest.mark.req("D15")
def test_another_s_document_is_none(client, mine, teacher):
    row_of(teacher, "livret_famille")
    other = row_of(full_career().user, "livret_famille")
    response = send(client, mine, mariage=str(other.pk))
    assert response.status_code == 400
    assert "n'est plus disponible" in words(response)
    assert send(client, mine, mariage="x").status_code == 400
    assert send(client, mine, inconnue=str(other.pk)).status_code == 302
    assert chosen(mine) == set()


def test_a_piece_no_longer_asked_for_stays_until_it_is_taken_away(client, mine, teacher):
    book = row_of(teacher, "livret_famille")
    send(client, mine, mariage=str(book.pk))
    send_claims(client, mine, strategy="")
    assert "Livret de famille Plus demandée" in words(client.get(url("pieces", mine)))
    assert send(client, mine, mariage="").status_code == 302
    assert chosen(mine) == set()
    assert "Aucune pièce n'est demandée" in words(client.get(url("pieces", mine)))


@pytest.mark.req("T15", "E24")
def test_two_tabs(client, mine, teacher):
    book, seen = row_of(teacher, "livret_famille"), now(mine).revision
    save_pieces(request=mine, revision=seen, chosen={"mariage": [book.pk]})
    response = client.post(url("pieces", mine), {"revision": seen, "piece_enfants": [str(book.pk)]})
    assert response.status_code == 409
    assert f"Livret de famille : {book}" in words(response)
    assert chosen(mine) == {("mariage", str(book.pk))}


def test_a_closed_campaign(client, mine, teacher):
    book = row_of(teacher, "livret_famille")
    close(mine)
    response = send(client, mine, mariage=str(book.pk))
    assert response.status_code == 409
    assert "close" in words(response)


@pytest.mark.req("S54")
def test_a_deposit_comes_back_to_the_request(client, mine):
    assert client.get("/mutation/mes-pieces/").url == url("pieces", mine)


@pytest.mark.parametrize(("asked", "code"), [("cimm", "cimm"), ("x", "mobilite_inter"), ("", "mobilite_inter")])
def test_without_a_request_a_deposit_comes_back_to_what_is_asked(client, teacher, asked, code):
    assert code in procedures()
    assert client.get("/mutation/mes-pieces/", {"procedure": asked}).url == f"/mes-documents/procedures/{code}/"
