"""Makes the one row of Identity. A site that was named in its environment keeps its name and tagline."""

import os

from django.conf import settings
from django.db import migrations

LANGUAGES = ["en", "ko"]


def seed(apps, schema_editor):
    identity, _created = apps.get_model("posts", "Identity").objects.get_or_create(pk=1)
    Wording = apps.get_model("posts", "Wording")
    for language in LANGUAGES:
        Wording.objects.get_or_create(language=language, defaults={"identity": identity})
    main = settings.LANGUAGE_CODE if settings.LANGUAGE_CODE in LANGUAGES else LANGUAGES[0]
    Wording.objects.filter(language=main, name="").update(
        name=os.environ.get("SITE_NAME", "Tumen")[:100],
        tagline=os.environ.get("SITE_TAGLINE", "Reporting on human rights in North Korea")[:200],
    )


class Migration(migrations.Migration):
    dependencies = [("posts", "0008_identity")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
