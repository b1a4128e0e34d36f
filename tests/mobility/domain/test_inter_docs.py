"""docs/rules/mobilite_inter.md cannot drift: its tables are those the law prints."""

import re
from pathlib import Path

from django.conf import settings

from mobility.domain.inter_docs import anchors_table, items_table, refusals_table, sessions_table

PAGE = (Path(settings.BASE_DIR) / "docs" / "rules" / "mobilite_inter.md").read_text(encoding="utf-8")
PRINTED = {
    "sessions": sessions_table(),
    "jours 2026": anchors_table(2026),
    "éléments 2026": items_table(2026),
    "refus": refusals_table(),
}


def test_each_table_of_the_page_is_the_one_the_law_prints():
    found = dict(re.findall(r"<!-- table : (.+?) -->\n\n(.+?)\n\n<!-- fin -->", PAGE, re.S))
    assert found == PRINTED
