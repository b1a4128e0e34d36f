"""What a person types when they control a request: points retained where they differ, each with its reason."""

from decimal import Decimal
from typing import Any

from django import forms

from mobility.selectors.queue import RequestShown

MOST = Decimal(99_999)
POINTS = "Écrivez un nombre de points entre 0 et 99 999, comme 150,2."
REASON = "Vous retenez d'autres points que ceux calculés : écrivez pourquoi, l'agent le lira."


class RetainedForm(forms.Form):
    """Two fields for each group of lines of the barème: `points-1`, `motif-1`."""

    choices_only = True  # what may be left empty says so itself

    def __init__(self, data: Any, *, shown: RequestShown) -> None:
        super().__init__(data)
        self.shown = shown
        for line in shown.lines:
            name = f"{line.points.label} ({', '.join(line.points.places)})"
            self.fields[f"points-{line.points.key}"] = forms.DecimalField(
                label=f"Points retenus : {name}", min_value=0, max_value=MOST, decimal_places=2, localize=True,
                initial=line.retained, required=False, widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 8}),
                error_messages=dict.fromkeys(
                    ("invalid", "min_value", "max_value", "max_digits", "max_decimal_places", "max_whole_digits"), POINTS
                ),
            )  # fmt: skip
            self.fields[f"motif-{line.points.key}"] = forms.CharField(
                label=f"Motif : {name}", required=False, max_length=300,
                error_messages={"max_length": "Ce motif dépasse 300 caractères. Raccourcissez-le."},
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for line in self.shown.lines:
            key, told = line.points.key, data.get(f"points-{line.points.key}")
            if told is not None and told != line.points.points and not data.get(f"motif-{key}", "").strip():
                self.add_error(f"motif-{key}", REASON)
        return data

    @property
    def rows(self) -> list[tuple[Any, forms.BoundField, forms.BoundField]]:
        return [(one, self[f"points-{one.points.key}"], self[f"motif-{one.points.key}"]) for one in self.shown.lines]

    @property
    def retained(self) -> dict[str, Decimal]:
        found = {one.points.key: self.cleaned_data[f"points-{one.points.key}"] for one in self.shown.lines}
        return {key: points for key, points in found.items() if points is not None}

    @property
    def reasons(self) -> dict[str, str]:
        return {one.points.key: self.cleaned_data[f"motif-{one.points.key}"] for one in self.shown.lines}
