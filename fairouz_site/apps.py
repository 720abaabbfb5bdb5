from django.apps import AppConfig


class FairouzSiteConfig(AppConfig):
    name = "fairouz_site"
    verbose_name = "Fairouz"
