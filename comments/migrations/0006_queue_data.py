"""Fills what the queue sorts and filters by, gives moderators their first reasons, and keeps decisions append-only."""

from importlib import import_module

from django.db import migrations
from django.db.models.functions import Coalesce

from posts.language import language_of

BATCH = 2000  # comments

REASONS = {
    "en": [
        ("Off topic", "Your comment is not about this article."),
        ("Insults", "Please write it again without insulting or threatening anybody."),
        ("Could endanger people", "It names people or places in a way that could put somebody in danger."),
        ("Unproven accusation", "It accuses somebody of a crime without saying how that is known."),
        ("Advertising", "We publish no advertisements."),
        ("Said already", "You have said this before, and it is published."),
    ],
    "ko": [
        ("주제와 무관", "이 글의 주제와 관련이 없는 댓글입니다."),
        ("모욕", "누구도 모욕하거나 위협하지 않는 말로 다시 써 주세요."),
        ("사람을 위험하게 할 수 있음", "사람이나 장소가 드러나 누군가를 위험하게 할 수 있습니다."),
        ("근거 없는 고발", "어떻게 알게 되었는지 밝히지 않고 누군가를 범죄로 고발하고 있습니다."),
        ("광고", "광고는 싣지 않습니다."),
        ("이미 실린 내용", "이미 같은 내용으로 쓰신 댓글이 실려 있습니다."),
    ],
}


def fill(apps, schema_editor):
    Comment = apps.get_model("comments", "Comment")
    Comment.objects.filter(score__isnull=False).update(risk=Coalesce("score", 0.0))
    rows = Comment.objects.filter(language="").order_by("pk").values_list("pk", "body", "post__language")
    last = 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        by_language = {}
        for pk, body, of_post in batch:
            by_language.setdefault(language_of(body) or of_post, []).append(pk)
        for language, keys in by_language.items():
            Comment.objects.filter(pk__in=keys).update(language=language)
        last = batch[-1][0]


def add_reasons(apps, schema_editor):
    Template = apps.get_model("comments", "Template")
    Template.objects.bulk_create(
        Template(kind="reason", language=language, label=label, text=text, position=position)
        for language, reasons in REASONS.items()
        for position, (label, text) in enumerate(reasons)
    )


def renew_trigger(apps, schema_editor):
    """SQLite made the table anew for its new columns, and the trigger did not come along."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER IF EXISTS comments_decision_append_only")
        schema_editor.execute(import_module("comments.migrations.0002_append_only").SQLITE)


class Migration(migrations.Migration):
    dependencies = [("comments", "0005_queue")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(add_reasons, migrations.RunPython.noop),
        migrations.RunPython(renew_trigger, migrations.RunPython.noop),
    ]
