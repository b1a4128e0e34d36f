"""Addresses of the specific schemes and of the comparison (S10, S58, S59, S81)."""

from django.urls import path

from mobility.views import applications, comparison, schemes

scheme_urls = [
    path("comparer/", comparison.destinations, name="comparison"),
    path("dispositifs/", schemes.scheme_list, name="scheme_list"),
    path("dispositifs/<slug:code>/", schemes.scheme, name="scheme"),
    path("dispositifs/<slug:code>/candidature/", schemes.scheme_begin, name="scheme_begin"),
    path("candidatures/<uuid:public_id>/", applications.application, name="scheme_application"),
    path("candidatures/<uuid:public_id>/recapitulatif/", applications.recap, name="scheme_recap"),
    path("candidatures/<uuid:public_id>/retrait/", applications.withdraw, name="scheme_withdraw"),
    path("candidatures/<uuid:public_id>/reprise/", applications.reopen, name="scheme_reopen"),
]
