"""What is shown of a line never holds a NUMEN, and what is sent back gets its own one again, there and nowhere else."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from career.feed.masking import MASK, mask_line, mask_numens, restore_numen
from tests.career.feed.messages import event, line, numen

pytestmark = pytest.mark.req("D36")
SECRET = numen(42)


def escaped(text: str) -> str:
    return "".join(f"\\u{ord(char):04x}" for char in text)


@pytest.mark.parametrize(
    "written",
    [
        json.dumps({"data": {"numen": SECRET}}),
        f'{{"data":{{"numen":"{SECRET}","phone":"{SECRET}"}}}}',
        f'{{"numen":"{SECRET}","numen":"{numen(43)}"}}',
        f'{{"data":{{"numen":"{escaped(SECRET)}"}}}}',
        f'{{"phone":"{escaped(SECRET)}"}}',
        f'{{"phone":"\\ud800{escaped(SECRET)}"}}',
        f'{{"{escaped("numen")}":"{SECRET}"}}',
        f'{{"data":{{"numen":"{SECRET.lower()}"',
        f'{{"data":{{"numen":"{SECRET}',
        SECRET,
    ],
)
def test_no_numen_is_shown(written):
    shown = mask_line(written)

    assert MASK in shown
    assert SECRET not in shown.upper()
    assert escaped(SECRET) not in shown
    shown.encode()


def test_even_a_malformed_numen_is_hidden_in_its_own_field():
    assert "TROPCOURT" not in mask_line('{"numen":"TROPCOURT"}')
    assert "COURT" not in mask_line('{"numen":"TROP\\"COURT"}')
    assert "TROPCOURT" not in mask_line(f'{{"{escaped("numen")}":"TROPCOURT"}}')
    assert "TROPCO" not in mask_numens('{"numen":"TROPCO')


@pytest.mark.parametrize("text", ["", "pas du JSON", "[" * 5000, "\x00", '{"a":1.10,"a":2}', '"\\ud800"', '"\\x"'])
def test_what_is_not_a_message_is_shown_as_it_came(text):
    assert mask_line(text).replace(" ", "").replace("\n", "") == text.replace(" ", "").replace("\n", "")


@given(st.text())
def test_any_text_can_be_shown_and_sent_back(text):
    assert isinstance(mask_line(text), str)
    assert isinstance(restore_numen(text, text), str)


def test_the_numen_comes_back_where_its_field_shows_the_mask():
    received = line(event("agent.upserted", numen=SECRET)).decode()
    shown = mask_line(received)
    assert json.loads(restore_numen(shown, received)) == json.loads(received)


def test_the_numen_comes_back_nowhere_else():
    received = line(event("agent.upserted", numen=SECRET)).decode()
    for tried in (f'{{"commune": "{MASK}"}}', f'{{"ref": "\\"numen\\": \\"{MASK}\\""}}', MASK):
        assert SECRET not in restore_numen(tried, received)


def test_without_a_numen_received_the_mask_stays():
    assert restore_numen(f'{{"numen": "{MASK}"}}', "{}") == f'{{"numen": "{MASK}"}}'
    assert restore_numen(f'{{"numen": "{MASK}"}}', '{"numen":null}') == f'{{"numen": "{MASK}"}}'
