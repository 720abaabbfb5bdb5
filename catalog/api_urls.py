from django.urls import path

from catalog import api

urlpatterns = [
    path("", api.home, name="home"),
    path("songs/", api.songs, name="songs"),
    path("songs/<str:public_id>/", api.song, name="song"),
    path("artists/", api.artists, name="artists"),
    path("artists/<int:pk>/", api.artist, name="artist"),
    path("albums/", api.albums, name="albums"),
    path("albums/<int:pk>/", api.album, name="album"),
    path("genres/", api.genres, name="genres"),
    path("genres/<int:pk>/", api.genre, name="genre"),
    path("tags/", api.tags, name="tags"),
    path("tags/<int:pk>/", api.tag, name="tag"),
    path("suggest/", api.suggest, name="suggest"),
    path("about/", api.about, name="about"),
]
