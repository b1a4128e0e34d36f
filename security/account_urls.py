"""Sign-in, sign-out and password pages, under the URL names allauth's flows expect (no namespace)."""

from allauth.account import views
from django.urls import path

urlpatterns = [
    path("connexion/", views.login, name="account_login"),
    path("deconnexion/", views.logout, name="account_logout"),
]
