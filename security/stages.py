"""The steps of a sign-in after the password, held by allauth: nobody is signed in before the last one is passed."""

from typing import Any

from allauth.account.stages import LoginStage
from django.http import HttpResponse
from django.shortcuts import redirect

from security.domain.second_step import Step
from security.mail_codes import send_code
from security.second_step import step_asked

Handled = tuple[HttpResponse | None, bool]


class MailCodeStage(LoginStage):
    key, urlname = "mail_code", "security:sign_in_code"
    state: dict[str, Any]

    def handle(self) -> Handled:
        if step_asked(self.request, self.login.user) != Step.MAIL:
            return None, True
        if not self.state.get("asked"):
            self.state["asked"] = True
            send_code(self.request, self.login.user, self.state)
        return redirect(self.urlname), True


class FactorStage(LoginStage):
    key, urlname = "factor", "security:sign_in_factor"
    state: dict[str, Any]

    def handle(self) -> Handled:
        if step_asked(self.request, self.login.user) != Step.FACTOR:
            return None, True
        self.state["asked"] = True
        return redirect(self.urlname), True


class TrustStage(LoginStage):
    """« Faire confiance à ce navigateur ? », to whoever has just passed a step."""

    key, urlname = "trust", "security:sign_in_trust"
    state: dict[str, Any]

    def handle(self) -> Handled:
        passed = (self.controller.get_stage(stage.key) for stage in (MailCodeStage, FactorStage))
        if any(stage.state.get("asked") for stage in passed):
            return redirect(self.urlname), True
        return None, True
