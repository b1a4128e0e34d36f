from documents.admin import certificates as certificates
from documents.admin import holds as holds
from documents.admin import privacy_requests as privacy_requests
from documents.admin import submissions as submissions
