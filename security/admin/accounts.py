"""Accounts: looked up by name or login, opened for staff, closed. Nobody sets or sees another's password (norm D10)."""

from typing import Any, ClassVar, cast

from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from kombu.exceptions import OperationalError

from iprof.kernel.errors import DomainError
from iprof.web.admin import PortalAdmin
from security.enums import Role
from security.models import User
from security.services_staff import close_sessions, open_staff_account, require_new_password, set_account_active
from security.tasks import send_password_link


class StateFilter(admin.SimpleListFilter):
    title, parameter_name = "état", "etat"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("ouvert", "Ouvert"), ("attente", "En attente de première connexion"), ("ferme", "Fermé")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        match self.value():
            case "ouvert":
                return queryset.filter(is_active=True, activated_at__isnull=False)
            case "attente":
                return queryset.filter(is_active=True, activated_at__isnull=True)
            case "ferme":
                return queryset.filter(is_active=False)
            case _:
                return queryset


class RoleFilter(admin.SimpleListFilter):
    title, parameter_name = "fonction", "fonction"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(role.value, str(role.label)) for role in Role]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        return queryset.filter(groups__name=self.value()) if self.value() else queryset


class NewAccountForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    class Meta:
        model = User
        fields = ("username", "first_name", "last_name", "email")
        labels: ClassVar[dict[str, str]] = {"username": "identifiant", "email": "boîte académique"}

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).strip().lower()
        if EmailAddress.objects.filter(email=email, verified=True).exists():
            raise forms.ValidationError("Cette boîte est déjà celle d'un autre compte. Vérifiez l'adresse.")
        return email

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = True


@admin.register(User)
class UserAdmin(PortalAdmin):
    list_display = ("username", "last_name", "first_name", "state", "is_staff", "last_login")
    list_filter = (StateFilter, RoleFilter)
    search_fields = ("username", "last_name", "first_name")
    search_help_text = "Identifiant, nom ou prénom"
    ordering = ("last_name", "first_name", "pk")
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = ("close", "reopen", "ask_new_password", "end_sessions", "send_link")
    fields = (
        ("username", "email"),
        ("first_name", "last_name"),
        ("is_active", "must_change_password"),
        ("activated_at", "password_changed_at", "last_login"),
        "groups",
    )

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {"title": "Comptes", **(extra_context or {})})

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            return NewAccountForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj else NewAccountForm.Meta.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Names come from the feed; state changes by the actions of the list, which journal; groups by habilitations."""
        if obj is None:
            return ()
        return tuple(name for row in self.fields for name in (row if isinstance(row, tuple) else (row,)))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # an account is closed: its traces name it

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if change:
            return  # every field is read-only
        open_staff_account(user=obj, by=cast(User, request.user), request=request)
        self._send(request, obj)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return super().get_actions(request) if self.has_change_permission(request) else {}

    @admin.display(description="état")
    def state(self, user: User) -> str:
        return "Fermé" if not user.is_active else "Ouvert" if user.activated_at else "En attente"

    def _others(self, request: HttpRequest, queryset: QuerySet[User]) -> list[User]:
        """The accounts chosen but one's own, and those above one's rank."""
        mine = Q(pk=request.user.pk)
        if not request.user.is_superuser:
            mine |= Q(is_superuser=True)
        return list(queryset.exclude(mine))

    @admin.action(description="Fermer les comptes choisis")
    def close(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        users = self._others(request, queryset.filter(is_active=True))
        for user in users:
            set_account_active(user=user, active=False, by=cast(User, request.user), request=request)
        messages.success(request, f"{len(users)} compte(s) fermé(s). Le vôtre ne se ferme pas ici.")

    @admin.action(description="Rouvrir les comptes choisis")
    def reopen(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        users = self._others(request, queryset.filter(is_active=False))
        for user in users:
            set_account_active(user=user, active=True, by=cast(User, request.user), request=request)
        messages.success(request, f"{len(users)} compte(s) rouvert(s).")

    @admin.action(description="Exiger un nouveau mot de passe à la prochaine connexion")
    def ask_new_password(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        users = self._others(request, queryset.filter(activated_at__isnull=False))
        for user in users:
            require_new_password(user=user, by=cast(User, request.user), request=request)
        messages.success(request, f"{len(users)} compte(s) devront changer de mot de passe.")

    @admin.action(description="Fermer toutes les sessions des comptes choisis")
    def end_sessions(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        """A page asks why; the owners read it."""
        users, reason = self._others(request, queryset), request.POST.get("motif", "").replace("\x00", "")[:300]
        problem = ""
        if "confirmer" in request.POST:
            try:
                with transaction.atomic():
                    for user in users:
                        close_sessions(user=user, by=cast(User, request.user), reason=reason, request=request)
            except DomainError:  # an account above one's rank is not among them
                problem = "Écrivez le motif en quelques mots : les personnes le liront."
            else:
                messages.success(
                    request, f"Sessions fermées pour {len(users)} compte(s). Les personnes en sont averties."
                )
                return None
        context = {
            **self.admin_site.each_context(request),
            "title": "Fermer toutes les sessions",
            "opts": self.opts,
            "users": users,
            "reason": reason,
            "problem": problem,
        }
        page = "admin/security/user/end_sessions.html"
        return TemplateResponse(request, page, context, status=400 if problem else 200)

    @admin.action(description="Envoyer un lien de mot de passe aux boîtes de la personne")
    def send_link(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset.filter(is_active=True)[:50]:
            self._send(request, user)

    @staticmethod
    def _send(request: HttpRequest, user: User) -> None:
        try:
            send_password_link.delay(user.username)
        except OperationalError:
            messages.error(request, f"Le lien n'a pas pu partir pour {user.username}. Relancez dans quelques minutes.")
        else:
            messages.success(request, f"Un lien part aux boîtes de {user.username}. Vous ne le voyez pas.")
