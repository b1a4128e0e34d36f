"""Pages of the account: sign-in and password pages keep allauth's URL names, so that its flows find them."""

from django.urls import path

app_name = "security"
urlpatterns: list = []
