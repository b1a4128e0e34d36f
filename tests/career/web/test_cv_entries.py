"""The agent's own entries of the CV: add, change, delete, move; what is refused is said and nothing typed is lost."""

import html
import re
import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from career.domain.cv import MOST, TEXT_MAX, TITLE_MAX, Content
from career.models import CvEntry
from career.services.cv_entries import add_entry, change_entry, delete_entry, move_entry
from iprof.kernel.errors import DomainError
from tests.career.web.pages import titles, words
from tests.factories.career import CvEntryFactory, CvFactory, full_career

pytestmark = [pytest.mark.django_db, pytest.mark.req("S46")]
CV = "/ma-carriere/cv/"
GOOD = {"title": "Libraire", "starts": "09/2008", "ends": "2012", "text": "Rayon jeunesse.\r\nAnimations."}


def add(section: str) -> str:
    return f"{CV}rubriques/{section}/ajouter/"


def at(entry, last: str = "") -> str:
    return f"{CV}entrees/{entry.public_id}/{last}"


def typed(response) -> dict[str, str]:
    """What the controls of the form hold."""
    page = response.content.decode().split("<main")[1]
    found = dict(re.findall(r'<input type="(?:text|hidden)" name="(\w+)"(?: value="([^"]*)")?', page))
    area = re.search(r'<textarea name="text".*?>\n(.*?)</textarea>', page, re.DOTALL)
    chosen = re.search(r'<option value="(\w+)" selected', page)
    found |= {"text": area.group(1)} if area else {}
    found |= {"level": chosen.group(1)} if chosen else {}
    return {name: html.unescape(value) for name, value in found.items()}


@pytest.mark.req("S46", "E06")
def test_an_entry_is_added_read_changed_and_deleted_without_script(client, teacher):
    assert client.post(add("experiences"), GOOD).headers["Location"] == f"{CV}#rubrique-experiences"
    entry = CvEntry.objects.get()
    assert (entry.title, entry.starts, entry.ends, entry.text) == (
        "Libraire",
        "2008-09",
        "2012",
        "Rayon jeunesse.\nAnimations.",
    )
    assert "De septembre 2008 à 2012 Libraire Rayon jeunesse. Animations." in words(client.get(CV))

    form = typed(client.get(at(entry)))
    assert form["starts"] == "09/2008"
    client.post(at(entry), form | {"title": "Libraire jeunesse", "ends": ""})
    assert "Depuis septembre 2008 Libraire jeunesse" in words(client.get(CV))

    asked = client.get(at(entry, "supprimer/"))
    assert "La suppression est définitive" in words(asked)
    assert CvEntry.objects.exists(), "asking deletes nothing"
    client.post(at(entry, "supprimer/"), {"version": typed(asked)["version"]})
    assert not CvEntry.objects.exists()


@pytest.mark.parametrize(
    ("section", "data", "shown"),
    [
        ("presentation", {"text": "Enseignante engagée."}, "Présentation Monter"),
        ("competences", {"title": "Webradio"}, "Webradio"),
        ("langues", {"title": "Italien", "level": "B2"}, "Italien B2, indépendant"),
        ("publications", {"title": "Article", "starts": "06/2019"}, "Juin 2019 Article"),
        ("engagements", {"title": "Club d'échecs", "starts": "2019"}, "Depuis 2019 Club d'échecs"),
    ],
)
def test_each_section_asks_what_it_shows(client, teacher, section, data, shown):
    names = set(re.findall(r'name="(title|level|starts|ends|text)"', client.get(add(section)).content.decode()))
    assert set(data) <= names
    assert client.post(add(section), data).status_code == 302
    assert (shown if section != "presentation" else "Enseignante engagée.") in words(client.get(CV))


@pytest.mark.parametrize("section", ["postes", "parcours", "diplomes", "formations", "licorne"])
def test_a_section_of_the_file_takes_no_entry(client, teacher, section):
    assert client.get(add(section)).status_code == client.post(add(section), GOOD).status_code == 404
    with pytest.raises(DomainError, match="cv_section_unknown"):
        add_entry(agent=teacher, section=section, content=Content("Libraire"), on=None)
    assert not CvEntry.objects.exists()


REFUSED = [
    ("experiences", {"title": ""}, "L'intitulé est vide"),
    (
        "experiences",
        {"title": "x" * (TITLE_MAX + 1)},
        f"gardez au plus {TITLE_MAX} caractères ({TITLE_MAX + 1} saisis)",
    ),
    ("experiences", {"text": "é" * (TEXT_MAX + 1)}, f"gardez au plus {TEXT_MAX} caractères ({TEXT_MAX + 1} saisis)"),
    ("experiences", {"starts": ""}, "La date de début est vide"),
    ("experiences", {"starts": "12/2026"}, "Cette date n'est pas encore venue : le CV dit ce qui est fait."),
    ("experiences", {"starts": "2031"}, "Cette date n'est pas encore venue : le CV dit ce qui est fait."),
    ("experiences", {"ends": "12/2026"}, "Laissez la fin vide tant que cela se poursuit."),
    ("experiences", {"ends": "08/2008"}, "La fin précède le début."),
    ("experiences", {"starts": "hier"}, "Cette date n'est pas comprise."),
    ("experiences", {"ends": "31/02/2010"}, "Cette date n'est pas comprise."),
    ("experiences", {"title": "Lib\x00raire"}, "un caractère illisible"),
    ("experiences", {"starts": "\x00"}, "un caractère illisible"),
    ("langues", {"title": "Italien", "level": ""}, "Le niveau n'est pas choisi"),
    ("langues", {"title": "Italien", "level": "D3"}, "Ce niveau n'existe pas."),
    ("engagements", {"starts": "", "ends": "2012"}, "La fin est donnée sans le début."),
    ("presentation", {"text": " "}, "Le texte est vide."),
]


@pytest.mark.req("S46", "E06")
@pytest.mark.parametrize(("section", "wrong", "said"), REFUSED)
def test_what_is_refused_is_said_at_its_field_and_nothing_typed_is_lost(client, teacher, section, wrong, said):
    data = GOOD | wrong
    response = client.post(add(section), data)
    assert response.status_code == 400
    assert response.content.decode().count(html.escape(said)) == 2, "in the summary, and at the field"
    for name, value in typed(response).items():
        if name in data and value != "\x00":
            assert value.replace("\r", "") == data[name].replace("\r", ""), name
    assert not CvEntry.objects.exists()


def test_an_edit_refused_keeps_what_was_typed_and_changes_nothing(client, teacher):
    entry = CvEntryFactory(cv__agent=teacher)
    response = client.post(at(entry), typed(client.get(at(entry))) | {"title": "", "text": "Ma saisie."})
    assert response.status_code == 400
    assert typed(response) | {"title": "", "text": "Ma saisie.", "version": "1"} == typed(response)
    entry.refresh_from_db()
    assert (entry.title, entry.version) == ("Libraire", 1)


def test_html_is_text_everywhere(client, teacher):
    spell = '<script>alert("x")</script><b>gras</b>'
    client.post(add("experiences"), GOOD | {"title": spell, "text": spell})
    entry = CvEntry.objects.get()
    assert entry.text == spell
    for address in (CV, f"{CV}apercu/", at(entry), at(entry, "supprimer/")):
        page = client.get(address).content.decode().split("<main")[1]
        assert "<script>alert" not in page
        assert "<b>gras" not in page
        assert html.escape(spell) in page


def test_a_line_break_counts_once(client, teacher):
    text = "a\r\n" * (TEXT_MAX // 2)
    assert client.post(add("experiences"), GOOD | {"text": text + "b"}).status_code == 400
    assert client.post(add("experiences"), GOOD | {"text": text[:-3] + "bb"}).status_code == 302


def test_a_full_section_says_so_and_offers_no_more(client, teacher):
    cv = CvFactory(agent=teacher)
    CvEntry.objects.bulk_create(CvEntry(cv=cv, section="competences", position=n, title=f"C{n}") for n in range(MOST))
    assert add("competences") not in client.get(CV).content.decode()
    response = client.post(add("competences"), {"title": "Une de trop"})
    assert response.status_code == 409
    assert "Cette rubrique est pleine" in words(response)
    assert typed(response)["title"] == "Une de trop"


@pytest.mark.req("S46", "E06")
def test_two_tabs_the_second_is_told_and_sees_both(client, teacher):
    entry = CvEntryFactory(cv__agent=teacher)
    first, second = typed(client.get(at(entry))), typed(client.get(at(entry)))
    client.post(at(entry), first | {"title": "Libraire jeunesse"})
    response = client.post(at(entry), second | {"title": "Vendeuse", "text": "Ma saisie."})
    assert response.status_code == 409
    text = words(response)
    assert "modifiée dans une autre fenêtre" in text
    assert "Ce qui est enregistré De septembre 2008 à 2012 Libraire jeunesse" in text
    assert typed(response)["title"] == "Vendeuse"
    assert typed(response)["text"] == "Ma saisie."
    entry.refresh_from_db()
    assert (entry.title, entry.version) == ("Libraire jeunesse", 2)
    assert client.post(at(entry), typed(response)).status_code == 302, "saving again from there is a choice"
    entry.refresh_from_db()
    assert (entry.title, entry.text, entry.version) == ("Vendeuse", "Ma saisie.", 3)


@pytest.mark.parametrize("version", ["", "0", "-1", "abc", "9" * 30, "²"])
def test_a_form_without_its_version_overwrites_nothing(client, teacher, version):
    entry = CvEntryFactory(cv__agent=teacher)
    assert client.post(at(entry), GOOD | {"version": version, "title": "Autre"}).status_code == 409
    assert client.post(at(entry, "supprimer/"), {"version": version}).status_code == 409
    entry.refresh_from_db()
    assert (entry.title, entry.version) == ("Libraire", 1)


def test_an_entry_changed_meanwhile_is_not_deleted_unseen(client, teacher):
    entry = CvEntryFactory(cv__agent=teacher)
    asked = typed(client.get(at(entry, "supprimer/")))
    client.post(at(entry), GOOD | {"version": "1", "title": "Libraire jeunesse"})
    response = client.post(at(entry, "supprimer/"), asked)
    assert response.status_code == 409
    assert "Rien n'est supprimé" in words(response)
    assert "Libraire jeunesse" in words(response)
    assert client.post(at(entry, "supprimer/"), typed(response)).status_code == 302


def test_what_was_typed_in_an_entry_deleted_meanwhile_can_be_added_again(client, teacher):
    entry = CvEntryFactory(cv__agent=teacher)
    form = typed(client.get(at(entry)))
    entry.delete()
    response = client.post(at(entry), form | {"text": "Ma saisie."})
    assert response.status_code == 404
    assert "Cette entrée n'existe plus dans votre CV. Votre saisie est gardée ci-dessous" in words(response)
    assert f'action="{add("experiences")}"' in response.content.decode()
    assert client.post(add("experiences"), typed(response)).status_code == 302
    assert CvEntry.objects.get().text == "Ma saisie."
    for last in ("", "supprimer/"):
        assert client.get(at(entry, last)).status_code == 404
    assert client.post(at(entry, "deplacer/"), {"action": "monter"}).status_code == 404


def test_an_entry_deleted_while_the_edit_is_saved_loses_nothing_typed(client, teacher, monkeypatch):
    entry = CvEntryFactory(cv__agent=teacher)
    form = typed(client.get(at(entry)))

    def too_late(**asked) -> None:
        entry.delete()
        change_entry(**asked)

    monkeypatch.setattr("career.views.cv_entries.change_entry", too_late)
    response = client.post(at(entry), form | {"text": "Ma saisie.", "rubrique": "experiences"})
    assert response.status_code == 404
    assert typed(response)["text"] == "Ma saisie."


def test_entries_move_one_place_and_stop_at_the_ends(client, teacher):
    cv = CvFactory(agent=teacher)
    rows = [
        CvEntryFactory(cv=cv, section="competences", position=n, title=f"C{n}", starts="", ends="") for n in range(3)
    ]

    def shown() -> list[str]:
        return [title for title in titles(client.get(CV)) if re.fullmatch(r"C\d", title)]

    for row, action, expected in (
        (rows[2], "monter", ["C0", "C2", "C1"]),
        (rows[2], "monter", ["C2", "C0", "C1"]),
        (rows[2], "monter", ["C2", "C0", "C1"]),
        (rows[1], "descendre", ["C2", "C0", "C1"]),
        (rows[0], "descendre", ["C2", "C1", "C0"]),
    ):
        assert client.post(at(row, "deplacer/"), {"action": action}).status_code == 302
        assert shown() == expected
    assert client.post(at(rows[0], "deplacer/"), {"action": "masquer"}).status_code == 404
    client.post(at(rows[1], "supprimer/"), {"version": "1"})
    client.post(add("competences"), {"title": "C9"})
    assert shown() == ["C2", "C0", "C9"]


def test_nobody_touches_the_entry_of_another(client, teacher):
    entry = CvEntryFactory(cv__agent=full_career())
    for last, data in (
        ("", GOOD | {"version": "1"}),
        ("supprimer/", {"version": "1"}),
        ("deplacer/", {"action": "monter"}),
    ):
        assert client.post(at(entry, last), data).status_code == 404
    again = client.post(at(entry), GOOD | {"version": "1", "rubrique": "experiences"})
    assert again.status_code == 404
    assert "Chat-Bleu" not in again.content.decode(), "only what the visitor typed comes back"
    for use in (
        lambda: change_entry(agent=teacher, public_id=entry.public_id, version=1, content=Content("X"), on=None),
        lambda: delete_entry(agent=teacher, public_id=entry.public_id, version=1),
        lambda: move_entry(agent=teacher, public_id=entry.public_id, up=True),
        lambda: delete_entry(agent=teacher, public_id=uuid.uuid4(), version=1),
    ):
        with pytest.raises(DomainError, match="cv_entry_gone"):
            use()
    entry.refresh_from_db()
    assert entry.version == 1


def test_a_service_refuses_what_the_form_would(teacher, today):
    with pytest.raises(DomainError, match="cv_start_missing"):
        add_entry(agent=teacher, section="experiences", content=Content("Libraire"), on=today)


@pytest.mark.parametrize(
    "fields",
    [
        {"starts": "2012-09", "ends": "2012-08"},
        {"starts": "2013", "ends": "2012-09"},
        {"starts": "2013", "ends": "2012"},
        {"starts": "", "ends": "2012"},
        {"starts": "2012-13"},
        {"starts": "12"},
        {"text": "x" * (TEXT_MAX + 1)},
        {"title": ""},
        {"section": "presentation"},
        {"section": "langues"},
        {"section": "postes"},
        {"level": "B2"},
    ],
)
def test_the_database_itself_refuses(teacher, fields):
    cv = CvFactory(agent=teacher)
    with pytest.raises(IntegrityError), transaction.atomic():
        CvEntryFactory(cv=cv, **fields)


@pytest.mark.parametrize(
    ("starts", "ends"),
    [("2012-09", "2012-09"), ("2012-09", "2012"), ("2012", "2012-01"), ("2012", "2013-01"), ("2012-09", ""), ("", "")],
)
def test_the_database_takes_what_is_in_order(teacher, starts, ends):
    assert CvEntryFactory(cv__agent=teacher, starts=starts, ends=ends).pk


def test_the_database_keeps_one_cv_and_each_rank_once(teacher):
    cv = CvFactory(agent=teacher)
    cv.sections.create(code="langues", position=0)
    CvEntryFactory(cv=cv, position=0)
    for spoil in (
        lambda: type(cv).objects.create(agent=teacher, updated_at=cv.updated_at),
        lambda: cv.sections.create(code="langues", position=1),
        lambda: cv.sections.create(code="licorne", position=1),
        lambda: _at_once(lambda: cv.sections.create(code="engagements", position=0)),
        lambda: _at_once(lambda: CvEntryFactory(cv=cv, position=0)),
        lambda: cv.hidden_facts.create(kind="famille", ref="X"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            spoil()


def _at_once(write) -> None:
    write()
    connection.check_constraints()


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="{}"), max_size=60)
DATES = st.sampled_from(["", "2012", "09/2012", "2012-09", "13/2012", "2999", "٢٠١٢", "hier"]) | TEXT


@settings(max_examples=40)
@given(
    section=st.sampled_from(["presentation", "competences", "langues", "experiences", "publications", "engagements"]),
    data=st.fixed_dictionaries(
        {},
        optional={
            "title": TEXT,
            "text": TEXT | st.text(st.sampled_from("aé\n\r"), min_size=1990, max_size=2010),
            "level": st.sampled_from(["", "B2", "maternelle", "Z9"]),
            "starts": DATES,
            "ends": DATES,
            "version": TEXT,
            "rubrique": TEXT,
        },
    ),
)
def test_any_entry_is_kept_or_refused(client, teacher, section, data):
    before = CvEntry.objects.count()
    response = client.post(add(section), data)
    assert response.status_code in {302, 400, 409}
    assert CvEntry.objects.count() - before == (response.status_code == 302)
    assert client.get(CV).status_code == 200
    assert client.get(f"{CV}cv-academique.json").status_code == 200
    CvEntry.objects.all().delete()
