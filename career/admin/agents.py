"""Agents in the administration: found by what a manager types, read as a file, never edited: the feed is the master."""

from typing import Any, cast

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone

from career.admin.portal_view import see_portal
from career.domain.grids import load_grids
from career.domain.pay import ordinal
from career.letters import MAX_LETTERS, letter_refusal, print_letters
from career.models import Agent
from career.selectors.agents import identity_of
from career.selectors.corrections import corrections_of
from career.selectors.history import by_year, history
from career.selectors.situation import current_situation
from career.selectors.staff import (
    FIELD_OF_KIND,
    Place,
    current_posts,
    listed_agents,
    place_of,
    readable_agent,
    readable_fields,
)
from career.services.numen import reveal_numen
from iprof.kernel.errors import DomainError
from iprof.kernel.text import sort_key
from iprof.web.admin import ReadOnlyAdmin
from security.enums import AccessKind
from security.journal import record
from security.models import User
from security.policies import AgentField, scope_of
from security.selectors import reads_by_others
from security.services_staff import IDENTITY_CHECKS, unlock_account

EMPTY = "—"
UNLOCK_SENTENCES = {
    "unlock_own": "C'est votre propre compte : un collègue doit vérifier votre identité.",
    "unlock_unchecked": "Dites comment vous avez vérifié l'identité de la personne : sans cela, rien n'est débloqué.",
    "unlock_closed": "Ce compte est fermé : le débloquer n'ouvrirait rien. Adressez-vous à un administrateur.",
}
IDENTITY_FIELDS = {
    "Date de naissance": AgentField.BIRTH,
    "Nom de naissance": AgentField.BIRTH,
    "Matricule": AgentField.MATRICULE,
    "Adresse": AgentField.ADDRESS,
    "Téléphone": AgentField.PHONE,
    "Arrivée dans l'académie": AgentField.PRESENCE,
}


class CorpsFilter(admin.SimpleListFilter):
    title, parameter_name = "corps", "corps"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(code, corps.label) for code, corps in load_grids().corps.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Agent]) -> QuerySet[Agent]:
        return queryset.filter(**{"step_corps": self.value()}) if self.value() else queryset  # annotated


class DepartementFilter(admin.SimpleListFilter):
    title, parameter_name = "département", "departement"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(code, f"{name} ({code})") for code, name in settings.DEPARTEMENTS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Agent]) -> QuerySet[Agent]:
        if not self.value():
            return queryset
        posts = current_posts(timezone.localdate()).filter(
            agent=OuterRef("pk"), establishment__departement=self.value()
        )
        return queryset.filter(Exists(posts))


class PresenceFilter(admin.SimpleListFilter):
    title, parameter_name = "présence", "presence"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("oui", "En fonction"), ("non", "A quitté l'académie")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Agent]) -> QuerySet[Agent]:
        left = Q(left_on__lte=timezone.localdate())
        return queryset.filter(left) if self.value() == "non" else queryset.exclude(left) if self.value() else queryset


class AccountFilter(admin.SimpleListFilter):
    title, parameter_name = "compte", "compte"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("ouvert", "Ouvert"), ("attente", "En attente de première connexion")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Agent]) -> QuerySet[Agent]:
        if not self.value():
            return queryset
        return queryset.filter(user__isnull=False, user__activated_at__isnull=self.value() == "attente")


class AgentChangeList(ChangeList):
    """Gives each line the fields its reader may see of it (`readable`)."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        scope = scope_of(cast(User, request.user), on=timezone.localdate())
        for agent in self.result_list:
            agent.readable = readable_fields(scope, [place_of(post) for post in agent.posts])


@admin.register(Agent)
class AgentAdmin(ReadOnlyAdmin):
    ordering = ("sort_key", "pk")
    search_fields = ("sort_key",)
    search_help_text = "Nom et prénom avec ou sans accents, identifiant, matricule ou UAI"
    actions = ("print_welcome_letters",)
    list_display_links = ("name",)
    change_list_template = "admin/career/agent/change_list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Agent]:
        return listed_agents(cast(User, request.user), on=timezone.localdate())

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        columns = {
            "name": AgentField.NAME,
            "matricule_shown": AgentField.MATRICULE,
            "corps": AgentField.CORPS,
            "echelon": AgentField.STEPS,
            "post": AgentField.ESTABLISHMENT,
            "discipline": AgentField.DISCIPLINE,
            "account": AgentField.ACCOUNT_STATE,
        }
        allowed = self._allowed(request)
        return tuple(name for name, field in columns.items() if field in allowed) or ("name",)

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        whole = AgentField.ACCOUNT_STATE in self._allowed(request)
        return [CorpsFilter, DepartementFilter, *([PresenceFilter, AccountFilter] if whole else [])]

    @staticmethod
    def _allowed(request: HttpRequest) -> frozenset[AgentField]:
        """The fields some file of the reader's scope shows: the columns worth showing."""
        scope = scope_of(cast(User, request.user), on=timezone.localdate())
        found = [
            scope.agent_fields(
                departement=grant.code if grant.kind == "departement" else "",
                uai=grant.code if grant.kind == "etablissement" else "",
            )
            for grant in scope.grants
        ]
        return frozenset().union(*found)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Agent], search_term: str
    ) -> tuple[QuerySet[Agent], bool]:
        """Each word must be found: in the name, or as the start of a login, a matricule or the UAI of a current post."""
        whole = AgentField.MATRICULE in self._allowed(request)
        for word in search_term.replace("\x00", "").split():
            posts = current_posts(timezone.localdate()).filter(agent=OuterRef("pk"), uai__istartswith=word)
            found: Any = Q(sort_key__contains=sort_key(word)) | Exists(posts)
            if whole:
                found |= Q(matricule__istartswith=word) | Q(user__username__istartswith=word)
            queryset = queryset.filter(found)
        return queryset, False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return AgentChangeList

    # Columns. A reader with two roles sees, on each line, what the role that covers the place gives.
    @staticmethod
    def _fields(agent: Any) -> frozenset[AgentField]:
        fields: frozenset[AgentField] = agent.readable
        return fields

    @staticmethod
    def _places(agent: Any) -> list[Place]:
        return [place_of(post) for post in agent.posts]

    @admin.display(description="nom", ordering="sort_key")
    def name(self, agent: Agent) -> str:
        return f"{agent.last_name} {agent.first_name}"

    @admin.display(description="matricule", ordering="matricule")
    def matricule_shown(self, agent: Agent) -> str:
        return agent.matricule if AgentField.MATRICULE in self._fields(agent) else EMPTY

    @admin.display(description="corps", ordering="step_corps")
    def corps(self, agent: Any) -> str:
        corps = load_grids().corps.get(agent.step_corps or "")
        return corps.person if corps else agent.step_corps or EMPTY

    @admin.display(description="grade et échelon")
    def echelon(self, agent: Any) -> str:
        if AgentField.STEPS not in self._fields(agent) or not agent.step_corps:
            return EMPTY
        corps = load_grids().corps.get(agent.step_corps)
        grade = corps.grades.get(agent.step_grade) if corps else None
        parts = (grade.label if grade else "", f"{ordinal(agent.step_echelon)} échelon" if agent.step_echelon else "")
        return ", ".join(part for part in parts if part) or EMPTY

    @admin.display(description="affectation")
    def post(self, agent: Any) -> str:
        places = self._places(agent)
        return f"{places[0].label} ({places[0].uai})" if places else EMPTY

    @admin.display(description="discipline")
    def discipline(self, agent: Any) -> str:
        places = self._places(agent)
        return places[0].discipline or EMPTY if places else EMPTY

    @admin.display(description="compte")
    def account(self, agent: Agent) -> str:
        if AgentField.ACCOUNT_STATE not in self._fields(agent) or agent.user is None:
            return EMPTY
        return "Ouvert" if agent.user.activated_at else "En attente"

    # Pages of one agent.
    def get_urls(self) -> list[Any]:
        own = [
            path("<int:pk>/numen/", self.admin_site.admin_view(self.numen_view), name="career_agent_numen"),
            path("<int:pk>/deblocage/", self.admin_site.admin_view(self.unlock_view), name="career_agent_unlock"),
            path("<int:pk>/vue/", self.admin_site.admin_view(self.portal_view), name="career_agent_portal"),
            path("<int:pk>/courrier/", self.admin_site.admin_view(self.letter_view), name="career_agent_letter"),
        ]
        return own + super().get_urls()

    def _open(self, request: HttpRequest, pk: str | int) -> tuple[Agent, frozenset[AgentField]]:
        """The agent, or 404: out of scope and not existing are the same answer."""
        if not request.user.has_perm("career.read_agent_file"):
            raise PermissionDenied
        found = None
        if str(pk).isascii() and str(pk).isdigit() and len(str(pk)) < 19:
            found = readable_agent(cast(User, request.user), int(pk), on=timezone.localdate())
        if found is None:
            raise Http404
        return found

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The file, cut to the reader's rights. Opening it leaves a trace the agent sees (norm D20)."""
        if request.method not in {"GET", "HEAD"}:
            raise PermissionDenied
        agent, fields = self._open(request, object_id)
        user, today = cast(User, request.user), timezone.localdate()
        if agent.user_id != user.pk:
            record(AccessKind.FILE_READ, actor=user, subject=agent.user, request=request)
        context = {
            **self.admin_site.each_context(request),
            "title": agent.full_name,
            "opts": self.opts,
            "agent": agent,
            "today": today,
            "fields": fields,
            "places": self._places(agent),
            "corps": self.corps(agent),
            "identity": [row for row in identity_of(agent) if IDENTITY_FIELDS.get(row[0], AgentField.NAME) in fields],
            "situation": current_situation(agent, on=today) if AgentField.STEPS in fields else None,
            "years": self._history(agent, fields),
            "corrections": corrections_of(agent) if request.user.has_perm("career.view_correctionrequest") else [],
            "reads": reads_by_others(agent.user)[:10] if agent.user and AgentField.ACCOUNT_STATE in fields else [],
            "may_reveal": AgentField.MASKED_NUMEN in fields and request.user.has_perm("career.reveal_numen"),
            "may_unlock": AgentField.ACCOUNT_STATE in fields
            and agent.user is not None
            and agent.user_id != user.pk
            and request.user.has_perm("security.unlock_account"),
            "may_see_portal": AgentField.PORTAL in fields
            and agent.user is not None
            and agent.user_id != user.pk
            and request.user.has_perm("security.impersonate_user"),
            "letter_refusal": letter_refusal(agent),
            "may_print": AgentField.MASKED_NUMEN in fields and request.user.has_perm("career.print_letter"),
        }
        return TemplateResponse(request, "admin/career/agent/file.html", context)

    @staticmethod
    def _history(agent: Agent, fields: frozenset[AgentField]) -> list[Any]:
        allowed = {kind for kind, field in FIELD_OF_KIND.items() if field in fields}
        if not allowed:
            return []
        entries = [entry for entry in history(agent).entries if entry.kind in allowed]
        return by_year(reversed(entries))

    def numen_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Asks why, then shows the NUMEN once. The page is never stored and the trace keeps the reason."""
        agent, fields = self._open(request, pk)
        if AgentField.MASKED_NUMEN not in fields or not request.user.has_perm("career.reveal_numen"):
            raise PermissionDenied
        reason = request.POST.get("motif", "").strip()
        context = {
            **self.admin_site.each_context(request),
            "title": "Afficher le NUMEN",
            "opts": self.opts,
            "agent": agent,
            "reason": reason,
        }
        status = 200
        if request.method == "POST":
            if len(reason) < 5:
                context["problem"] = "Indiquez le motif en quelques mots : il sera visible par l'agent."
                status = 400
            elif agent.numen_sealed is None:  # the page says that none came
                status = 409
            else:
                context["numen"] = reveal_numen(
                    agent=agent, by=cast(User, request.user), reason=reason, request=request
                )
        return TemplateResponse(request, "admin/career/agent/numen.html", context, status=status)

    def unlock_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Asks how the identity was checked, then forgets the failed tries. The agent is told, and reads the reason."""
        agent, fields = self._open(request, pk)
        allowed = AgentField.ACCOUNT_STATE in fields and request.user.has_perm("security.unlock_account")
        if not allowed or agent.user is None:
            raise PermissionDenied
        check, note = request.POST.get("verification", ""), request.POST.get("precision", "").replace("\x00", "")[:200]
        context = {
            **self.admin_site.each_context(request),
            "title": "Débloquer la connexion",
            "opts": self.opts,
            "agent": agent,
            "checks": IDENTITY_CHECKS,
            "check": check,
            "note": note,
        }
        status = 200
        if request.method == "POST":
            try:
                unlock_account(user=agent.user, by=cast(User, request.user), check=check, note=note, request=request)
            except DomainError as error:
                context["problem"], status = UNLOCK_SENTENCES[error.code], 400
            else:
                messages.success(request, f"La connexion de {agent.full_name} est débloquée. Un message l'en avertit.")
                return redirect(reverse("admin:career_agent_change", args=[agent.pk]))
        return TemplateResponse(request, "admin/career/agent/unlock.html", context, status=status)

    def portal_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The portal in the place of the agent: `career.admin.portal_view`."""
        agent, fields = self._open(request, pk)
        if AgentField.PORTAL not in fields or not request.user.has_perm("security.impersonate_user"):
            raise PermissionDenied
        return see_portal(request, agent, lambda **context: self.own_page(request, **context))

    def letter_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: the letter of one agent, as a PDF."""
        agent, fields = self._open(request, pk)
        allowed = AgentField.MASKED_NUMEN in fields and request.user.has_perm("career.print_letter")
        if request.method != "POST" or not allowed:
            raise PermissionDenied
        if reason := letter_refusal(agent):
            messages.error(request, f"Aucun courrier pour {agent.full_name} : {reason}.")
            return redirect(reverse("admin:career_agent_change", args=[agent.pk]))
        return self._letters(request, [agent])

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        return actions if request.user.has_perm("career.print_letter") else {}

    @admin.action(description="Imprimer le courrier de prise de fonction")
    def print_welcome_letters(self, request: HttpRequest, queryset: QuerySet[Agent]) -> HttpResponse | None:
        """One PDF for the agents chosen; those whose letter cannot be printed are named, with the reason."""
        agents = list(queryset.select_related("user").defer(None)[: MAX_LETTERS + 1])
        if len(agents) > MAX_LETTERS:
            messages.error(
                request, f"Choisissez au plus {MAX_LETTERS} agents à la fois : au-delà, l'attente est trop longue."
            )
            return None
        refused = [(agent, reason) for agent in agents if (reason := letter_refusal(agent))]
        for agent, reason in refused[:5]:
            messages.warning(request, f"{agent.full_name} : {reason}.")
        if not agents:  # the lines chosen have left the reader's scope meanwhile
            messages.error(request, "Aucun dossier choisi n'est dans votre périmètre.")
            return None
        if refused:
            messages.error(
                request, f"{len(refused)} agent(s) sans courrier possible : retirez-les de la sélection, puis relancez."
            )
            return None
        return self._letters(request, agents)

    @staticmethod
    def _letters(request: HttpRequest, agents: list[Agent]) -> HttpResponse:
        today = timezone.localdate()
        pdf = print_letters(agents=agents, by=cast(User, request.user), on=today, request=request)
        name = f"courriers-{today:%Y-%m-%d}.pdf"  # no name, no login: file names travel
        return HttpResponse(
            pdf,
            content_type="application/pdf",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )
