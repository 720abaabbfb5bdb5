from django.urls import path

from retrieval import api

urlpatterns = [
    path("songs/<str:public_id>/similar/", api.similar_songs, name="similar"),
    path("songs/<str:public_id>/explain/", api.explain_candidates, name="explain_pick"),
    path("songs/<str:public_id>/explain/<str:other_id>/", api.explain_pair, name="explain"),
    path("spaces/", api.spaces, name="spaces"),
]
