"""The official annuaire, in every shape it is met in."""

import datetime as dt
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from career.annuaire.rows import LeftAside, OutOfScope, read_row
from career.annuaire.services import OlderAnnuaire, import_annuaire
from career.annuaire.shapes import ALIASES, UAI_COLUMN, UnreadableAnnuaire, read_annuaire
from career.models import AnnuaireImport, Establishment
from tests.career.annuaire import files
from tests.factories.career import AssignmentFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("S07", "S53")]

ROWS = [
    files.row(),
    files.school(89_002, "151", "1", "1", Code_departement="008", Code_postal="08000", Code_commune="08105"),
]
SHAPES = {
    "2026": files.as_csv(ROWS),
    "2024": files.as_csv(ROWS, files.HEADER_2024, end="\n"),
    "without BOM": files.as_csv(ROWS, bom=False),
    "lower-case names": files.as_csv(ROWS, lower=True),
    "commas": files.as_csv(ROWS, delimiter=","),
    "JSON list": files.as_json(ROWS),
    "records": files.as_json(ROWS, wrapped=True),
    "spreadsheet": files.as_csv([files.damaged_by_a_spreadsheet(r) for r in ROWS], bom=False, encoding="cp1252"),
    "unknown column": files.as_csv(ROWS, [*files.HEADER_2026, "colonne_nouvelle"]),
}


@pytest.fixture
def load(tmp_path):
    def _load(content: bytes, **options):
        path = tmp_path / "annuaire.csv"
        path.write_bytes(content)
        return import_annuaire(path=path, **options)

    return _load


def test_the_headers_have_the_published_number_of_columns() -> None:
    assert (len(files.HEADER_2026), len(files.HEADER_2024), len(files.HEADER_GEOLOC)) == (71, 72, 35)
    assert len(set(ALIASES.values()) - {name.lower() for name in files.HEADER_2026}) == 0


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_gives_the_same_establishments(shape, load) -> None:
    result = load(SHAPES[shape])
    assert (result.counts["read"], result.counts["created"], result.problems) == (2, 2, [])
    college = Establishment.objects.get(uai=files.uai(519_001))
    assert (college.name, college.kind, college.sector) == ("Collège de l'Étang", "Collège", "Public")
    assert college.address == '1 place "du Lavoir"; bâtiment B, 51096 REIMS CEDEX'
    assert (college.departement, college.academie_code, college.postal_code) == ("51", "19", "51096")
    assert (college.latitude, college.longitude) == (Decimal("49.257788"), Decimal("4.031926"))
    assert (college.priority_network, college.state) == ("REP+", "OUVERT")
    assert (college.opened_on, college.extracted_on) == (dt.date(1972, 9, 15), dt.date(2026, 5, 27))
    primary = Establishment.objects.get(uai=files.uai(89_002))
    assert (primary.kind, primary.departement, primary.postal_code) == ("École primaire", "08", "08000")
    assert (primary.commune_code, primary.nature_code) == ("08105", "151")
    assert AnnuaireImport.objects.get().counts["created"] == 2


@pytest.mark.parametrize("shape", SHAPES)
def test_any_shape_after_any_other_writes_nothing(shape, load) -> None:
    load(SHAPES["2024"])
    result = load(SHAPES[shape])
    assert (result.counts["unchanged"], result.written) == (2, None)
    assert AnnuaireImport.objects.count() == 1


def test_only_what_changed_is_written(load, django_assert_num_queries) -> None:
    load(files.as_csv(ROWS))
    before = Establishment.objects.get(uai=files.uai(89_002))
    renamed = files.row(Nom_etablissement="Collège des Sablons", date_maj_ligne="2026-09-27")
    result = load(files.as_csv([renamed, ROWS[1] | {"date_maj_ligne": "2026-09-27"}]))
    assert (result.counts["updated"], result.counts["unchanged"], result.counts["created"]) == (1, 1, 0)
    college = Establishment.objects.get(uai=files.uai(519_001))
    assert (college.name, college.sort_key) == ("Collège des Sablons", "college des sablons reims")
    assert college.extracted_on == dt.date(2026, 9, 27)
    assert Establishment.objects.get(pk=before.pk).extracted_on == before.extracted_on


def test_the_number_of_queries_does_not_follow_the_number_of_rows(load, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(12):
        load(files.as_csv([files.row(510_000 + n) for n in range(900)]))
    assert Establishment.objects.count() == 900


def test_the_geolocation_dataset_completes_and_undoes_nothing(load) -> None:
    load(files.as_csv(ROWS))
    moved = [r | {"latitude": "49.300000"} for r in ROWS] + [files.school(519_003, "151", "", "1")]
    result = load(files.as_geolocation(moved))
    assert (result.counts["updated"], result.counts["created"]) == (2, 1)
    college = Establishment.objects.get(uai=files.uai(519_001))
    assert (college.latitude, college.priority_network) == (Decimal("49.300000"), "REP+")
    assert Establishment.objects.get(uai=files.uai(89_002)).kind == "École primaire"
    assert Establishment.objects.get(uai=files.uai(519_003)).kind == "École"


def test_a_repeated_uai_keeps_its_first_row(load) -> None:
    twice = [files.row(Nom_etablissement="Cité (collège)"), files.row(Nom_etablissement="Cité (lycée)", multi_uai="1")]
    result = load(files.as_csv(twice))
    assert Establishment.objects.get().name == "Cité (collège)"
    assert result.counts["repeated"] == 1
    assert "Cité (lycée)" in result.problems[0]["reason"]
    assert result.problems[0]["line"] == 3


def test_bad_rows_are_left_aside_with_their_reason(load) -> None:
    right = files.uai(519_009)
    wrong = right[:-1] + ("A" if right[-1] != "A" else "B")
    bad = [
        files.row() | {"Identifiant_de_l_etablissement": wrong},
        files.row() | {"Identifiant_de_l_etablissement": "RESTAURANT"},
        files.row() | {"Identifiant_de_l_etablissement": ""},
        files.row(519_010, Nom_etablissement=""),
        files.row(519_011) | {"Identifiant_de_l_etablissement": files.uai(519_011).lower()},
    ]
    result = load(files.as_csv(bad))
    assert [e.uai for e in Establishment.objects.all()] == [files.uai(519_011)]
    assert result.counts["left_aside"] == 4
    reasons = [p["reason"] for p in AnnuaireImport.objects.get().problems]
    assert f"{right[-1]} attendue" in reasons[0]
    assert "sept chiffres" in reasons[1]
    assert reasons[2] == "L'UAI est vide."
    assert "nom" in reasons[3]


def test_an_unreadable_date_is_left_empty_and_told(load) -> None:
    result = load(files.as_csv([files.row(date_ouverture="15 sept. 72", latitude="NaN")]))
    college = Establishment.objects.get()
    assert (college.opened_on, college.latitude, college.longitude) == (None, None, None)
    assert "15 sept. 72" in result.problems[0]["reason"]


@pytest.mark.parametrize(
    "changes",
    [{"code_nature": "307"}, {"code_nature": "400"}, {"code_nature": "380"}, {"ministere_tutelle": "AGRICULTURE"}],
)
def test_what_is_out_of_scope_is_counted_and_not_stored(changes, load) -> None:
    result = load(files.as_csv([files.row(**changes)]))
    assert (result.counts["out_of_scope"], Establishment.objects.count(), result.written) == (1, 0, None)


def test_other_academies_are_stored_on_demand_only(load) -> None:
    elsewhere = files.row(210_001, Code_departement="021", Code_academie="07")
    untold = files.row(519_012, Code_academie="")
    result = load(files.as_csv([elsewhere, untold]))
    assert (result.counts["elsewhere"], result.counts["created"]) == (1, 1)
    assert Establishment.objects.get().academie_code == "19"  # told by its département
    assert load(files.as_csv([elsewhere, untold]), everywhere=True).counts["created"] == 1


def test_an_older_export_is_refused_unless_accepted(load) -> None:
    load(files.as_csv(ROWS))
    older = files.as_csv([files.row(Nom_etablissement="Ancien nom", date_maj_ligne="2024-11-26")])
    with pytest.raises(OlderAnnuaire):
        load(older)
    assert not Establishment.objects.filter(name="Ancien nom").exists()
    assert load(older, accept_older=True).counts["updated"] == 1


def test_posts_that_came_first_find_their_establishment(load) -> None:
    post = AssignmentFactory(uai=files.uai(519_001), establishment=None)
    load(files.as_csv(ROWS))
    post.refresh_from_db()
    assert post.establishment.uai == files.uai(519_001)


def test_one_page_of_the_api_is_told_as_such(load) -> None:
    result = load(files.as_json(ROWS, wrapped=True, announced=6240))
    assert result.counts["created"] == 2
    assert "2 lignes sur 6240" in result.problems[0]["reason"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "vide"),
        (b"\xef\xbb\xbf \r\n", "vide"),
        (b"nom_du_plat;prix\r\nblanquette;9\r\n", "n'a pas de colonne"),
        (b'[{"uai": "05', "JSON est incomplet"),
        (b'{"erreur": "quota"}', "pas une liste"),
        (b"[1, 2]", "pas une liste"),
        (b"[" * 100_000, "JSON est incomplet"),
    ],
)
def test_another_file_is_refused_in_plain_words(content, reason, load) -> None:
    with pytest.raises(UnreadableAnnuaire, match=reason):
        load(content)


def test_characters_postgresql_refuses_do_not_stop_the_import(load) -> None:
    name = r"Coll\u0000\ud800ge"
    content = files.as_json([files.row(Nom_etablissement="NOM")]).replace(b"NOM", name.encode())
    assert load(content).counts["created"] == 1


@given(st.dictionaries(st.sampled_from([name.lower() for name in files.HEADER_2026]), st.text(max_size=30)))
def test_any_cells_give_a_row_or_a_reason(cells: dict[str, str]) -> None:
    try:
        row = read_row({UAI_COLUMN: files.uai(519_001)} | cells)
    except (LeftAside, OutOfScope):
        return
    establishment = Establishment(uai=row.uai, **row.defaults, **row.fields)
    limits = {f.name: f.max_length for f in Establishment._meta.fields if f.max_length}
    assert all(len(getattr(establishment, name)) <= limit for name, limit in limits.items())


@given(st.binary(max_size=300))
def test_bytes_that_are_no_annuaire_are_refused_with_a_reason(tmp_path_factory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("annuaire") / "octets"
    path.write_bytes(content)
    with pytest.raises(UnreadableAnnuaire, match=r"\.$"):
        read_annuaire(path)


def test_the_command_tells_what_it_did(tmp_path) -> None:
    path, out = tmp_path / "annuaire.csv", StringIO()
    path.write_bytes(files.as_csv([*ROWS, files.row() | {"Identifiant_de_l_etablissement": "x"}]))
    call_command("import_annuaire", path, quiet=True, stdout=out)
    assert "3 lignes lues : 2 établissements ajoutés" in out.getvalue()
    assert "ligne 4 x —" in out.getvalue()
    again = StringIO()
    call_command("import_annuaire", path, quiet=True, stdout=again)
    assert "Aucun changement : rien n'a été écrit." in again.getvalue()
    path.write_bytes(files.as_csv([files.row(date_maj_ligne="2024-11-26")]))
    with pytest.raises(CommandError, match="26 novembre 2024.*--older"):
        call_command("import_annuaire", path, quiet=True)
    with pytest.raises(CommandError, match="n'existe pas"):
        call_command("import_annuaire", tmp_path / "absent.csv")
    path.write_bytes(b"[")
    with pytest.raises(CommandError, match="JSON"):
        call_command("import_annuaire", path)
