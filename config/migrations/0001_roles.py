"""The roles: what an editor and a moderator may do. Administrators are superusers."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

EDITED = ["category", "tag", "author", "media", "post", "page"]
ROLES = {
    "Editors": [
        *(f"posts.{action}_{model}" for model in EDITED for action in ("add", "change", "delete", "view")),
    ],
    "Moderators": ["comments.moderate_comment", "posts.view_post"],
}


def create_roles(apps, schema_editor):
    # Permissions are otherwise made only after all migrations have run.
    for label in ("posts", "comments"):
        app_config = apps.get_app_config(label)
        app_config.models_module = True
        create_permissions(app_config, apps=apps, verbosity=0)
        app_config.models_module = None
    permission, group = apps.get_model("auth", "Permission"), apps.get_model("auth", "Group")
    for name, wanted in ROLES.items():
        role, _created = group.objects.get_or_create(name=name)
        for label_and_codename in wanted:
            label, codename = label_and_codename.split(".")
            role.permissions.add(permission.objects.get(content_type__app_label=label, codename=codename))


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("posts", "0002_search"),
        ("comments", "0002_append_only"),
    ]

    operations = [migrations.RunPython(create_roles, migrations.RunPython.noop)]
