"""Revisions of the policy are history: the database itself refuses to change one."""

from django.db import migrations

SQLITE = """
CREATE TRIGGER comments_policyrevision_append_only BEFORE UPDATE ON comments_policyrevision
BEGIN SELECT RAISE(ABORT, 'revisions of the policy are append-only'); END
"""

POSTGRESQL = """
CREATE FUNCTION comments_policyrevision_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'revisions of the policy are append-only'; END $$;
CREATE TRIGGER comments_policyrevision_append_only BEFORE UPDATE ON comments_policyrevision
FOR EACH ROW EXECUTE FUNCTION comments_policyrevision_append_only();
"""


def add_trigger(apps, schema_editor):
    schema_editor.execute(SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL)


def drop_trigger(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER comments_policyrevision_append_only")
    else:
        schema_editor.execute("DROP FUNCTION comments_policyrevision_append_only() CASCADE")


class Migration(migrations.Migration):
    dependencies = [("comments", "0003_judging")]

    operations = [migrations.RunPython(add_trigger, drop_trigger)]
