"""Background work of the correspondences: each task delegates, and may run twice."""

from iprof.correspondence.tasks.alerts import deliver_alerts as deliver_alerts
from iprof.correspondence.tasks.bulletins import announce_bulletins as announce_bulletins
from iprof.correspondence.tasks.circulars import remind_circulars as remind_circulars
from iprof.correspondence.tasks.copies import forget_old_copies as forget_old_copies
from iprof.correspondence.tasks.copies import send_copies as send_copies
from iprof.correspondence.tasks.copies import tell_digests as tell_digests
from iprof.correspondence.tasks.deadlines import forget_old_deadlines as forget_old_deadlines
from iprof.correspondence.tasks.deadlines import remind_deadlines as remind_deadlines
from iprof.correspondence.tasks.faq import keep_empty_searches as keep_empty_searches
from iprof.correspondence.tasks.news import tell_the_week as tell_the_week
from iprof.correspondence.tasks.reports import forget_old_reports as forget_old_reports
from iprof.correspondence.tasks.threads import close_quiet_threads as close_quiet_threads
from iprof.correspondence.tasks.threads import forget_old_threads as forget_old_threads
