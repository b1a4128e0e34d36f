"""Rules of accounts: logins, passwords. Pure functions."""
