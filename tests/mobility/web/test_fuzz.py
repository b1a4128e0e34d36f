"""Whatever is typed in the sections of a request, a page answers: never a 500."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mobility.forms.claims import ClaimsForm
from mobility.models import MobilityRequest
from tests.career.web.test_fuzz import ANYTHING, NUMBERS, TEXT
from tests.mobility.web.sections import now, typed, url

pytestmark = pytest.mark.django_db
SETTINGS = settings(max_examples=15)
NAMES = [*ClaimsForm.base_fields, "enfant_1", "enfant_2", "enfant_12", "revision", "acte", "suite"]
PLACES = st.sampled_from(["Dijon", "Lyon", "", "51", "Dijon\x00", "Nouvelle-Calédonie"])
ACTS = st.one_of(
    TEXT, st.sampled_from(["ajouter", "ajouter:", "monter:0", "monter:99", "retirer:-1", "descendre:٢", "x:1"])
)
STATUSES = {200, 302, 400, 409}


def clean(data):
    """As a browser sends it: UTF-8."""
    return {
        name: [one.encode("utf-8", "replace").decode() for one in value] if isinstance(value, list) else str(value).encode("utf-8", "replace").decode()
        for name, value in data.items()
    }  # fmt: skip


@SETTINGS
@given(voeux=st.lists(st.one_of(PLACES, TEXT), max_size=5), act=ACTS, lieu=st.one_of(TEXT, PLACES), fresh=st.booleans())
def test_any_list(client, mine, voeux, act, lieu, fresh):
    revision = now(mine).revision if fresh else lieu
    data = {"voeu": voeux, "acte": act, "lieu": lieu, "revision": revision}
    assert client.post(url("voeux", mine), clean(data)).status_code in STATUSES


@SETTINGS
@given(
    changed=st.dictionaries(
        st.sampled_from(NAMES),
        st.one_of(ANYTHING, NUMBERS, st.dates().map(str), st.sampled_from(["52100", "on", "rc", "oui"])),
    ),
    page=st.sampled_from(["priorites", "points"]),
)
def test_any_claims(client, mine, changed, page):
    assert client.post(url(page, mine), clean(typed(mine, **changed))).status_code in STATUSES
    assert client.get(url("recap", mine)).status_code == 200


@SETTINGS
@given(
    data=st.dictionaries(
        st.sampled_from(["revision", "certifie", "sans_pieces", "piece_mariage", "piece_activite"]), ANYTHING
    )
)
@pytest.mark.parametrize("page", ["pieces", "recap"])
def test_any_choice(client, mine, page, data):
    assert client.post(url(page, mine), clean(data)).status_code in STATUSES
    assert MobilityRequest.objects.get().state == "brouillon"


@SETTINGS
@given(query=st.dictionaries(st.sampled_from(["procedure", "page", "x"]), ANYTHING))
@pytest.mark.parametrize("page", ["/mutation/", "/mutation/mon-bareme/", "/mutation/mes-pieces/"])
def test_any_query_string(client, teacher, page, query):
    assert client.get(page, query).status_code in {200, 302}
