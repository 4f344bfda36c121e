"""The full-text index, in each database's own way. posts/search.py fills it."""

from django.db import migrations

SQLITE = 'CREATE VIRTUAL TABLE posts_search USING fts5(terms, tokenize = "unicode61 remove_diacritics 0")'

POSTGRESQL = """
CREATE TABLE posts_search (post_id bigint PRIMARY KEY, terms tsvector NOT NULL);
CREATE INDEX posts_search_terms ON posts_search USING gin (terms);
"""


def create(apps, schema_editor):
    schema_editor.execute(SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL)


def drop(apps, schema_editor):
    schema_editor.execute("DROP TABLE posts_search")


class Migration(migrations.Migration):
    dependencies = [("posts", "0001_initial")]

    operations = [migrations.RunPython(create, drop)]
