"""Nothing but the official address is ever declared official, whatever the trick; the official one always is."""

import re
import string
from urllib.parse import urlsplit

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from security.domain.addresses import is_ip, take_apart
from security.domain.confusables import _LIKE, visible
from security.domain.lookalike_words import REASONS
from security.domain.lookalikes import (
    MAX_LENGTH,
    PLAIN,
    SHORTENERS,
    Official,
    Verdict,
    defanged,
    distance,
    is_official,
    judge,
)

pytestmark = pytest.mark.req("S18", "S30")
HOST = "extranet.ac-reims.fr"
HERE = Official(HOST, "ac-reims.fr")
LIKE = [(letter, char) for letter, chars in _LIKE.items() for char in chars]
ACADEMIES = """aix-marseille amiens besancon bordeaux clermont corse creteil dijon grenoble guadeloupe guyane lille
limoges lyon martinique mayotte montpellier nancy-metz nantes nice normandie orleans-tours paris poitiers rennes reunion
strasbourg toulouse versailles""".split()

PATH = st.text(string.ascii_letters + string.digits + "-_.~", max_size=12)
QUERY = st.text(string.ascii_letters + string.digits + "-_.~=&", max_size=20)


def reasons(text: str) -> tuple[str, ...]:
    return judge(text, HERE).reasons


@given(path=st.lists(PATH.filter(bool), max_size=4), query=QUERY, caps=st.booleans(), port=st.booleans())
def test_the_official_address_always_is(path, query, caps, port):
    host = HOST.upper() if caps else HOST
    text = f"https://{host}{':443' if port else ''}/{'/'.join(path)}?{query}#{query}"
    found = judge(text, HERE)
    assert (found.verdict, found.reasons) == (Verdict.OFFICIAL, ("exact",))


@given(st.from_regex(r"[A-Za-z0-9._%+-]{1,64}", fullmatch=True))
def test_a_mailbox_of_the_academy_always_is(local):
    assert judge(f"{local}@ac-reims.fr", HERE).reasons == ("mail_domain",)


TRICKS = st.sampled_from(
    ["", "@", ":", "/", "\\", ".", "-", "?", "#", "%", "%2e", "%00", "\u200b", "\u202e", "\t", "\n", "[", "]", "//", "xn--",
     "https://", "http:", HOST, "ac-reims.fr", "evil.example", ":443", ":8443", "@evil.example", ".evil.example", "\uff0e",
     "\u2044", "&#46;", " ", "e\u0301"]
)  # fmt: skip


@given(st.lists(TRICKS | st.text(max_size=3), max_size=8).map("".join))
@example(f"https://{HOST}\\@evil.example")
@example(f"https://{HOST}\t.evil.example")
@example(f"https://{HOST}?u=https://evil.example")
@example("https://extranet.ac-reim\u017f.fr")
@example(f"https://{HOST}\u2044evil.example")
def test_what_is_declared_official_leads_to_the_official_host_for_every_reader(tail):
    for text in (f"https://{tail}", f"https://{HOST}{tail}", tail, f"{HOST}{tail}"):
        found = judge(text, HERE)
        assert (found.verdict == Verdict.OFFICIAL) == is_official(text.strip(" \r\n"), HERE)
        assert found.reasons
        assert set(found.reasons) <= set(REASONS)
        if found.verdict == Verdict.OFFICIAL and not found.is_mail:
            split = urlsplit(text.strip(" \r\n"))
            assert (split.scheme.lower(), split.hostname, split.username) == ("https", HOST, None)
            assert split.port in {None, 443}
            assert not re.search(r"[^\x21-\x7e]|\\", text.strip(" \r\n"))
        elif found.verdict == Verdict.OFFICIAL:
            assert text.strip(" \r\n").lower().endswith("@ac-reims.fr")


@given(position=st.integers(0, len(HOST) - 1), data=st.data())
def test_one_letter_replaced_by_its_double_is_an_imitation(position, data):
    doubles = [char for letter, char in LIKE if letter == HOST[position]]
    assume(doubles)
    text = f"https://{HOST[:position]}{data.draw(st.sampled_from(doubles))}{HOST[position + 1 :]}/"
    assert judge(text, HERE).verdict == Verdict.SUSPICIOUS


@given(position=st.integers(0, len(HOST)), char=st.sampled_from("\u200b\u200d\u2060\ufeff\u00ad\u202e\u2066\t\x00"))
def test_a_hidden_character_anywhere_in_the_name_is_seen(position, char):
    found = judge(f"https://{HOST[:position]}{char}{HOST[position:]}/", HERE)
    assert found.verdict == Verdict.SUSPICIOUS
    assert {"hidden", "turned"} & set(found.reasons)
    assert char not in found.shown


@given(
    st.integers(0, len(HOST) - 1),
    st.sampled_from(string.ascii_lowercase + string.digits),
    st.sampled_from(["change", "add", "drop"]),
)
def test_a_letter_changed_added_or_dropped_is_an_imitation(position, char, how):
    after = HOST[position + (how != "add") :]
    host = HOST[:position] + ("" if how == "drop" else char) + after
    assume(host != HOST and not host.endswith(".ac-reims.fr") and ".." not in host and host[0] not in ".-")
    assert judge(f"https://{host}/", HERE).verdict == Verdict.SUSPICIOUS, host


CASES = [
    (f"https://{HOST}@evil.example/", "userinfo"),
    (f"https://{HOST}%40evil.example", "percent"),
    (f"https://{HOST}.evil.example/", "sub_domain"),
    ("https://ac-reims.fr.evil.example/", "sub_domain"),
    ("https://extranet-ac-reims.fr/", "hyphen_or_dot"),
    ("https://extranet.ac.reims.fr/", "hyphen_or_dot"),
    ("https://ex-tranet.ac--reims.fr/", "hyphen_or_dot"),
    ("https://iprof-ac-reims.fr/", "hyphen_or_dot"),
    ("https://extranet.ac-reims.com/", "other_ending"),
    ("https://extranet-ac-reims.net/", "other_ending"),
    ("https://extranet.ac-reirns.fr/", "typo"),
    ("https://extranet.ac-re1ms.fr/", "typo"),
    ("https://portail.ac-reins.fr/", "typo"),
    ("https://\u0435xtranet.ac-reims.fr/", "same_look"),
    ("https://xn--xtranet-9xa.ac-reims.fr/", "foreign_letters"),
    ("https://extranet.ac\u2011reims.fr/", "same_look"),
    ("https://extranet.ac-reims.fr\uff0eevil.example/", "sub_domain"),
    ("https://ac-reims-mutation.example/", "name_borrowed"),
    ("https://i-prof.example/", "name_borrowed"),
    (f"https://evil.example/{HOST}/", "name_elsewhere"),
    ("https://192.0.2.1/", "number"),
    ("https://3221225985/", "number"),
    ("https://0xC0.0.2.1/", "number"),
    ("https://[2001:db8::1]/", "number"),
    ("https://bit.ly/3abc", "shortener"),
    ("https://extranet%2eac-reims%2efr/", "percent"),
    (f"https://{HOST}./", "final_dot"),
    (f"https://{HOST}:8443/", "port"),
    (f"https:\\\\{HOST}\\", "backslash"),
    (f"https:/{HOST}/", "slashes"),
    (f"https:////{HOST}/", "slashes"),
    ("javascript:alert('ac-reims.fr')", "dangerous_scheme"),
    ("data:text/html;base64,AAAA", "dangerous_scheme"),
    ("java\tscript:alert(1)", "dangerous_scheme"),
    (f"http://{HOST}/", "not_https"),
    (f"ftp://{HOST}/", "other_scheme"),
    (HOST, "no_scheme"),
    (f"https://{HOST}/?suite=https://evil.example", "leads_elsewhere"),
    (f"https://{HOST}//evil.example", "leads_elsewhere"),
    (f"https://{HOST}/?suite=%2F%2Fevil.example", "leads_elsewhere"),
    (f"https://{HOST}/é", "odd_characters"),
    ("https://www.ac-reims.fr/", "same_domain"),
    ("https://www.education.gouv.fr/", "other_host"),
    ("m.petit@ac-reims.fr.evil.example", "sub_domain"),
    ("m.petit@ac-reims-fr.example", "name_borrowed"),
    ("m.petit@ac-reirns.fr", "typo"),
    ("ac-reims.fr@evil.example", "name_elsewhere"),
    ("mailto:m.petit@ac-reims.fr?subject=a", "odd_characters"),
    ("https://", "no_host"),
    ("", "no_host"),
    ("https://evil.example/" + "a" * MAX_LENGTH, "too_long"),
]


@pytest.mark.parametrize(("text", "reason"), CASES)
def test_each_trick_has_its_reason(text, reason):
    found = judge(text, HERE)
    assert reason in found.reasons
    assert found.verdict == (Verdict.OTHER if set(found.reasons) <= PLAIN else Verdict.SUSPICIOUS)


def test_every_reason_is_worded_and_met():
    met = {code for text, _ in CASES for code in reasons(text)} | {"exact", "mail_domain", "turned", "hidden"}
    assert met == set(REASONS)


@pytest.mark.parametrize("name", ACADEMIES)
def test_another_academy_is_no_imitation(name):
    assert judge(f"https://extranet.ac-{name}.fr/", HERE).reasons == ("other_host",)
    assert judge(f"m.petit@ac-{name}.fr", HERE).verdict == Verdict.OTHER


def test_the_table_of_doubles_holds_no_plain_character():
    assert all(not char.isascii() for _, char in LIKE)
    assert all("." in host for host in SHORTENERS)


@given(st.text(max_size=80))
def test_what_is_shown_opens_nothing_and_hides_nothing(text):
    shown = defanged(text)
    assert not re.search(r"https?:|(?<!\[)\.(?!\])", shown, re.IGNORECASE)
    assert visible(shown) == shown


@given(st.text(max_size=200) | st.text("htps:/@.[]xn-%0aé\\", max_size=60))
def test_taking_apart_never_fails(text):
    parts = take_apart(text)
    assert parts.host == parts.host.lower() or not parts.host.isascii()
    is_ip(parts.host)


def test_a_label_that_is_not_punycode_is_shown_as_it_is():
    assert take_apart("https://xn--\u00e9.example/").host == "xn--\u00e9.example"


@given(st.text("ab", max_size=5), st.text("ab", max_size=5))
def test_distance_is_symmetric_and_zero_only_for_the_same(one, other):
    assert distance(one, other, limit=9) == distance(other, one, limit=9)
    assert (distance(one, other, limit=9) == 0) == (one == other)
