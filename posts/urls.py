"""Public addresses."""

from django.urls import path

from posts import feeds, previews, sitemaps, views

app_name = "posts"
urlpatterns = [
    path("", views.home, name="home"),
    path("archive/", views.archive, name="archive"),
    path("search/", views.search, name="search"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("media/<str:name>", views.media_file, name="media"),
    path("preview/<str:token>/", previews.preview, name="preview"),
    path("category/<uslug:slug>/", views.category, name="category"),
    path("tag/<uslug:slug>/", views.tag, name="tag"),
    path("author/<uslug:slug>/", views.author, name="author"),
    *feeds.addresses("", feeds.site_posts, "feed"),
    *feeds.addresses("category/<uslug:slug>/", feeds.category_posts, "category-feed"),
    *feeds.addresses("tag/<uslug:slug>/", feeds.tag_posts, "tag-feed"),
    *feeds.addresses("author/<uslug:slug>/", feeds.author_posts, "author-feed"),
    path("<yyyy:year>/<mm:month>/", views.month, name="month"),
    path("<yyyy:year>/<mm:month>/<uslug:slug>/", views.post, name="post"),
    path("<uslug:slug>/", views.page, name="page"),
]
