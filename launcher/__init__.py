"""Starts the portal and its servers on one machine. No Django here."""
