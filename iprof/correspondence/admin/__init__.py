from iprof.correspondence.admin import alerts as alerts
from iprof.correspondence.admin import bulletins as bulletins
from iprof.correspondence.admin import faq as faq
from iprof.correspondence.admin import news as news
from iprof.correspondence.admin import reports as reports
