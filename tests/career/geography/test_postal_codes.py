"""Postal codes: the pitfalls counted on the real table."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from career.domain.postal_codes import fold_commune, prefix_departement
from career.geography import POSTAL_CODES, academies, departement_names, postal_codes
from iprof.kernel.errors import DomainError

pytestmark = pytest.mark.req("S53")

SPANNING = {
    "01200": {"01", "74"}, "01410": {"01", "39"}, "01590": {"01", "39"}, "05110": {"05", "04"}, "05130": {"05", "04"},
    "05160": {"05", "04"}, "05700": {"05", "26"}, "06260": {"06", "04"}, "13780": {"13", "83"}, "21340": {"21", "71"},
    "33220": {"33", "24"}, "37160": {"37", "86"}, "42620": {"42", "03"}, "43450": {"43", "15"}, "48250": {"48", "07"},
    "52100": {"52", "51"},
}  # fmt: skip


def _codes() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for line in POSTAL_CODES.read_text(encoding="utf-8").splitlines()[1:]:
        code, _, _, departement = line.split(";")
        found.setdefault(code, set()).add(departement)
    return found


def test_the_table_is_whole_and_sorted() -> None:
    lines = POSTAL_CODES.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "code_postal;code_insee;commune;departement"
    assert len(lines) == 35_540
    assert lines[1:] == sorted(lines[1:], key=lambda line: line.split(";"))
    assert all(len(line.split(";")) == 4 for line in lines)
    assert len(postal_codes().in_departements({"08", "10", "51", "52"})) == 1926


def test_sixteen_codes_span_two_departements() -> None:
    assert {code: found for code, found in _codes().items() if len(found) > 1} == SPANNING
    for code, departements in SPANNING.items():
        assert set(postal_codes().area(code).departements) == departements


def test_saint_dizier_is_in_one_academie_and_two_departements() -> None:
    area = postal_codes().area("52100")
    assert area.departements == ("52", "51")
    assert area.academies == ("19",)
    assert postal_codes().commune("52100", "ST EULIEN") .departement == "51"  # fmt: skip
    assert postal_codes().commune("52100", "Saint Dizier Cedex").departement == "52"


@pytest.mark.parametrize(
    ("code", "departements", "academies_codes", "listed"),
    [
        ("20000", ("2A",), ("27",), True),
        ("20137", ("2A",), ("27",), True),
        ("20200", ("2B",), ("27",), True),
        ("20620", ("2B",), ("27",), True),
        ("94390", ("91",), ("25",), True),  # Orly airport: Paray-Vieille-Poste, Versailles and not Créteil
        ("97133", ("977",), ("32",), True),
        ("97150", ("978",), ("32",), True),
        ("97400", ("974",), ("28",), True),
        ("51096", ("51",), ("19",), False),  # CEDEX codes are in no list
        ("10026", ("10",), ("19",), False),
        ("20189", ("2A",), ("27",), False),
        ("97499", ("974",), ("28",), False),
        ("00100", (), (), False),  # nothing to say, and yet not refused
        ("98000", (), (), False),  # Monaco is in no département
        ("00200", (), (), False),  # army post offices
        ("20293", ("2B",), ("27",), False),  # CEDEX of Bastia
        ("52115", ("52",), ("19",), False),  # CEDEX of Saint-Dizier: no commune of the Marne
        ("97110", ("971",), ("32",), True),
        ("97200", ("972",), ("31",), True),
        ("97300", ("973",), ("33",), True),
        ("97500", ("975",), ("44",), True),
        ("97600", ("976",), ("43",), True),
        ("98600", ("986",), ("42",), True),
        ("98701", ("987",), ("41",), True),
        ("98713", ("987",), ("41",), False),  # Papeete writes it, the table does not list it
        ("98800", ("988",), ("40",), True),
        ("98799", ("989",), (), True),  # Clipperton has no académie
        ("01200", ("01", "74"), ("10", "08"), True),
    ],
)
def test_departement_and_academie_of_a_code(code, departements, academies_codes, listed) -> None:
    area = postal_codes().area(code)
    assert (area.departements, area.academies, area.listed) == (departements, academies_codes, listed)


def test_a_code_of_many_communes_leaves_the_choice() -> None:
    names = {commune.name for commune in postal_codes().area("51300").communes}
    assert len(names) == 46
    assert "Vitry-le-François" in names
    assert postal_codes().commune("51300", "Ailleurs") is None


@pytest.mark.parametrize("code", ["", "5110", "511000", "5110A", "51-100", "٥١١٠٠"])
def test_what_is_not_five_digits_is_refused(code) -> None:
    with pytest.raises(DomainError, match="postal_code_shape"):
        postal_codes().area(code)


def test_an_arrondissement_is_listed_with_its_commune() -> None:
    """Paris, Lyon and Marseille carry the codes of their arrondissements, which are listed too: one département."""
    for code, names in {
        "75012": {"Paris", "Paris 12e Arrondissement"},
        "69003": {"Lyon", "Lyon 3e Arrondissement"},
        "13008": {"Marseille", "Marseille 8e Arrondissement"},
    }.items():
        area = postal_codes().area(code)
        assert {commune.name for commune in area.communes} == names
        assert (area.departements, len(area.academies)) == ((code[:2],), 1)


def test_a_commune_may_have_several_codes() -> None:
    assert {postal_codes().commune(code, "NANTES").insee for code in ("44000", "44300")} == {"44109"}


def test_a_code_is_text_and_keeps_its_zero() -> None:
    assert postal_codes().area("08000").departements == ("08",)
    assert postal_codes().area(" 08 000 ").code == "08000"


@given(st.from_regex(r"\A[0-9]{5}\Z"))
def test_no_code_of_five_digits_is_refused(code: str) -> None:
    area = postal_codes().area(code)
    assert area.listed == bool(area.communes)
    assert set(area.departements) <= {*academies(), "989"}  # Clipperton has no académie
    assert len(area.academies) <= len(area.departements)


def test_prefixes_agree_with_the_table_save_the_known_exceptions() -> None:
    exceptions = {"94390", "97133", "97150", "98799"} | set(SPANNING)
    wrong = {code for code, found in _codes().items() if code not in exceptions and found != {prefix_departement(code)}}
    assert wrong == set()


@pytest.mark.parametrize(
    ("post_office", "official"),
    [
        ("STE MENEHOULD", "Sainte-Menehould"),
        ("L EPINE", "L'Épine"),
        ("CHALONS EN CHAMPAGNE CEDEX", "Châlons-en-Champagne"),
    ],
)
def test_names_as_the_post_office_writes_them(post_office, official) -> None:
    assert fold_commune(post_office) == fold_commune(official)


def test_every_departement_has_an_academie() -> None:
    assert len(academies()) == len(departement_names()) == 107
    assert {d for d, academie in academies().items() if academie.name == "Reims"} == {"08", "10", "51", "52"}
    without = {d for found in _codes().values() for d in found} - set(academies())
    assert without == {"989"}  # Clipperton: nobody lives there


def test_the_table_is_rebuilt_from_the_communes(tmp_path) -> None:
    source, out = tmp_path / "communes.json", tmp_path / "codes.csv"
    base = {"departement": "51", "codesPostaux": ["51100"]}
    source.write_text(
        json.dumps(
            [
                {**base, "code": "51454", "nom": "Reims", "type": "commune-actuelle"},
                {**base, "code": "51999", "nom": "Ancienne", "type": "commune-deleguee"},
                {"code": "98411", "nom": "Îles Saint-Paul", "departement": "984", "type": "commune-actuelle"},
            ]
        ),
        encoding="utf-8",
    )
    call_command("build_postal_codes", source, out=out, stdout=StringIO())
    assert out.read_text(encoding="utf-8") == "code_postal;code_insee;commune;departement\n51100;51454;Reims;51\n"
    with pytest.raises(CommandError, match="ne peut pas être lu"):
        call_command("build_postal_codes", tmp_path / "absent.json", out=out)
