from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser


class PortalBackend(AuthenticationBackend):
    """Sign-in by username and password; accounts closed or not yet activated are refused like an unknown login."""

    def _authenticate_by_username(self, username: str, password: str) -> AbstractBaseUser | None:
        """No login holds a letter of another alphabet: one that does imitates an account, and opens none."""
        if not username.strip().isascii():
            return None
        return super()._authenticate_by_username(username.strip(), password)

    @classmethod
    def _stash_user(cls, user: AbstractBaseUser | None) -> AbstractBaseUser | None:
        """allauth would lead the owner of a closed account, its password being right, to a page that tells it."""
        return None
