"""Two pages to compare the home page with: the same shell, as many queries and as many bytes, but neither rules nor
explanations. One reads by ORM, one by raw SQL: that one is the limit."""

from typing import Any

from allauth.account.models import EmailAddress
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from career.models import (
    Agent,
    Assignment,
    CareerStep,
    CorrectionRequest,
    Diploma,
    Establishment,
    Evaluation,
    ServicePeriod,
    Training,
)  # fmt: skip
from iprof.correspondence.models import Alert

TABLES: list[tuple[type, str]] = [
    (CareerStep, "agent"), (Assignment, "agent"), (Training, "agent"), (Evaluation, "agent"), (Diploma, "agent"),
    (ServicePeriod, "agent"), (CorrectionRequest, "agent"), (EmailAddress, "user"), (Alert, "user"),
    (Establishment, ""),
]  # fmt: skip
LIMIT = 12


def _plan(request: HttpRequest) -> tuple[int, int]:
    """(queries beside session, user and agent; bytes of the page) as the benchmark asks."""
    return min(int(request.GET.get("queries", 6)), len(TABLES)), int(request.GET.get("bytes", 40_000))


def _page(request: HttpRequest, rows: list[Any], size: int) -> HttpResponse:
    response = render(request, "plain.html", {"rows": rows, "filler": ""})
    missing = max(0, size - len(response.content) - 20)
    response.content = response.content.replace(b"<!--filler-->", b"x" * missing)
    return response


def orm_page(request: HttpRequest) -> HttpResponse:
    queries, size = _plan(request)
    agent = Agent.objects.get(user_id=request.user.pk)
    rows: list[Any] = []
    for model, owner in TABLES[:queries]:
        found = model._default_manager.all()
        if owner:
            found = found.filter(**{owner: agent if owner == "agent" else request.user})
        rows += [(model._meta.verbose_name, str(row.pk)) for row in found[:LIMIT]]
    return _page(request, rows, size)


def raw_page(request: HttpRequest) -> HttpResponse:
    queries, size = _plan(request)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM career_agent WHERE user_id = %s", [request.user.pk])
        agent = cursor.fetchone()[0]
        rows: list[Any] = []
        for model, owner in TABLES[:queries]:
            where = f"WHERE {owner}_id = %s" if owner else ""
            table = model._meta.db_table
            cursor.execute(
                f"SELECT * FROM {table} {where} LIMIT {LIMIT}",
                [agent if owner == "agent" else request.user.pk] if owner else [],
            )
            rows += [(table, str(row[0])) for row in cursor.fetchall()]
    return _page(request, rows, size)
