"""Pure building blocks of the rules: no Django, no clock, no database."""
