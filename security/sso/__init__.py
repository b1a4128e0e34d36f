"""Signing in through somebody else: the ENT, ProConnect (requirement S62, norms D39, D40, D42; ADR 0013)."""
