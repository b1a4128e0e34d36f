from iprof.correspondence.models.alerts import Alert as Alert
from iprof.correspondence.models.alerts import AlertQuerySet as AlertQuerySet
from iprof.correspondence.models.bulletins import Bulletin as Bulletin
from iprof.correspondence.models.bulletins import BulletinRead as BulletinRead
from iprof.correspondence.models.bulletins import Lure as Lure
from iprof.correspondence.models.reports import SuspiciousReport as SuspiciousReport
