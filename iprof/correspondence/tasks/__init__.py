"""Background work of the correspondences: each task delegates, and may run twice."""

from iprof.correspondence.tasks.alerts import deliver_alerts as deliver_alerts
from iprof.correspondence.tasks.bulletins import announce_bulletins as announce_bulletins
from iprof.correspondence.tasks.copies import forget_old_copies as forget_old_copies
from iprof.correspondence.tasks.copies import send_copies as send_copies
from iprof.correspondence.tasks.copies import tell_digests as tell_digests
from iprof.correspondence.tasks.reports import forget_old_reports as forget_old_reports
