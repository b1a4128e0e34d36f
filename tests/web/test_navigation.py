from types import SimpleNamespace

import pytest

from iprof.web import navigation

URLS = {name: f"/{i}/" for i, name in enumerate(["career:history", "security:account", "admin:index"])} | {
    "home:dashboard": "/",
    "security:profile": "/1/profil/",
}


@pytest.fixture(autouse=True)
def _known_urls(monkeypatch):
    existing = tuple((URLS[e.url_name], e) for e in navigation.ENTRIES if e.url_name in URLS)
    monkeypatch.setattr(navigation, "_existing", lambda: existing)


def current(path: str, is_staff: bool = False) -> list[str]:
    return [link.label for link in navigation.links_for(SimpleNamespace(is_staff=is_staff), path) if link.current]


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("/", ["Accueil"]),
        ("/0/pdf/", ["Ma carrière"]),
        ("/1/", ["Mon compte"]),
        ("/1/profil/", ["Mon profil"]),
        ("/aide/", []),
    ],
)
def test_one_entry_at_most_is_current(path, label):
    assert current(path) == label


def test_staff_see_the_back_office_and_no_file_of_their_own():
    staff = {link.label for link in navigation.links_for(SimpleNamespace(is_staff=True), "/")}
    agent = {link.label for link in navigation.links_for(SimpleNamespace(is_staff=False), "/")}
    assert staff - agent == {"Gestion"}
    assert agent - staff == {"Ma carrière"}


def test_an_entry_without_page_is_not_shown():
    labels = {link.label for link in navigation.links_for(SimpleNamespace(is_staff=False), "/")}
    assert "Alertes" not in labels
