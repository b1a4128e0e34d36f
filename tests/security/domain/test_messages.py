"""A whole message: every address is found, the phrases of frauds too, and the portal's own mails are never accused."""

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from security.domain.lookalike_words import ADVICE, PHRASES, VERDICTS
from security.domain.lookalikes import Official, Verdict
from security.domain.messages import MAX_ADDRESSES, addresses_in, judge_message, phrases_in

pytestmark = pytest.mark.req("S18", "S30")
HERE = Official("extranet.ac-reims.fr", "ac-reims.fr")
FRAUD = """De : Rectorat <dsi@ac-reims-fr.example>
Objet : changement urgent de barème

Votre compte sera désactivé sous 48 heures. Confirmez votre mot de passe sur
https://extranet.ac-reims.fr@evil.example/x."""


def test_a_fraud_is_taken_apart():
    found = judge_message(FRAUD, HERE)
    assert found.verdict == Verdict.SUSPICIOUS
    assert [one.leads_to for one in found.addresses] == ["ac-reims-fr[.]example", "evil[.]example"]
    assert set(found.phrases) == set(PHRASES)


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("", []),
        ("   \r\n", []),
        ("Bonjour.", []),
        ("Rendez-vous à 8h.Merci de votre présence", []),
        ("Voir www.evil.example.", ["www.evil.example"]),
        ("(https://a.example/b)", ["https://a.example/b"]),
        ("javascript:alert(1) ici", ["javascript:alert"]),
        ("<a href='https://evil.example/a b'>x.fr</a>", ["https://evil.example/a b", "x.fr"]),
        ('<a href="#haut">Haut</a> <img src="">', []),
        ('<a href="https&#58;//evil.example">ici</a>', ["https://evil.example"]),
        ("a@b.example, a@b.example", ["a@b.example"]),
        ("e\u200bvil.e\u200bxample maintenant", ["e\u200bvil.e\u200bxample"]),
        ("evil%2eexample", ["evil%2eexample"]),
    ],
)
def test_addresses_are_found_where_they_are(text, addresses):
    assert addresses_in(text) == addresses


def test_a_line_break_inside_a_target_hides_nothing():
    found = judge_message('<a href="https://extranet.ac-reims.fr\n.evil.example">Portail</a>', HERE)
    assert found.verdict == Verdict.SUSPICIOUS


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("CHANGEMENT URGENT DU BARÈME", ("lure_bareme",)),
        ("Un change\u200bment urgent de vos\nbarèmes vous attend", ("lure_bareme",)),
        ("Renvoyez-nous votre NUMEN", ("asks_secret",)),
        ("Votre NUMEN doit être confirmé", ("asks_secret",)),
        ("Votre accès au portail est suspendu", ("threat",)),
        ("Répondez sous 24 h", ("hurry",)),
        ("Nous ne demandons jamais votre mot de passe : ne confirmez jamais votre NUMEN", ()),
        ("Les barèmes sont publiés en mai", ()),
    ],
)
def test_phrases(text, codes):
    assert phrases_in(text) == codes


def test_the_mails_of_the_portal_are_never_accused():
    from iprof.correspondence.receivers import BODIES  # noqa: PLC0415

    mails = [path.read_text(encoding="utf-8") for path in (settings.BASE_DIR / "templates" / "mail").glob("*.txt")]
    texts = [*mails, *BODIES.values()]
    assert len(texts) > 6
    for text in texts:
        whole = text.replace("{{ address }}{{ path }}", "https://extranet.ac-reims.fr/mot-de-passe/lien/x/")
        assert phrases_in(whole) == (), whole


def test_every_verdict_has_its_words():
    assert set(VERDICTS) == set(ADVICE) == set(Verdict)


def test_too_many_addresses_are_not_judged_in_silence():
    found = judge_message(" ".join(f"https://a{n}.example" for n in range(MAX_ADDRESSES + 1)), HERE)
    assert (len(found.addresses), found.more) == (MAX_ADDRESSES, True)


@given(st.text(max_size=300))
def test_one_foreign_link_is_enough_for_a_message_not_to_be_official(text):
    found = judge_message(f"{text} https://extranet.ac-reims.fr/ puis http://evil.example/ {text}", HERE)
    assert found.verdict in {Verdict.OTHER, Verdict.SUSPICIOUS}
