from django.urls import path

app_name = "career"
urlpatterns: list = []
