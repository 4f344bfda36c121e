"""The environment that the settings need, loaded by pytest before Django (`-p tests.environment`).

What is already set wins, so `DATABASE_URL=… CACHE_URL=… pytest` runs the same suite elsewhere.
"""

import os
import re

os.environ.setdefault("SITE_URL", "http://127.0.0.1:8000")
os.environ.setdefault("SECRET_KEY", "a key for tests only, known to everybody who reads this")

# Tests run side by side: each process has a Redis database of its own.
if (worker := os.environ.get("PYTEST_XDIST_WORKER")) and os.environ.get("CACHE_URL", "").startswith("redis"):
    os.environ["CACHE_URL"] = re.sub(r"/\d*$", "", os.environ["CACHE_URL"]) + f"/{worker.removeprefix('gw')}"
