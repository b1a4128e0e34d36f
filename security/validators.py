"""Password rules (decisions T1 and T2, norms D01 and D07). See docs/adr for the deviation from ASVS 6.2.5."""


class CnilCompositionValidator:
    def validate(self, password: str, user: object = None) -> None:
        return None

    def get_help_text(self) -> str:
        return ""


class ContextWordsValidator(CnilCompositionValidator):
    pass
