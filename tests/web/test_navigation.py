from types import SimpleNamespace

import pytest

from iprof.web import navigation

URLS = {name: f"/{i}/" for i, name in enumerate(["career:history", "security:account", "admin:index"])} | {
    "home:dashboard": "/",
    "security:profile": "/1/profil/",
    "career:promotion": "/0/promotion/",
    "correspondence:alert_list": "/alertes/",
    "correspondence:news_list": "/actualites/",
}

AGENT = SimpleNamespace(is_staff=False)


@pytest.fixture(autouse=True)
def _known_urls(monkeypatch):
    def existing(entries):
        return tuple((URLS[e.url_name], e) for e in entries if e.url_name in URLS)

    monkeypatch.setattr(navigation, "_existing", existing)


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
        ("/alertes/bulletins/", ["Messages"]),
        ("/actualites/une-date/", ["Messages"]),
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
    assert "Mes formations" not in labels


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("/0/", ["Situation et historique"]),
        ("/0/promotion/", ["Promotion de grade"]),
        ("/0/promotion/a/", ["Promotion de grade"]),
    ],
)
def test_a_page_of_the_section_or_below_shows_its_siblings(path, label):
    name, links = navigation.section_links(AGENT, path)
    assert name == "Ma carrière"
    assert [link.label for link in links if link.current] == label
    assert len(links) == 2


def test_messages_show_their_siblings_from_the_first_page_down():
    for path, label in (("/alertes/", "Alertes"), ("/alertes/bulletins/", "Alertes"), ("/actualites/", "Actualités")):
        name, links = navigation.section_links(AGENT, path)
        assert (name, [link.label for link in links if link.current]) == ("Messages", [label])


@pytest.mark.parametrize("path", ["/", "/0/demandes/", "/1/"])
def test_elsewhere_the_section_is_not_shown(path):
    assert navigation.section_links(AGENT, path)[1] == []
