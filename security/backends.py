from allauth.account.auth_backends import AuthenticationBackend


class PortalBackend(AuthenticationBackend):
    """Sign-in by username and password; accounts not yet activated are refused like an unknown login."""
