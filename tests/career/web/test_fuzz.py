"""Whatever is typed in an address or a form, a page answers: never a 500."""

import datetime as dt
import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from career.enums import FactKind
from career.models import CorrectionRequest
from iprof.correspondence.services.alerts import send_alert

pytestmark = pytest.mark.django_db
SETTINGS = settings(max_examples=40)

# What a browser can send; braces aside, which the client takes for a template left unrendered when a page echoes them.
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="{}"), max_size=80)
KINDS = st.sampled_from([*FactKind.values, "tout", "", "ECHELON", "echelon ", "echelon\x00"])
NUMBERS = st.one_of(
    st.integers(-(10**30), 10**30).map(str), st.sampled_from(["2025", "٢٠٢٥", "1e3", "0x10", " 2025", "²"])
)
ANYTHING = st.one_of(TEXT, KINDS, NUMBERS)


@SETTINGS
@given(
    query=st.fixed_dictionaries({}, optional=dict.fromkeys(("nature", "annee", "ordre", "deplier", "page"), ANYTHING))
)
@pytest.mark.parametrize("page", ["/", "/ma-carriere/", "/ma-carriere/cv/", "/ma-carriere/demandes/", "/alertes/"])
def test_any_query_string(client, teacher, page, query):
    assert client.get(page, query).status_code in {200, 400}


@SETTINGS
@given(
    query=st.fixed_dictionaries(
        {},
        optional={
            "appreciation": st.one_of(ANYTHING, st.sampled_from(["", "Excellent", "A_consolider"])),
            "corps": st.one_of(
                ANYTHING, st.sampled_from(["certifies", "agreges", "pe", "instituteurs", "contractuels"])
            ),
            "grade": st.one_of(ANYTHING, st.sampled_from(["classe_normale", "hors_classe", "grade_unique"])),
            "echelon": st.one_of(ANYTHING, st.integers(0, 13).map(str)),
            "entree": st.one_of(
                ANYTHING, st.dates().map(str), st.dates(dt.date(2017, 1, 1), dt.date(2027, 1, 1)).map(str)
            ),
        },
    )
)
def test_any_situation(client, teacher, query):
    assert client.get("/ma-carriere/promotion/", query).status_code in {200, 400}


@SETTINGS
@given(query=st.dictionaries(st.sampled_from(["nature", "ref", "message", "etape", "x"]), ANYTHING))
def test_any_link_to_the_form(client, teacher, query):
    assert client.get("/ma-carriere/demandes/nouvelle/", query).status_code in {200, 404}


@SETTINGS
@given(
    nature=ANYTHING,
    ref=st.one_of(ANYTHING, st.just("REF")),
    message=st.one_of(
        ANYTHING,
        st.just("Une explication assez longue."),
        st.text(st.sampled_from("aé\n"), min_size=1990, max_size=2010),
    ),
    step=st.one_of(ANYTHING, st.sampled_from(["verifier", "modifier", "envoyer"])),
)
def test_any_request(client, teacher, nature, ref, message, step):
    data = {
        "nature": nature,
        "ref": teacher.steps.get().ref if ref == "REF" else ref,
        "message": message,
        "etape": step,
    }
    data = {name: value.encode("utf-8", "replace").decode() for name, value in data.items()}
    before = CorrectionRequest.objects.count()
    status = client.post("/ma-carriere/demandes/nouvelle/", data).status_code
    assert status in {200, 302, 400, 404, 409}
    assert CorrectionRequest.objects.count() - before == (status == 302)


@SETTINGS
@given(page=ANYTHING, opened=ANYTHING, known=st.booleans())
def test_any_reading_of_an_alert(client, teacher, page, opened, known):
    alert = send_alert(user=teacher.user, kind="carriere.essai", subject="Alerte", body="Texte", link="/ma-carriere/")
    address = f"/alertes/{alert.message_id if known else uuid.uuid4()}/lue/"
    response = client.post(address, {"page": page, "ouvrir": opened})
    assert response.status_code == (302 if known else 404)
    if known:
        assert response.headers["Location"].startswith(("/alertes/", "/ma-carriere/"))


@SETTINGS
@given(
    body=st.binary(max_size=200),
    content_type=st.sampled_from(
        ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json"]
    ),
)
@pytest.mark.parametrize("page", ["/ma-carriere/demandes/nouvelle/", "/alertes/tout-lire/"])
def test_any_body(client, teacher, page, body, content_type):
    assert client.post(page, body, content_type=content_type).status_code in {200, 302, 400, 404}


@SETTINGS
@given(last=TEXT)
def test_any_identifier_of_a_request(client, teacher, last):
    from urllib.parse import quote  # noqa: PLC0415

    assert client.get(f"/ma-carriere/demandes/{quote(last, safe='')}/").status_code in {200, 301, 404}
