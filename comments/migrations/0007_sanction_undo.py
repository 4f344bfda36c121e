"""Sanctions know what held before them, so that undoing puts it back, and when they change."""

from django.db import migrations, models

import comments.models.spam


class Migration(migrations.Migration):
    dependencies = [("comments", "0006_queue_data")]

    operations = [
        migrations.AddField(model_name="sanction", name="before", field=models.JSONField(null=True)),
        migrations.AddField(
            model_name="sanction", name="mark", field=models.BigIntegerField(default=comments.models.spam.new_mark)
        ),
    ]
