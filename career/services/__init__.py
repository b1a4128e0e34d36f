"""Use cases of the career app: each one checks, writes, journals and schedules in one transaction."""
