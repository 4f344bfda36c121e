"""The full-text index of comments, in each database's own way, and an index for what needs a careful eye.

comments/search.py keeps it up to date from here on.
"""

from django.db import migrations, models

from posts.search import fitting, lexemes, tokens

BATCH = 2000  # comments

# Without the sizes that only a ranking by relevance would read.
SQLITE = """
CREATE VIRTUAL TABLE comments_search
USING fts5(terms, columnsize = 0, tokenize = "unicode61 remove_diacritics 0")
"""

POSTGRESQL = """
CREATE TABLE comments_search (comment_id bigint PRIMARY KEY, terms tsvector NOT NULL);
CREATE INDEX comments_search_terms ON comments_search USING gin (terms);
"""


def create(apps, schema_editor):
    schema_editor.execute(SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL)


def drop(apps, schema_editor):
    schema_editor.execute("DROP TABLE comments_search")


def fill(apps, schema_editor):
    rows = apps.get_model("comments", "Comment").objects.exclude(body="").order_by("pk")
    rows = rows.values_list("pk", "body", "name", "website")
    in_words, sql = " ".join, "INSERT INTO comments_search (rowid, terms) VALUES (%s, %s)"
    if schema_editor.connection.vendor != "sqlite":
        in_words = lambda words: " ".join(lexemes(words))  # noqa: E731
        sql = "INSERT INTO comments_search (comment_id, terms) VALUES (%s, %s::tsvector)"
    last = 0
    with schema_editor.connection.cursor() as cursor:
        while batch := list(rows.filter(pk__gt=last)[:BATCH]):
            cursor.executemany(sql, [(pk, in_words(fitting(tokens(" ".join(texts))))) for pk, *texts in batch])
            last = batch[-1][0]


class Migration(migrations.Migration):
    dependencies = [("comments", "0008_erasing")]

    operations = [
        migrations.RunPython(create, drop),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            "comment",
            models.Index(
                name="comment_careful", fields=["status", "status_since", "id"], condition=models.Q(careful=True)
            ),
        ),
    ]
