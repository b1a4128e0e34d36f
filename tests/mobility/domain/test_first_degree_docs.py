"""docs/rules/mobilite_premier_degre.md cannot drift: tables are the law's, keys the reader's; examples: test_rule_docs."""

import re
from pathlib import Path

from django.conf import settings

from mobility.domain.case_situation import READERS
from mobility.domain.first_degree_docs import first_degree_anchors, first_degree_items

PAGE = (Path(settings.BASE_DIR) / "docs" / "rules" / "mobilite_premier_degre.md").read_text(encoding="utf-8")


def test_each_table_of_the_page_is_the_one_the_law_prints():
    found = dict(re.findall(r"<!-- table : (.+?) -->\n\n(.+?)\n\n<!-- fin -->", PAGE, re.S))
    assert found == {"jours 2026": first_degree_anchors(2026), "éléments 2026": first_degree_items(2026)}


def test_the_page_names_every_key_of_a_situation():
    rows = [row.split("|")[1] for row in PAGE.splitlines() if row.startswith("| `")]
    keys = {key for cell in rows for key in re.findall("`([a-z_0-9]+)`", cell)}
    assert set(READERS) <= keys
