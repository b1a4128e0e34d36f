"""The letter of the first access: what it says, for whom it is refused, the trace it leaves (S19, S20, D20, E26)."""

import datetime
import io

import pikepdf
import pypdfium2
import pytest

from career.letters import print_letters
from iprof.kernel.errors import DomainError
from iprof.web.crypto import seal
from security.enums import AccessKind, Role
from security.models import AccessEvent
from security.services import find_waiting_account
from tests.factories.accounts import UserFactory, staff
from tests.factories.career import AgentFactory

pytestmark = pytest.mark.django_db
ON = datetime.date(2026, 11, 23)
SECRET = "19E" + "99" + "00042" + "XYZ"


def waiting_agent(**fields):
    return AgentFactory(user=UserFactory(waiting=True), numen_sealed=seal(SECRET, context="numen"), **fields)


def text_of(pdf: bytes) -> list[str]:
    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf)]


@pytest.mark.req("S17", "S18", "S19", "S20")
def test_each_letter_holds_on_its_page_and_says_all_one_needs():
    agents = [waiting_agent(first_name="Maëlle", last_name="Durand"), waiting_agent(last_name="D'Étangs")]
    pages = text_of(print_letters(agents=agents, by=staff(Role.GESTIONNAIRE), on=ON))
    assert len(pages) == 2
    for agent, page in zip(agents, pages, strict=True):
        for said in (agent.user.username, SECRET, "https://extranet.ac-reims.fr", "23 novembre 2026", agent.last_name):
            assert said in page.replace("’", "'")


def test_a_long_letter_is_set_smaller_and_still_holds_on_its_page():
    agent = waiting_agent(
        first_name="Marie-Antoinette-Philippine", last_name="de La Rochefoucauld-Montmorency", postal_code="51100",
        commune="Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson", address="Résidence des Trois Fontaines, " * 6,
    )  # fmt: skip
    (page,) = text_of(print_letters(agents=[agent], by=staff(Role.GESTIONNAIRE), on=ON))
    assert "conservez cependant ce courrier" in " ".join(page.split())


@pytest.mark.req("E26")
def test_the_letter_is_a_tagged_document_in_french():
    pdf = pikepdf.open(io.BytesIO(print_letters(agents=[waiting_agent()], by=staff(Role.GESTIONNAIRE), on=ON)))
    assert str(pdf.Root.Lang) == "fr"
    assert bool(pdf.Root.MarkInfo.Marked)
    assert "/StructTreeRoot" in pdf.Root


@pytest.mark.req("D20")
def test_printing_leaves_a_trace_the_teacher_sees():
    agent, clerk = waiting_agent(), staff(Role.GESTIONNAIRE)
    print_letters(agents=[agent], by=clerk, on=ON)
    event = AccessEvent.objects.get(kind=AccessKind.LETTER_PRINTED)
    assert (event.actor, event.subject) == (clerk, agent.user)
    assert SECRET not in str(event.detail)


def test_an_open_account_gets_no_letter_and_nothing_is_printed():
    agents = [waiting_agent(), AgentFactory()]
    with pytest.raises(DomainError) as caught:
        print_letters(agents=agents, by=staff(Role.GESTIONNAIRE), on=ON)
    assert caught.value.code == "letter_refused"
    assert not AccessEvent.objects.exists()


@pytest.mark.req("S20")
def test_with_letter_codes_the_numen_is_not_printed(settings):
    settings.ACTIVATION_BY = "code"
    agent = waiting_agent()
    (page,) = text_of(print_letters(agents=[agent], by=staff(Role.GESTIONNAIRE), on=ON))
    assert SECRET not in page
    code = next(word for word in page.split() if word.count("-") == 2 and len(word) == 14)
    assert find_waiting_account(login=agent.user.username, secret=code) == agent.user
