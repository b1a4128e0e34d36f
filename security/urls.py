"""Pages of the account: sign-in and password pages keep allauth's URL names, so that its flows find them."""

app_name = "security"
urlpatterns: list = []
