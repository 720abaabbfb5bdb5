"""Every address of the site. Pages and their API twins share their paths: `/songs/` ↔ `/api/v1/songs/`."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from fairouz_site import api, health, media, views

admin.site.site_header = admin.site.site_title = "Fairouz"
admin.site.index_title = "Curation"

api_urls = [
    path("", include("catalog.api_urls")),
    path("", include("retrieval.api_urls")),
    path("plugins/", api.plugins, name="plugins"),
]

urlpatterns = [
    path("", include("catalog.urls")),
    path("", include("retrieval.urls")),
    path("plugins/", views.plugins, name="plugins"),
    path("api/v1/", include((api_urls, "api"))),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="api_docs"),
    path("admin/", admin.site.urls),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    re_path(rf"^{settings.MEDIA_URL.lstrip('/')}(?P<path>.+)$", media.serve, name="media"),
]

handler400 = "fairouz_site.errors.bad_request"
handler403 = "fairouz_site.errors.forbidden"
handler404 = "fairouz_site.errors.not_found"
handler500 = "fairouz_site.errors.server_error"
