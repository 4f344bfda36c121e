"""Two machines behind one of the samples of docs/deploy/, changed as docs/operating.md says: one may die."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.test_proxies import PUBLIC, Proxy
from tests.serving import Site, eventually

pytestmark = [pytest.mark.sqlite, pytest.mark.at_length]  # they share a file in the place of a server


@pytest.fixture(params=["nginx", "caddy"])
def proxy(request: pytest.FixtureRequest, with_post: tuple[Path, str], tmp_path: Path) -> Iterator[Proxy]:
    if not shutil.which(request.param):
        pytest.skip(f"{request.param} is not installed")
    database, post = with_post
    shared = Path(shutil.copy(database, tmp_path))
    machines = [Site(tmp_path, shared, post, **PUBLIC) for _ in range(2)]
    for machine in machines:
        machine.start("--no-worker")
    with Proxy(request.param, tmp_path, machines[0], second=machines[1]).running() as proxy:
        yield proxy
    for machine in machines:
        machine.close()


@pytest.mark.parametrize("number", [0, 1])  # readers from here stay with one of them
def test_a_machine_dies_and_readers_and_commenters_get_on(proxy: Proxy, number: int) -> None:
    dead, alive = [(proxy.site, proxy.second), (proxy.second, proxy.site)][number]
    assert dead
    assert alive
    dead.kill(dead.started[-1])
    dead.listener.close()
    assert [proxy.ask("GET", alive.post).status for _ in range(5)] == [200] * 5
    eventually(lambda: proxy.comment("Lost by none.").status == 303)
    assert alive.query("SELECT count(*) FROM comments_comment") == [(1,)]
