"""The registration of a service, as an administrator enters it."""

import ipaddress
from typing import Any, ClassVar
from urllib.parse import urlsplit

from allauth.idp.oidc.models import Client
from django import forms
from django.conf import settings

from iprof.web.forms import set_choices
from security.idp.models import Service
from security.idp.scopes import SCOPES, SUBJECT

WIDE = forms.TextInput(attrs={"class": "vLargeTextField", "size": 60})
LINES = forms.Textarea(attrs={"class": "vLargeTextField", "rows": 4})
ONE_PER_LINE = "Une par ligne, entière : elle sera comparée caractère par caractère."


def address_problem(address: str) -> str:
    """Why an address of a service is refused; empty when it is not. Plain HTTP is for a service of this very machine,
    and only where the portal itself is served so."""
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018  (raises ValueError)
    except ValueError:
        return "ne se lit pas comme une adresse"
    if not address.isascii() or not address.isprintable() or " " in address or "*" in address or "\\" in address:
        return "contient un caractère refusé (espace, accent, * ou \\)"
    if parts.username is not None or parts.fragment or "#" in address:
        return "contient un nom d'utilisateur ou un #"
    if "/../" in f"{parts.path}/" or not parts.hostname:
        return "n'a pas d'hôte, ou contient « .. »"
    local = _is_loopback(parts.hostname) and settings.BASE_URL.startswith("http://")
    if parts.scheme != "https" and not (parts.scheme == "http" and local):
        return "ne commence pas par https://"
    return ""


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class ServiceForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    purpose = forms.CharField(
        label="À quoi il sert",
        max_length=200,
        widget=WIDE,
        help_text="Une phrase, montrée aux personnes quand elles relient leur compte.",
    )
    kept_scopes = forms.MultipleChoiceField(
        label="Données qu'il peut demander", widget=forms.CheckboxSelectMultiple, help_text="Seulement le nécessaire."
    )
    long_lived = forms.BooleanField(
        label="Peut renouveler ses jetons", required=False, help_text="Sinon, dix minutes après chaque connexion."
    )
    post_logout_uris = forms.CharField(
        label="Adresses de retour après déconnexion", required=False, widget=LINES, help_text=ONE_PER_LINE
    )
    logout_uri = forms.CharField(
        label="Adresse prévenue des déconnexions",
        required=False,
        max_length=300,
        widget=WIDE,
        help_text="Facultative : le service y apprend qu'une session a pris fin.",
    )

    class Meta:
        model = Service
        fields = ("name", "type", "redirect_uris", "skip_consent")
        widgets: ClassVar[dict[str, forms.Widget]] = {"redirect_uris": LINES}
        labels: ClassVar[dict[str, str]] = {
            "name": "Nom",
            "type": "Type",
            "redirect_uris": "Adresses de retour",
            "skip_consent": "Service de l'académie : ne rien demander aux personnes",
        }
        help_texts: ClassVar[dict[str, str]] = {
            "redirect_uris": ONE_PER_LINE,
            "type": "Public : sans secret, pour ce qui tourne dans un navigateur ou un téléphone.",
            "skip_consent": "Les données partent à la première visite. Réservé aux services dont l'académie est responsable.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(
            self, "kept_scopes", [(s.name, f"{s.name} : {s.given}") for s in SCOPES.values() if s.name != SUBJECT]
        )
        set_choices(self, "type", [("confidential", "Confidentiel"), ("public", "Public")])
        self.fields["redirect_uris"].required = True
        self.fields["kept_scopes"].required = False
        if not self.instance._state.adding:
            self.fields["type"].disabled = True
            kept: dict[str, Any] = {
                "purpose": self.instance.purpose,
                "kept_scopes": [name for name in self.instance.get_scopes() if name != SUBJECT],
                "long_lived": Client.GrantType.REFRESH_TOKEN in self.instance.get_grant_types(),
                "post_logout_uris": "\n".join(self.instance.get_post_logout_redirect_uris()),
                "logout_uri": self.instance.logout_uri,
            }
            self.initial.update(kept)

    def clean_redirect_uris(self) -> str:
        return "\n".join(self._addresses("redirect_uris"))

    def clean_post_logout_uris(self) -> list[str]:
        return self._addresses("post_logout_uris")

    def clean_logout_uri(self) -> str:
        return "".join(self._addresses("logout_uri")[:1])

    def _addresses(self, name: str) -> list[str]:
        lines = [line.strip() for line in str(self.cleaned_data.get(name) or "").splitlines() if line.strip()]
        for line in lines:
            if problem := address_problem(line):
                raise forms.ValidationError(
                    f"« {line} » {problem}. Écrivez l'adresse exacte du service, par exemple https://service.exemple/retour."
                )
        return lines

    def filled(self) -> Service:
        """The service as it is to be saved."""
        data, service = self.cleaned_data, self.instance
        service.set_scopes([SUBJECT, *data["kept_scopes"]])
        grants = [Client.GrantType.AUTHORIZATION_CODE.value]
        service.set_grant_types([*grants, Client.GrantType.REFRESH_TOKEN.value] if data["long_lived"] else grants)
        service.response_types, service.allow_uri_wildcards = "code", False
        service.data = {
            "client_metadata": {
                "purpose": data["purpose"],
                "post_logout_redirect_uris": data["post_logout_uris"],
                "backchannel_logout_uri": data["logout_uri"],
                "closed": service.closed,
            }
        }
        return service
