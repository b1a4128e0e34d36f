"""Errors the rules raise: a stable code and parameters; the web layer words them in French."""


class DomainError(Exception):
    """A rule refused. `code` is stable and names the wording; `params` fill it."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        detail = ", ".join(f"{name}={value}" for name, value in self.params.items())
        return f"{self.code} ({detail})" if detail else self.code


class NotInForce(DomainError):
    """No value is in force on the date asked: before the first known date, or after a closing one."""


class UnknownFigure(DomainError):
    """The texts at hand do not give this figure: it is shown « non publié », never guessed."""
