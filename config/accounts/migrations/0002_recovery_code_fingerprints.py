"""Recovery codes that were stored as they are typed become fingerprints, as `second_factor.fingerprint` makes them."""

from base64 import b32encode
from hashlib import sha256

from django.db import migrations


def hash_codes(apps, schema_editor):
    tokens = apps.get_model("otp_static", "StaticToken").objects.select_related("device")
    for token in tokens:
        digest = sha256(f"recovery code of {token.device.user_id}: {token.token}".encode()).digest()
        token.token = b32encode(digest[:10]).decode().lower()
        token.save(update_fields=["token"])


def delete_codes(apps, schema_editor):
    """The version before would take a fingerprint for a code."""
    apps.get_model("otp_static", "StaticToken").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_password_request"), ("otp_static", "0003_add_timestamps")]

    operations = [migrations.RunPython(hash_codes, delete_codes)]
