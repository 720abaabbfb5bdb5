from django.urls import path

from retrieval import api

urlpatterns = [
    path("songs/<str:public_id>/similar/", api.similar_songs, name="similar"),
    path("songs/<str:public_id>/explain/", api.explain_candidates, name="explain_pick"),
    path("songs/<str:public_id>/explain/<str:other_id>/", api.explain_pair, name="explain"),
    path("search/", api.search_words, name="search"),
    path("search/cover/", api.search_cover, name="search_cover"),
    path("search/clip/", api.search_clip, name="search_clip"),
    path("ingest/", api.ingest_files, name="ingest"),
    path("spaces/", api.spaces, name="spaces"),
]
