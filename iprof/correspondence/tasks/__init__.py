"""Background work of the correspondences: each task delegates, and may run twice."""

from iprof.correspondence.tasks.alerts import deliver_alerts as deliver_alerts
from iprof.correspondence.tasks.bulletins import announce_bulletins as announce_bulletins
from iprof.correspondence.tasks.faq import keep_empty_searches as keep_empty_searches
from iprof.correspondence.tasks.news import tell_the_week as tell_the_week
from iprof.correspondence.tasks.reports import forget_old_reports as forget_old_reports
