from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("posts", "0002_search"),
    ]

    operations = [
        migrations.AddField(
            model_name="page",
            name="wordpress_site",
            field=models.CharField(default="", editable=False, max_length=200),
        ),
        migrations.AddField(
            model_name="post",
            name="wordpress_site",
            field=models.CharField(default="", editable=False, max_length=200),
        ),
        migrations.AlterField(
            model_name="page",
            name="wordpress_id",
            field=models.PositiveBigIntegerField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="post",
            name="wordpress_id",
            field=models.PositiveBigIntegerField(editable=False, null=True),
        ),
        migrations.AddConstraint(
            model_name="page",
            constraint=models.UniqueConstraint(fields=("wordpress_id", "wordpress_site"), name="page_imported_once"),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.UniqueConstraint(fields=("wordpress_id", "wordpress_site"), name="post_imported_once"),
        ),
    ]
