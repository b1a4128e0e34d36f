"""Career rules: pure functions on plain values and an explicit date. Figures are dated law in career/legal."""
