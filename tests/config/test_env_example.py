import re

from django.conf import settings


def test_the_example_names_exactly_the_variables_that_the_settings_read() -> None:
    read = re.findall(r"""env(?:\.\w+)?\(\s*"(\w+)\"""", (settings.BASE_DIR / "config/settings.py").read_text())
    named = re.findall(r"^#?(\w+)=", (settings.BASE_DIR / ".env.example").read_text(), re.MULTILINE)
    assert sorted(named) == sorted(read)


def test_a_fresh_clone_has_the_folder_of_its_database() -> None:
    """SQLite makes its file, but no folder for it."""
    assert (settings.VAR_DIR / ".gitignore").is_file()
