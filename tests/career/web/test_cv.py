"""« Mon CV académique »: arranged by its owner, the facts of the file hidden at most, the preview and the exports."""

import datetime as dt
import io
import json
import re

import pikepdf
import pytest
import time_machine
from django.conf import settings
from jsonschema import Draft202012Validator, FormatChecker

from career.domain.cv import BY_CODE, SECTIONS
from career.models import Agent, Cv, CvEntry
from career.services.cv import move_section, show_section
from iprof.kernel.errors import DomainError
from tests.career.web.pages import titles, words
from tests.career.web.test_exports import pdf_text, structure
from tests.factories.accounts import UserFactory
from tests.factories.career import CvEntryFactory, CvFactory, DiplomaFactory, full_career

pytestmark = [pytest.mark.django_db, pytest.mark.req("S46")]
CV = "/ma-carriere/cv/"
PREVIEW, PDF, JSON = f"{CV}apercu/", f"{CV}cv-academique.pdf", f"{CV}cv-academique.json"
SCHEMA = json.loads((settings.BASE_DIR / "docs" / "contracts" / "cv.schema.json").read_text(encoding="utf-8"))


def press(client, code: str, action: str):
    return client.post(f"{CV}rubriques/", {"rubrique": code, "action": action})


def order(client) -> list[str]:
    """Titles of the sections, as the page lists them."""
    codes = re.findall(r'id="rubrique-(\w+)-title"', client.get(CV).content.decode())
    return [BY_CODE[code].title for code in codes]


def exported(client) -> dict:
    document = json.loads(client.get(JSON).content)
    Draft202012Validator(SCHEMA, format_checker=FormatChecker(["date"])).validate(document)
    return document


def test_without_any_change_the_cv_is_the_file_s(client, teacher):
    text = words(client.get(CV))
    assert "Vous ne l'avez pas encore complété" in text
    post = teacher.assignments.get().establishment
    assert titles(client.get(CV)) == [
        "Professeur certifié, classe normale, 6e échelon",
        f"{post.name}, Reims",
        "Master MEEF second degré",
        "Évaluer pour faire progresser",
    ]
    assert "Source : SIAE Reims, transmis le 2 septembre 2026." in text
    assert order(client) == [section.title for section in SECTIONS]
    assert not Cv.objects.exists(), "GET never writes"


def test_sections_move_one_place_and_stop_at_the_ends(client, teacher):
    first, second = SECTIONS[0], SECTIONS[1]
    assert press(client, second.code, "monter").headers["Location"] == f"{CV}#rubrique-{second.code}"
    assert order(client)[:2] == [second.title, first.title]
    press(client, second.code, "monter")
    assert order(client)[:2] == [second.title, first.title]
    press(client, second.code, "descendre")
    press(client, SECTIONS[-1].code, "descendre")
    assert order(client) == [section.title for section in SECTIONS]


def test_a_hidden_section_is_marked_here_and_absent_elsewhere(client, teacher):
    assert "Diplômes" in words(client.get(PREVIEW))
    press(client, "diplomes", "masquer")
    assert "Diplômes Masquée" in words(client.get(CV))
    assert "Master MEEF" in words(client.get(CV))
    for page in (client.get(PREVIEW), client.get(JSON)):
        assert "Master MEEF" not in page.content.decode()
    for address in (PDF, "/ma-carriere/ma-carriere.pdf"):
        assert "MEEF" not in pdf_text(client.get(address).content).split("CV académique")[-1].split("Annexe")[0]
    press(client, "diplomes", "montrer")
    assert "Master MEEF" in words(client.get(PREVIEW))


def test_a_fact_is_left_out_of_the_cv_and_stays_in_the_file(client, teacher):
    fact = DiplomaFactory(agent=teacher, label="Licence d'histoire", awarded_on=dt.date(2014, 7, 1))
    button = {"nature": "diplome", "ref": fact.ref, "action": "masquer"}
    for _ in range(2):  # pressed twice: the same
        assert client.post(f"{CV}elements/", button).headers["Location"] == f"{CV}#rubrique-diplomes"
    assert "Licence d'histoire" not in words(client.get(PREVIEW))
    assert "Master MEEF" in words(client.get(PREVIEW))
    assert "Masqué Licence d'histoire" in words(client.get(CV))
    assert "Licence d'histoire" in words(client.get("/ma-carriere/"))
    client.post(f"{CV}elements/", button | {"action": "montrer"})
    assert "Licence d'histoire" in words(client.get(PREVIEW))


@pytest.mark.parametrize(
    "data",
    [
        {"rubrique": "licorne", "action": "monter"},
        {"rubrique": "langues", "action": "effacer"},
        {"rubrique": "langues"},
        {},
    ],
)
def test_a_button_no_page_shows_does_nothing(client, teacher, data):
    assert client.post(f"{CV}rubriques/", data).status_code == 404
    assert not Cv.objects.exists()


def test_services_refuse_a_section_that_does_not_exist(teacher):
    for write in (
        lambda: move_section(agent=teacher, code="licorne", up=True),
        lambda: show_section(agent=teacher, code="licorne", visible=False),
    ):
        with pytest.raises(DomainError, match="cv_section_unknown"):
            write()
    assert not Cv.objects.exists()


def test_facts_out_of_the_cv_or_of_another_file_cannot_be_named(client, teacher):
    other = DiplomaFactory()
    for kind, ref in (
        ("evaluation", teacher.evaluations.get().ref),
        ("famille", teacher.family_situations.get().ref),
        ("diplome", other.ref),
        ("diplome", "inconnu"),
    ):
        assert client.post(f"{CV}elements/", {"nature": kind, "ref": ref, "action": "masquer"}).status_code == 404
    known = {"nature": "diplome", "ref": teacher.diplomas.get().ref}
    for action in ({}, {"action": "monter"}):
        assert client.post(f"{CV}elements/", known | action).status_code == 404
    assert not Cv.objects.exists()


def test_each_change_dates_the_cv_and_a_year_later_it_asks_to_be_read_again(client, teacher):
    press(client, "langues", "monter")
    assert "Mis à jour le 24 novembre 2026" in words(client.get(CV))
    assert "encore à jour" not in words(client.get(CV))
    Cv.objects.update(updated_at=dt.datetime(2025, 11, 23, 23, 30, tzinfo=dt.UTC))  # the 24th in Paris
    assert "Mis à jour le 24 novembre 2025" in words(client.get(CV))
    assert "Votre CV est-il encore à jour ?" in words(client.get(CV))
    assert client.post(f"{CV}a-jour/").status_code == 302
    assert "Mis à jour le 24 novembre 2026" in words(client.get(CV))
    assert "encore à jour" not in words(client.get(CV))


def test_a_fact_rectified_leaves_the_cv_and_comes_back_hidden_or_shown_as_before(client, teacher):
    fact = teacher.diplomas.get()
    client.post(f"{CV}elements/", {"nature": "diplome", "ref": fact.ref, "action": "masquer"})
    teacher.diplomas.update(cancelled=True)
    assert "Master MEEF" not in words(client.get(CV))
    teacher.diplomas.update(cancelled=False)
    assert "Master MEEF" not in words(client.get(PREVIEW))
    assert "Master MEEF" in words(client.get(CV))


def test_the_preview_shows_what_a_reader_sees_and_no_button(client, teacher):
    CvEntryFactory(cv__agent=teacher)
    response = client.get(PREVIEW)
    text = words(response)
    assert "Expériences hors Éducation nationale De septembre 2008 à 2012 Libraire" in text
    assert "Source : SIAE Reims, transmis le 2 septembre 2026." in text
    assert "Langues" not in text, "an empty section"
    assert teacher.matricule not in text
    assert b"<button" not in response.content.split(b'<div class="card">')[1].split(b"</main>")[0]
    for section in SECTIONS:
        press(client, section.code, "masquer")
    assert "Aucune rubrique n'est affichée." in words(client.get(PREVIEW))


def test_the_pdf_is_tagged_titled_french_and_says_what_is_shown(client, teacher):
    CvEntryFactory(cv__agent=teacher, text="Rayon jeunesse.\nAnimations <b>scolaires</b>.")
    CvEntryFactory(cv__agent=teacher, section="langues", title="Italien", level="B2", starts="", ends="")
    CvEntryFactory(cv__agent=teacher, section="presentation", title="", starts="", ends="", text="Bonjour à tous.")
    response = client.get(PDF)
    assert response.headers["Content-Disposition"] == 'attachment; filename="cv-academique-2026-11-24.pdf"'
    with pikepdf.open(io.BytesIO(response.content)) as document:
        root = document.Root
        assert str(root.Lang).startswith("fr")
        assert root.MarkInfo.Marked
        assert root.ViewerPreferences.DisplayDocTitle
        assert document.docinfo.Title == "CV académique : Maëlle Durand, 24 novembre 2026"
        kinds = structure(root.StructTreeRoot)
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
    assert kinds.count("/H1") == 1
    assert kinds.count("/H2") == 7, "the presentation too, which is no list"
    assert kinds.count("/L") == 6
    assert kinds.count("/LI") == 6
    text = pdf_text(response.content)
    for said in ("Mis à jour par son auteur le 3 septembre 2026", "Bonjour à tous.", "Libraire", "Animations <b>scolaires</b>.",
                 "Italien (B2, indépendant)", "Master MEEF second degré", "transmis le 2 septembre 2026"):  # fmt: skip
        assert said in text, said
    assert teacher.matricule not in text


def test_the_json_is_what_its_schema_says_and_holds_what_is_shown(client, teacher):
    fact = teacher.diplomas.get()
    CvEntryFactory(cv__agent=teacher)
    CvEntryFactory(cv__agent=teacher, section="langues", title="Italien", level="B2", starts="", ends="", text="")
    document = exported(client)
    by_code = {section["code"]: section for section in document["sections"]}
    assert (document["format"], document["version"], document["updated_on"]) == ("cv-academique", 1, "2026-09-03")
    assert by_code["experiences"]["entries"] == [
        {
            "title": "Libraire",
            "starts": "2008-09",
            "ends": "2012",
            "level": None,
            "text": "Librairie du Chat-Bleu, Reims.",
        }
    ]
    assert by_code["langues"]["entries"][0]["level"] == "B2"
    assert by_code["diplomes"]["entries"] == [
        {
            "title": "Master MEEF second degré",
            "starts": "2016-07-01",
            "ends": None,
            "details": ["Université de Champagne", "Niveau 7"],
            "source": {"label": "SIAE Reims", "kind": "diplome", "ref": fact.ref, "recorded_on": "2026-09-02"},
        }
    ]
    assert "presentation" not in by_code
    press(client, "diplomes", "masquer")
    press(client, "langues", "monter")
    assert [section["code"] for section in exported(client)["sections"]] == [
        "parcours", "postes", "formations", "langues", "experiences",
    ]  # fmt: skip


@pytest.mark.parametrize("number", [1, 12])
def test_the_query_count_does_not_grow(client, teacher, number, django_assert_num_queries):
    cv = CvFactory(agent=teacher)
    for n in range(number):
        CvEntryFactory(cv=cv, position=n)
        cv.hidden_facts.create(kind="diplome", ref=DiplomaFactory(agent=teacher).ref)
    with django_assert_num_queries(16):
        client.get(CV)


def test_each_has_their_own_cv(client, teacher):
    CvEntryFactory(cv__agent=teacher)
    other = full_career()
    client.force_login(other.user)
    assert "Libraire" not in words(client.get(CV))
    press(client, "langues", "monter")
    assert Cv.objects.get(agent=teacher).sections.count() == 0
    client.force_login(UserFactory(username="sansdossier"))
    assert client.get(CV).status_code == press(client, "langues", "monter").status_code == 404


def test_the_cv_goes_with_its_agent(teacher):
    cv = CvFactory(agent=teacher)
    CvEntryFactory(cv=cv)
    cv.hidden_facts.create(kind="diplome", ref="X")
    Agent.objects.filter(pk=teacher.pk).delete()
    assert not Cv.objects.exists()
    assert not CvEntry.objects.exists()


def test_the_reminder_follows_the_clock_of_paris(client, teacher):
    CvFactory(agent=teacher, updated_at=dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC))
    with time_machine.travel(dt.datetime(2027, 11, 23, 22, 30, tzinfo=dt.UTC), tick=False):
        client.force_login(teacher.user)
        assert "encore à jour" not in words(client.get(CV))
    with time_machine.travel(dt.datetime(2027, 11, 23, 23, 30, tzinfo=dt.UTC), tick=False):
        client.force_login(teacher.user)
        assert "encore à jour" in words(client.get(CV))
