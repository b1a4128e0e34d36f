"""The portal as an identity provider for sibling services (OpenID Connect, norm D42, ADR 0014)."""
