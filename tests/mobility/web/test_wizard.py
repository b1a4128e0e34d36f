"""The teacher's request, page by page."""

import pytest
from django.urls import reverse

from mobility.models import MobilityRequest

pytestmark = pytest.mark.django_db


def url(name, one):
    return reverse(f"mobility:{name}", kwargs={"public_id": one.public_id})


@pytest.mark.parametrize("name", ["voeux", "priorites", "pieces", "recap", "request"])
def test_each_page_shows(client, mine, name):
    response = client.get(url(name, mine))
    assert response.status_code == 200


def test_home_begins_once(client, teacher, opened):
    first = client.post(reverse("mobility:start", args=[opened.public_id]))
    again = client.post(reverse("mobility:start", args=[opened.public_id]))
    assert first.url == again.url == url("voeux", MobilityRequest.objects.get())
