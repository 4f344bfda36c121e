"""Django's backend for SQLite, whose writers queue."""
