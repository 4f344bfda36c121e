"""Rules, templates, bans and trust, which moderators keep, and the policy, which administrators change."""

from dataclasses import replace
from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.models import User
from django.db.models import Count, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments import policy, precision, replay, rulebook, sanctions
from comments.admin_forms import PolicyForm, PreviewedForm, RuleForm, TemplateForm
from comments.models import PolicyRevision, Rule, Sanction, Template
from comments.permissions import PERMISSION, AdministratorsOnly
from comments.sanction_forms import NewSanctionForm, SanctionForm
from comments.spam.rules import Rules

NEW = 10**9  # stands for the primary key of a rule that has none yet: the newest


class PreviewedAdmin(admin.ModelAdmin):
    """Shows what the form would change, and a button to save it only below that."""

    change_form_template = "admin/comments/previewed_form.html"

    class Media:
        css = {"all": ["admin/replay.css"]}

    def proposal(self, form: PreviewedForm) -> replay.Setup:
        """What would hold if the form were saved."""
        raise NotImplementedError

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        form = context["adminform"].form
        if isinstance(form, PreviewedForm) and form.is_to_be_shown:
            context["replay"] = replay.replay(replay.setup(), self.proposal(form))
            context["digest"] = form.digest
        return super().render_change_form(request, context, *args, **kwargs)


class KeptByModerators(admin.ModelAdmin):
    """Whoever moderates sees, adds, changes and deletes these."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PERMISSION)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(PERMISSION)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PERMISSION)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(PERMISSION)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(PERMISSION)


@admin.register(Rule)
class RuleAdmin(KeptByModerators, PreviewedAdmin):
    form = RuleForm
    list_display = ["text", "kind", "points", "state_in_words", "hit_count", "made_by"]
    list_filter = ["state", "kind"]
    list_select_related = ["made_by"]
    search_fields = ["text", "note"]
    ordering = ["text", "pk"]
    list_per_page = 100

    def get_queryset(self, request: HttpRequest) -> QuerySet[Rule]:
        rules: QuerySet[Rule] = super().get_queryset(request).annotate(hit_count=Count("hits"))
        return rules

    @admin.display(description=gettext_lazy("hits"), ordering="hit_count")
    def hit_count(self, rule: Any) -> int:
        return int(rule.hit_count)

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_in_words(self, rule: Rule) -> str:
        if rule.expires_at is None:
            return str(Rule.State(rule.state).label)
        when = date_format(timezone.localtime(rule.expires_at), "SHORT_DATE_FORMAT")
        if rule.expires_at <= timezone.now():
            return _("Expired on %(when)s") % {"when": when}
        return _("%(state)s (until %(when)s)") % {"state": Rule.State(rule.state).label, "when": when}

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        context["is_shadow"] = would_be_shown_as_active(context["adminform"].form.instance)
        return super().render_change_form(request, context, *args, **kwargs)

    def proposal(self, form: PreviewedForm) -> replay.Setup:
        rule: Rule = form.instance
        active = rulebook.in_force(timezone.now()).filter(state=Rule.State.ACTIVE).exclude(pk=rule.pk)
        rows = rulebook.rows(active)
        expired = rule.expires_at and rule.expires_at <= timezone.now()
        if not expired and (rule.state == Rule.State.ACTIVE or would_be_shown_as_active(rule)):
            rows += [replace(row, pk=row.pk or NEW) for row in rulebook.rows([rule])]
        return replace(replay.setup(), rules=Rules(rows))

    def save_model(self, request: HttpRequest, obj: Rule, form: ModelForm, change: Any) -> None:
        if not change:
            obj.made_by_id = request.user.pk
        rulebook.keep(obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Names the rules, and does not name each of their hits."""
        _to_delete, counts, missing, protected = super().get_deleted_objects(objs, request)
        return [str(rule) for rule in objs], counts, missing, protected


@admin.register(Template)
class TemplateAdmin(KeptByModerators):
    form = TemplateForm
    list_display = ["label", "kind", "language", "text"]
    list_filter = ["kind", "language"]
    search_fields = ["label", "text"]


def would_be_shown_as_active(rule: Rule) -> bool:
    """A rule in shadow is shown as if it were active, unless it is active now: then its end is what is shown."""
    was_active = Rule.objects.filter(pk=rule.pk, state=Rule.State.ACTIVE).exists()
    return rule.state == Rule.State.SHADOW and not was_active


@admin.register(Sanction)
class SanctionAdmin(KeptByModerators):
    """Proven authors are banned or trusted at a comment of theirs; here that is changed, or lifted by deleting it."""

    list_display = ["about", "kind", "effect", "expiry", "author_comments", "made_by", "made_at"]
    list_filter = ["effect", "kind"]
    list_select_related = ["made_by"]
    search_fields = ["text", "note"]
    ordering = ["-made_at", "-pk"]
    list_per_page = 100

    def get_form(self, request: HttpRequest, obj: Any = None, change: Any = False, **kwargs: Any) -> Any:  # noqa: FBT002
        return super().get_form(request, obj, change, form=SanctionForm if obj else NewSanctionForm, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["kind", "about"] if obj else []

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["kind", "about" if obj else "text", "effect", "expires_at", "note"]

    @admin.display(description=gettext_lazy("about"), ordering="text")
    def about(self, sanction: Sanction) -> str:
        return str(sanction)

    @admin.display(description=gettext_lazy("expires"), ordering="expires_at")
    def expiry(self, sanction: Sanction) -> str:
        if sanction.expires_at is None:
            return _("for good")
        when = date_format(timezone.localtime(sanction.expires_at), "DATETIME_FORMAT")
        return _("Expired on %(when)s") % {"when": when} if sanction.has_expired else when

    @admin.display(description=gettext_lazy("comments"), empty_value="")
    def author_comments(self, sanction: Sanction) -> str | None:
        if sanction.proof_id is None:
            return None
        return format_html('<a href="{}?proof={}">{}</a>', reverse("queue"), sanction.proof_id, _("Their comments"))

    def save_model(self, request: HttpRequest, obj: Sanction, form: ModelForm, change: Any) -> None:
        if not change:
            obj.made_by = cast(User, request.user)
        sanctions.keep(obj)


@admin.register(PolicyRevision)
class PolicyRevisionAdmin(AdministratorsOnly, PreviewedAdmin):
    """Every change makes a new revision; the newest holds."""

    form = PolicyForm
    change_list_template = "admin/comments/policy.html"
    list_display = ["version", "made_at", "made_by", "thresholds", "switches", "note"]
    list_select_related = ["made_by"]
    ordering = ["-pk"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        now = policy.current()
        context = {"policy": now, "records": precision.records(now), "needed": 100 * precision.NEEDED}
        return super().changelist_view(request, context | (extra_context or {}))

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        return super().add_view(request, form_url, {"title": _("Change the policy")} | (extra_context or {}))

    def get_changeform_initial_data(self, request: HttpRequest) -> Any:
        now = policy.current()
        return {name: getattr(now, name) for name in PolicyForm.Meta.fields if name != "note"}

    def proposal(self, form: PreviewedForm) -> replay.Setup:
        proposed = policy.policy_of(form.instance)
        return replace(replay.setup(), policy=proposed, earned=precision.earned(proposed))

    def save_model(self, request: HttpRequest, obj: PolicyRevision, form: ModelForm, change: Any) -> None:
        obj.made_by_id = request.user.pk
        obj.save()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return PolicyList

    @admin.display(description=gettext_lazy("version"))
    def version(self, revision: PolicyRevision) -> int:
        return revision.pk

    @admin.display(description=gettext_lazy("publishes, spam, obvious"))
    def thresholds(self, revision: PolicyRevision) -> str:
        numbers = (revision.publish_threshold, revision.spam_threshold, revision.obvious_threshold)
        return " · ".join(number_format(number, 1) for number in numbers)

    @admin.display(description=gettext_lazy("switched on"), empty_value="")
    def switches(self, revision: PolicyRevision) -> str:
        names = {"auto_spam": _("spam folder"), "auto_publish": _("publishing")}
        return ", ".join(label for name, label in names.items() if getattr(revision, name))


class PolicyList(ChangeList):
    """Its title says what the list is, since nothing can be changed in it."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.title = _("Policy")
