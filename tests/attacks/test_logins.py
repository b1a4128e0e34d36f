"""Logins that look like another's: none opens its account nor any other, and the journal tells the imitation (D08, D20)."""

import unicodedata

import pytest
from django.core import mail
from django.urls import reverse

from security.enums import AccessKind
from security.models import AccessEvent
from security.services import activation_digest
from tests.attacks.attackers import guess, is_in, plain_page, visitor
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("D08", "D20")]
LOGIN = "mkoslis"
WIDE = "".join(chr(ord(letter) + 0xFEE0) for letter in LOGIN)
IMITATIONS = {
    "cyrillic o": "mk\u043eslis",
    "kelvin for k": "m\u212aoslis",
    "long s": "mko\u017flis",
    "dotless i": "mkosl\u0131s",
    "full width": WIDE,
    "mathematical letters": "".join(chr(0x1D41A + ord(letter) - ord("a")) for letter in LOGIN),
    "zero width space": "mk\u200boslis",
    "soft hyphen": "mk\u00adoslis",
    "direction mark": "\u202emkoslis",
    "combining accent": unicodedata.normalize("NFD", "mkósl") + "is",
    "ideographic space": "mk\u3000oslis",
    "tag letters": "mkoslis\U000e0061",
}


@pytest.fixture
def account():
    found = UserFactory(username=LOGIN)
    found.emailaddress_set.create(email=found.email, verified=True, primary=True)
    return found


@pytest.mark.parametrize("typed", IMITATIONS.values(), ids=IMITATIONS)
def test_an_imitation_opens_nothing_with_the_right_password(account, typed):
    client = visitor()
    assert guess("10.0.0.1", typed, PASSWORD, client).status_code == 400
    assert not is_in(client)
    line = AccessEvent.objects.get(kind=AccessKind.SIGN_IN_FAILED)
    told = "imitation" in line.detail
    assert told == (line.subject == account), "told to the owner it imitates, and to nobody else"
    assert typed not in str(line.detail)


def test_most_imitations_are_told_to_their_owner(account):
    for number, typed in enumerate(IMITATIONS.values()):
        guess(f"10.0.0.{number}", typed, PASSWORD)
    told = AccessEvent.objects.filter(subject=account, detail__imitation=True).count()
    assert told >= len(IMITATIONS) - 1  # a space within is no letter: it imitates nothing


@pytest.mark.parametrize("typed", IMITATIONS.values(), ids=IMITATIONS)
def test_an_imitation_gets_no_link_and_no_first_access(account, typed):
    waiting = UserFactory(waiting=True, username=f"{LOGIN}1", activation_digest=activation_digest("19E9900042XYZ"))
    client = visitor()
    assert client.post(reverse("security:password_lost"), {"login": typed}).status_code == 200
    assert mail.outbox == []
    response = client.post(reverse("security:activation_start"), {"login": f"{typed}1", "secret": "19E9900042XYZ"})
    assert response.status_code == 400
    waiting.refresh_from_db()
    assert waiting.activated_at is None


@pytest.mark.parametrize("typed", [LOGIN, f"  {LOGIN}\t", LOGIN.upper()])
def test_the_owner_may_type_it_as_people_do(account, typed):
    client = visitor()
    assert guess("10.0.0.1", typed, PASSWORD, client).status_code == 302
    assert is_in(client)


def test_a_closed_account_answers_like_an_unknown_one(account):
    type(account).objects.update(is_active=False)
    pages = [guess("10.0.0.1", login, PASSWORD) for login in (LOGIN, "inconnue")]
    assert [page.status_code for page in pages] == [400, 400]
    assert plain_page(pages[0], LOGIN) == plain_page(pages[1], "inconnue")
