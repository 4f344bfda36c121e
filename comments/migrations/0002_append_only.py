"""Decisions are history: the database itself refuses to change one."""

from django.db import migrations

SQLITE = """
CREATE TRIGGER comments_decision_append_only BEFORE UPDATE ON comments_decision
BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END
"""

POSTGRESQL = """
CREATE FUNCTION comments_decision_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'decisions are append-only'; END $$;
CREATE TRIGGER comments_decision_append_only BEFORE UPDATE ON comments_decision
FOR EACH ROW EXECUTE FUNCTION comments_decision_append_only();
"""


def add_trigger(apps, schema_editor):
    schema_editor.execute(SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL)


def drop_trigger(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER comments_decision_append_only")
    else:
        schema_editor.execute("DROP FUNCTION comments_decision_append_only() CASCADE")


class Migration(migrations.Migration):
    dependencies = [("comments", "0001_initial")]

    operations = [migrations.RunPython(add_trigger, drop_trigger)]
