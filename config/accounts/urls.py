"""Addresses of the accounts, below /admin/: elsewhere no cookie is read."""

from django.urls import path

from config.accounts import own_account, views

urlpatterns = [
    path("account/", own_account.account, name="account"),
    path("account/code/", views.code, name="code"),
    path("account/device/", own_account.device, name="device"),
    path("account/password/<int:pk>/<str:token>/", views.set_password, name="set-password"),
    path("account/reauthenticate/", own_account.reauthenticate, name="reauthenticate"),
    path("account/recovery_codes/", own_account.recovery_codes, name="recovery-codes"),
    path("password_reset/", views.ask_for_password, name="admin_password_reset"),  # the name the login page looks for
    path("password_reset/asked/", views.password_asked, name="password-asked"),
]
