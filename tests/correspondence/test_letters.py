"""Mails in plain text and in HTML: both say the same, both say where to read."""

import html
import re

import pytest
from django.conf import settings

from iprof.correspondence.models import Alert
from iprof.correspondence.outbox.letters import letter
from iprof.correspondence.rich_text import clean, plain
from iprof.correspondence.services.alerts import new_mailing, send_mailing
from tests.correspondence.test_alerts import alert_for
from tests.factories.accounts import UserFactory

TYPED = (
    "<p>Les vœux se saisissent <strong>avant le 15 décembre</strong>.</p><ul><li>carte de famille</li><li>bail</li></ul>"
    '<p>Voir <a href="https://www.education.gouv.fr/">le site</a>.</p><script>alert(1)</script>'
)


def parts(mail) -> dict[str, str]:
    """{content type: text}, as a reader decodes them."""
    message = mail.message()
    message = getattr(message, "parsed", message)
    return {
        part.get_content_type(): part.get_payload(decode=True).decode(part.get_content_charset()).replace("\r\n", "\n")
        for part in message.walk()
        if not part.is_multipart()
    }


@pytest.fixture
def circular_mail(db):
    mailing = new_mailing(subject="Mouvement : dates", text=plain(clean(TYPED)), html=clean(TYPED), link="/alertes/")
    send_mailing(mailing=mailing, users=[UserFactory().pk], kind="correspondance.circulaire", cause="un")
    return letter(Alert.objects.select_related("user", "mailing").get())


@pytest.mark.req("S03", "S11")
def test_both_parts_say_the_same(circular_mail):
    found = parts(circular_mail)
    assert list(found) == ["text/plain", "text/html"]
    assert "avant le 15 décembre" in found["text/plain"]
    assert "- carte de famille\n- bail" in found["text/plain"]
    assert "le site (https://www.education.gouv.fr/)" in found["text/plain"]
    assert "<strong>avant le 15 décembre</strong>" in found["text/html"]
    assert "<li>carte de famille</li>" in found["text/html"]
    for part in found.values():
        assert f"{settings.BASE_URL}/alertes/" in part
        assert "ni votre NUMEN" in part
        assert "alert(1)" not in part


@pytest.mark.django_db
def test_the_words_of_an_alert_are_words_and_not_html():
    alert = alert_for(UserFactory(), subject="Arrêté <n° 3> & suite", body="Ligne un\n<b>deux</b>\n\nTrois", link="/")
    found = parts(letter(alert))
    assert "<b>deux</b>" in found["text/plain"]
    assert "&lt;b&gt;deux&lt;/b&gt;" in found["text/html"]
    assert "<p>Trois</p>" in found["text/html"]
    assert html.escape("Arrêté <n° 3> & suite") in found["text/html"]
    assert letter(alert).message()["Subject"]


@pytest.mark.django_db
def test_nothing_is_fetched_when_the_mail_is_opened(circular_mail):
    """No picture, no style sheet: opening tells nobody, and works offline."""
    found = parts(circular_mail)["text/html"]
    assert not re.search(r"<(img|link|script|iframe)|url\(|@import|src=", found)


@pytest.mark.django_db
def test_what_repeats_in_each_mail_is_there(circular_mail):
    message = circular_mail.message().parsed
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["From"] == settings.DEFAULT_FROM_EMAIL
    assert message.get_content_type() == "multipart/alternative"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Un <script>alert(1)</script>", "<p>Un &lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("<p onclick=x>Un</p>", "<p>Un</p>"),
        ("<p>Un</p><script>alert(1)</script><style>p{}</style>", "<p>Un</p>"),
        ('<p><a href="javascript:alert(1)">x</a></p>', '<p><a rel="noopener">x</a></p>'),
        ('<p><a href="http://x.example/">x</a></p>', '<p><a rel="noopener">x</a></p>'),
        ('<p><img src="x" onerror="y">Un</p>', "<p>Un</p>"),
        ("<p><b>Gras</b> <i>penché</i></p>", "<p><strong>Gras</strong> <em>penché</em></p>"),
        ("Un < deux & trois", "<p>Un &lt; deux &amp; trois</p>"),
        ("<svg><script>alert(1)</script></svg><p>Un</p>", "<p>Un</p>"),
        ("   ", ""),
    ],
)
def test_what_staff_type_is_cleaned(typed, kept):
    assert clean(typed) == kept
    assert clean(kept) == kept, "cleaned once or twice, the same"
