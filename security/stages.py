"""The steps of a sign-in after the password, held by allauth: nobody is signed in before the last one is passed."""

from typing import Any

from allauth.account.stages import LoginStage
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import constant_time_compare

from security.domain.second_step import Step
from security.mail_codes import send_code
from security.second_step import step_asked
from security.sso.entry import vouched

Handled = tuple[HttpResponse | None, bool]


PASSKEY = "passkey"  # in the state of a sign-in: a key that knew its owner stood for the password and the second step


class SecondStepStage(LoginStage):
    """A stage bound to the password and factors it was entered with: changed meanwhile, they must be given again."""

    state: dict[str, Any]

    def ask(self) -> Handled:
        """The session takes a new key: whoever planted the one before waits with nobody at the step."""
        self.request.session.cycle_key()
        self.state |= {"asked": True, "bound": self.login.user.get_session_auth_hash()}
        return redirect(self.urlname), True

    def wanted(self) -> Step:
        """None of the portal's when the provider of a sign-in proved one already (ADR 0013), or a passkey stood for both."""
        return (
            Step.NONE
            if vouched(self.login) or self.login.state.get(PASSKEY)
            else step_asked(self.request, self.login.user)
        )

    def is_bound(self) -> bool:
        return constant_time_compare(self.state.get("bound", ""), self.login.user.get_session_auth_hash())


class MailCodeStage(SecondStepStage):
    key, urlname = "mail_code", "security:sign_in_code"

    def handle(self) -> Handled:
        if self.wanted() != Step.MAIL:
            return None, True
        if not self.state.get("asked"):
            send_code(self.request, self.login.user, self.state)
        return self.ask()


class FactorStage(SecondStepStage):
    key, urlname = "factor", "security:sign_in_factor"

    def handle(self) -> Handled:
        if self.wanted() != Step.FACTOR:
            return None, True
        return self.ask()


class TrustStage(SecondStepStage):
    """« Faire confiance à ce navigateur ? », to whoever has just passed a step."""

    key, urlname = "trust", "security:sign_in_trust"

    def handle(self) -> Handled:
        passed = (self.controller.get_stage(stage.key) for stage in (MailCodeStage, FactorStage))
        if any(stage.state.get("asked") for stage in passed):
            return self.ask()
        return None, True
