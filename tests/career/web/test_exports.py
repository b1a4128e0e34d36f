"""The CSV a spreadsheet opens without harm, and the PDF a screen reader reads."""

import csv
import io

import pikepdf
import pypdfium2
import pytest

from career.selectors.history import history
from iprof.web.printing import NothingOutside
from iprof.web.tables import FORMULA_STARTS
from tests.factories.career import DiplomaFactory, TrainingFactory

pytestmark = pytest.mark.django_db
CSV, PDF = "/ma-carriere/ma-carriere.csv", "/ma-carriere/ma-carriere.pdf"


def rows(response) -> list[dict[str, str]]:
    text = response.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def pdf_text(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    pages = [page.get_textpage() for page in document]
    text = " ".join(page.get_text_bounded() for page in pages)
    for page in pages:
        page.close()
    document.close()
    return " ".join(text.replace("\u202f", " ").replace("\xa0", " ").replace("\ufffe", "").split())


def test_the_csv_opens_right_in_office_suites(client, teacher):
    response = client.get(CSV)
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="ma-carriere-2026-11-24.csv"'
    assert response.content.startswith(b"\xef\xbb\xbf")
    assert response.content.count(b"\r\n") == 9
    found = rows(response)
    assert len(found) == 8
    assert found[0] == {
        "Nature": "Diplôme",
        "Date": "2016-07-01",
        "Fin": "",
        "Intitulé": "Master MEEF second degré",
        "Détails": "Université de Champagne · Niveau 7",
        "Source": "SIAE Reims",
        "Transmis le": "2 septembre 2026",
        "Référence": teacher.diplomas.get().ref,
        "État": "En vigueur",
    }


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_no_cell_is_a_formula(client, teacher, start):
    DiplomaFactory(agent=teacher, label=f"{start}HYPERLINK(1)", ref=f"{start}ref", institution=f"{start}cmd")
    cells = [cell for row in rows(client.get(CSV)) for cell in row.values()]
    assert not [cell for cell in cells if cell.startswith(FORMULA_STARTS)]
    stored = [row["Intitulé"] for row in rows(client.get(CSV)) if "HYPERLINK" in row["Intitulé"]]
    assert stored == [f"'{start}HYPERLINK(1)"]


def test_cancelled_facts_are_marked_in_the_csv(client, teacher):
    teacher.diplomas.update(cancelled=True)
    states = {row["Nature"]: row["État"] for row in rows(client.get(CSV))}
    assert states["Diplôme"] == "Annulé"
    assert states["Échelon"] == "En vigueur"


def test_the_csv_holds_semicolons_and_quotes(client, teacher):
    TrainingFactory(agent=teacher, label='Lire ; écrire "à voix haute"')
    assert 'Lire ; écrire "à voix haute"' in [row["Intitulé"] for row in rows(client.get(CSV))]


@pytest.mark.req("S38")
def test_the_pdf_is_tagged_titled_and_french(client, teacher):
    response = client.get(PDF)
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == 'attachment; filename="ma-carriere-2026-11-24.pdf"'
    assert len(response.content) < 200_000  # what the home page says of it
    with pikepdf.open(io.BytesIO(response.content)) as document:
        root = document.Root
        assert str(root.Lang).startswith("fr")
        assert root.MarkInfo.Marked
        assert root.ViewerPreferences.DisplayDocTitle
        assert document.docinfo.Title == "Ma carrière : Maëlle Durand, 24 novembre 2026"
        kinds = set(structure(root.StructTreeRoot))
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
    assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/TD", "/L", "/LI"} <= kinds


def structure(node) -> list[str]:
    """Every structure type below a node of the tag tree."""
    if not isinstance(node, pikepdf.Dictionary):
        return []
    found = [str(node.S)] if "/S" in node else []
    children = node.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        found += structure(child)
    return found


@pytest.mark.req("S38")
def test_the_pdf_holds_figures_history_cv_and_the_annex(client, teacher):
    text = pdf_text(client.get(PDF).content)
    for expected in (
        "Professeur certifié",
        "497 points d'indice",
        "2 446,62 € par mois",
        "Annexe : pourquoi ces valeurs",
        "497 points × 59,0734 € ÷ 12",
        "Décret n° 85-1148",
        "Règle career.pay.monthly_gross, en vigueur depuis le 1er janvier 2024",
        "transmis le 2 septembre 2026",
        "CV académique",
        "https://extranet.ac-reims.fr",
    ):
        assert expected in text, expected
    for entry in history(teacher).entries:
        assert entry.title.split(",")[0] in text


def test_printing_fetches_nothing():
    with pytest.raises(ValueError, match="no address is fetched"):
        NothingOutside().fetch("https://example.org/logo.png")


def test_texts_of_the_feed_cannot_call_home_from_the_pdf(client, teacher):
    DiplomaFactory(
        agent=teacher, label='<img src="https://example.org/a.png"><link rel="stylesheet" href="file:///etc/hosts">'
    )
    text = pdf_text(client.get(PDF).content)
    assert '<img src="https://example.org/a.png">' in text.replace('" >', '">')
