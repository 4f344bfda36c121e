from django.db import migrations, models

import posts.models


class Migration(migrations.Migration):
    dependencies = [
        ("posts", "0003_wordpress_site"),
    ]

    operations = [
        migrations.AlterField(
            model_name="author",
            name="website",
            field=models.CharField(
                blank=True, max_length=500, validators=[posts.models.validate_web_address], verbose_name="website"
            ),
        ),
        migrations.AlterField(
            model_name="post",
            name="source_url",
            field=models.CharField(
                blank=True,
                max_length=2000,
                validators=[posts.models.validate_web_address],
                verbose_name="address of the source",
            ),
        ),
    ]
