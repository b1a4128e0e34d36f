from mobility.admin import requests as requests
