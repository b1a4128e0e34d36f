"""The help page answers what teachers ask; what it says of delays is what the portal does."""

import pytest
from django.conf import settings
from django.urls import reverse

from security.services_abroad import LONGEST
from tests.career.web.pages import words

pytestmark = pytest.mark.django_db
WORDS = {1: "une heure", 2: "deux heures"}


@pytest.fixture
def text(client) -> str:
    return words(client.get(reverse("home:help")))


@pytest.mark.req("S31")
def test_a_workstation_is_kept_safe(text):
    assert "N'utilisez pas d'ordinateur public" in text
    assert "correctifs du système dans les vingt-quatre heures" in text


@pytest.mark.req("S91")
def test_the_portal_and_the_ent_are_told_apart(text):
    assert "I-Prof porte la carrière et l'administration ; l'ENT porte le cahier de textes" in text


@pytest.mark.req("S25", "S85", "S88")
def test_the_delays_told_are_those_in_force(text):
    assert f"Un lien valable {WORDS[settings.PASSWORD_RESET_TIMEOUT // 3600]}" in text
    assert LONGEST.days == 15
    assert "quinze jours au plus" in text
    assert "débloque la connexion, même sans changer de mot de passe" in text


@pytest.mark.req("S75", "S69", "S70", "S71")
def test_the_three_common_errors_are_told_with_what_to_do(text):
    assert "« scan001.pdf » ne dit rien" in text
    assert "PACS de plus de trois mois n'a plus d'effet" in text
    assert "passez par le portail ou par votre messagerie académique" in text
