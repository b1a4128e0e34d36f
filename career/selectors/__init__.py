"""Reads of the career app: frozen plain values for pages and rules. Nothing here writes."""
