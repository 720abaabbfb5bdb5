from django.urls import path

from retrieval import views

urlpatterns = [
    path("songs/<str:public_id>/similar/", views.similar_page, name="similar"),
    path("songs/<str:public_id>/similar/bars/", views.bars, name="bars"),
    path("songs/<str:public_id>/explain/", views.explain_pick, name="explain_pick"),
    path("songs/<str:public_id>/explain/<str:other_id>/", views.explain_page, name="explain"),
    path("search/", views.search_page, name="search"),
    path("search/cover/", views.search_cover, name="search_cover"),
    path("search/clip/", views.search_clip, name="search_clip"),
    path("ingest/", views.ingest_page, name="ingest"),
    path("spaces/", views.spaces, name="spaces"),
    path("art/<str:public_id>.svg", views.art, name="art"),
]
