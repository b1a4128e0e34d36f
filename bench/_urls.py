from django.urls import path

from bench import _plain
from iprof.urls import urlpatterns as portal

urlpatterns = [path("plain-orm/", _plain.orm_page), path("plain-raw/", _plain.raw_page), *portal]
