"""The page of a request that is not understood, with the reason when it is known."""

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from iprof.web.middleware import TooHeavy, UnreadCharset

TOO_BIG = (
    413,
    "Ce que vous envoyez est trop lourd pour le portail.",
    "Revenez à la page précédente, raccourcissez ce que vous avez collé, puis envoyez de nouveau.",
)
KNOWN: tuple[tuple[tuple[type[Exception], ...], tuple[int, str, str]], ...] = (
    ((RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent), TOO_BIG),
    (
        (TooHeavy,),
        (
            413,
            "Ce que vous envoyez pèse plus de 32 Mo, la limite d'un envoi : rien n'a été gardé.",
            "Revenez à la page précédente, choisissez moins de fichiers à la fois, puis envoyez de nouveau.",
        ),
    ),
    (
        (UnreadCharset,),
        (
            415,
            "Le portail ne lit que des textes écrits en UTF-8.",
            "Utilisez un navigateur à jour, ou réglez votre logiciel sur UTF-8.",
        ),
    ),
)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if not hasattr(request, "user"):  # refused before anything asked who it was
        request.user = AnonymousUser()
    for kinds, (status, sentence, advice) in KNOWN:
        if isinstance(exception, kinds):
            context = {"status": status, "sentence": sentence, "advice": advice}
            return render(request, "400.html", context, status=status)
    return render(request, "400.html", status=400)
