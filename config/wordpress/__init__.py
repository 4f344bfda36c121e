"""Brings a WordPress export into the site."""
