"""Template components of the portal, available in every template without loading.

`{% why node %}` explains a value · `{% field form.x %}` and `{% error_summary form %}` lay out forms · `{% badge %}`,
`{% icon %}`, `{% pagination page %}`, `{% main_nav %}`, `{% career_nav %}` · `{% today_fr %}`, charts `{% step_chart %}`, `{% band_chart %}`,
`{% bar_chart %}`, `{% gauge %}` · filters `date_fr`, `euros`, `number_fr`, `value_fr`.
"""

import datetime as dt
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.template.loader import get_template
from django.utils import timezone
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from iprof.kernel.explain import Node
from iprof.kernel.legal import LegalSource
from iprof.kernel.money import format_euros, format_number
from iprof.web.bar_charts import BarChart, bar_chart_svg
from iprof.web.charts import StepChart, step_chart_svg
from iprof.web.formats import french_date, french_value
from iprof.web.gauges import Scale, gauge_svg
from iprof.web.navigation import career_links, links_for
