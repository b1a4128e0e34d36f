from django.contrib.auth.hashers import Argon2PasswordHasher


class CheapArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2 at its lowest cost, for the test suite only."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
