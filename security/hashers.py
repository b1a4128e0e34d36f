from django.contrib.auth.hashers import Argon2PasswordHasher


class PortalArgon2Hasher(Argon2PasswordHasher):
    """Argon2id as OWASP and ASVS 5.0 (appendix C) set its floor: two passes over 19 MiB, in one thread.

    Django's own setting spreads 100 MiB over eight threads: on deadline evening the sign-ins would take the processor
    from the pages (ADR 0016 gives the figures). Hashes made with other costs are made again at the next sign-in.
    """

    time_cost = 2
    memory_cost = 19_456  # KiB
    parallelism = 1


class CheapArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2 at its lowest cost, for the test suite only."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
