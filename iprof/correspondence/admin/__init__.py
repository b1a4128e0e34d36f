from iprof.correspondence.admin import alerts as alerts
from iprof.correspondence.admin import bulletins as bulletins
from iprof.correspondence.admin import circulars as circulars
from iprof.correspondence.admin import deadlines as deadlines
from iprof.correspondence.admin import faq as faq
from iprof.correspondence.admin import news as news
from iprof.correspondence.admin import reply_templates as reply_templates
from iprof.correspondence.admin import reports as reports
