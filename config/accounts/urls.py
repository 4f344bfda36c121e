"""Addresses of the accounts, below /admin/: elsewhere no cookie is read."""

from django.urls import path

from config.accounts import views

urlpatterns = [
    path("account/", views.account, name="account"),
    path("account/code/", views.code, name="code"),
    path("account/device/", views.device, name="device"),
    path("account/password/<int:pk>/<str:token>/", views.set_password, name="set-password"),
    path("password_reset/", views.ask_for_password, name="admin_password_reset"),  # the name the login page looks for
    path("password_reset/asked/", views.password_asked, name="password-asked"),
]
