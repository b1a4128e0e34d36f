"""Services that sign in through the portal. Their addresses lead nowhere."""

import factory
from factory.django import DjangoModelFactory

from security.idp.models import Service, ServiceGrant
from tests.factories.accounts import UserFactory

SECRET = "secret-d-essai-" + "x" * 30
RETURN = "https://carnet.example/retour"
BYE = "https://carnet.example/au-revoir"


class ServiceFactory(DjangoModelFactory):
    """Everything may be asked; consent is."""

    class Meta:
        model = Service
        skip_postgeneration_save = True

    class Params:
        house = factory.Trait(skip_consent=True)
        public = factory.Trait(type="public")

    id = factory.Sequence(lambda n: f"carnet-{n}")
    name = factory.Sequence(lambda n: f"Carnet de bord{n or ''}")
    scopes = "openid\nprofile\nemail\nagent"
    grant_types = "authorization_code\nrefresh_token"
    redirect_uris = RETURN
    data = factory.LazyFunction(
        lambda: {
            "client_metadata": {
                "purpose": "Tenir le carnet de bord de vos classes.",
                "post_logout_redirect_uris": [BYE],
                "backchannel_logout_uri": "",
            }
        }
    )

    @factory.post_generation
    def secret(self, create: bool, extracted: str | None, **kwargs) -> None:
        self.set_secret(extracted or SECRET)
        self.save()


class ServiceGrantFactory(DjangoModelFactory):
    class Meta:
        model = ServiceGrant

    user = factory.SubFactory(UserFactory)
    service = factory.SubFactory(ServiceFactory)
    scopes = ("openid", "profile")
