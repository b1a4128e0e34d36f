from django.urls import path

from iprof.home.views import check, dashboard, help, pages, state, technical

app_name = "home"
urlpatterns = [
    path("", dashboard.dashboard, name="dashboard"),
    path("aide/", help.help_page, name="help"),
    path("aide/verifier-une-adresse/", check.check_address, name="check_address"),
    path("plan-du-site/", pages.sitemap, name="sitemap"),
    path("accessibilite/", pages.accessibility, name="accessibility"),
    path("mentions-legales/", pages.legal_notice, name="legal_notice"),
    path("donnees-personnelles/", pages.personal_data, name="personal_data"),
    path("affichage/", pages.display, name="display"),
    path("etat-du-service/", state.service_state, name="service_state"),
    path("sante/", technical.health, name="health"),
    path("csp-report/", technical.csp_report, name="csp_report"),
    path(".well-known/security.txt", pages.security_txt, name="security_txt"),
    path("site.webmanifest", pages.manifest, name="manifest"),
    path("robots.txt", pages.robots, name="robots"),
]
