from django.urls import path

from catalog import views

urlpatterns = [
    path("", views.home, name="home"),
    path("songs/", views.songs, name="songs"),
    path("songs/<str:public_id>/", views.song, name="song"),
    path("songs/<str:public_id>/sound.wav", views.sound, name="sound"),
    path("artists/", views.artists, name="artists"),
    path("artists/<int:pk>/", views.artist, name="artist"),
    path("albums/", views.albums, name="albums"),
    path("albums/<int:pk>/", views.album, name="album"),
    path("genres/", views.genres, name="genres"),
    path("genres/<int:pk>/", views.genre, name="genre"),
    path("tags/", views.tags, name="tags"),
    path("tags/<int:pk>/", views.tag, name="tag"),
    path("suggest/", views.suggest, name="suggest"),
    path("about/", views.about, name="about"),
]
