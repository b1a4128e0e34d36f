from documents.admin import submissions as submissions
