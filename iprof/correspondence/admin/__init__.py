from iprof.correspondence.admin import alerts as alerts
from iprof.correspondence.admin import bulletins as bulletins
from iprof.correspondence.admin import copies as copies
from iprof.correspondence.admin import reports as reports
