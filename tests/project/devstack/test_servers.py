"""Where the private servers lie, and that a folder is claimed by one stack."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from project.devstack import servers
from project.settings import BASE_DIR
from tests.stack import environment


def test_sockets_lie_in_the_data_folder(tmp_path: Path) -> None:
    short = Path("/srv/gw")
    assert servers.socket_dir(short) == short / "run"
    assert servers.database(short)["HOST"] == "/srv/gw/run"
    assert servers.redis_url(short) == "unix:///srv/gw/run/redis.sock?db=0"


def test_a_path_too_long_for_a_socket_gets_a_short_folder_of_its_own() -> None:
    first, other = (servers.socket_dir(Path("/" + "long-name/" * 12 + last)) for last in ("a", "b"))
    assert first != other
    assert len(os.fsencode(first / ".s.PGSQL.5432.lock")) < servers.SOCKET_PATH_BYTES


@pytest.mark.parametrize(
    ("redis", "broker"),
    [
        ("unix:///srv/run/redis.sock?db=0", "redis+socket:///srv/run/redis.sock?virtual_host=0"),
        ("unix:///srv/run/redis.sock", "redis+socket:///srv/run/redis.sock?virtual_host=0"),
        ("redis://10.0.0.7:6379/2", "redis://10.0.0.7:6379/2"),
        ("rediss://10.0.0.7:6379/2", "rediss://10.0.0.7:6379/2"),
    ],
)
def test_celery_is_told_of_the_same_redis(redis: str, broker: str) -> None:
    assert servers.broker_url(redis) == broker


def test_the_cache_lies_beside_the_private_queue_and_where_it_is_told_otherwise() -> None:
    assert servers.cache_url("unix:///srv/run/redis.sock?db=0") == "unix:///srv/run/redis.sock?db=1"
    assert servers.cache_url("redis://10.0.0.7:6379/2") == "redis://10.0.0.7:6379/2"


def test_a_folder_is_claimed_by_one_stack_and_keeps_its_secret_key(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    passing = servers.secret_key(folder)
    with servers.claim(folder):
        kept = servers.secret_key(folder)
        with pytest.raises(servers.InUseError, match="Another stack is running"):
            servers.claim(folder)
    with servers.claim(folder):
        assert servers.secret_key(folder) == kept != passing
    assert len(kept) >= 50
    assert stat.S_IMODE((folder / "secret_key").stat().st_mode) == 0o600


def test_a_strangers_folder_is_not_used_for_sockets(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(PermissionError, match="Remove it or set DATA_DIR"):
        servers.private_folder(tmp_path / "link", user=None)


def test_naming_the_private_servers_starts_and_writes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "untouched"
    command = [sys.executable, "-W", "error", "-c", "import django; django.setup()"]
    env = environment(folder, DJANGO_SETTINGS_MODULE="project.settings")
    subprocess.run(command, env=env, cwd=BASE_DIR, check=True)
    assert not folder.exists()


def test_a_command_runs_beside_private_servers_even_in_a_very_deep_folder(data_dir: Path) -> None:
    folder = data_dir / ("deep-folder-" * 8) / "data"
    program = (
        "from django.db import connection as c; from django.core.cache import cache\n"
        "c.ensure_connection(); cache.set('a', 'cached'); print(c.pg_version // 10000, cache.get('a'))"
    )
    shell = [sys.executable, "manage.py", "shell", "--no-imports", "-c", program]
    command = [sys.executable, "manage.py", "with_stack", "--", *shell]
    done = subprocess.run(
        command, env=environment(folder), cwd=BASE_DIR, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, "18 cached"), done.stderr


def test_the_exit_code_of_the_command_beside_the_servers_is_given(data_dir: Path) -> None:
    folder = data_dir / "data"
    command = [
        sys.executable,
        "manage.py",
        "with_stack",
        "--data-dir",
        str(folder),
        "--",
        "sh",
        "-c",
        "exit 3",
    ]
    env = environment(folder, DATABASE_URL="postgres://elsewhere/x", REDIS_URL="redis://elsewhere/0")
    assert subprocess.run(command, env=env, cwd=BASE_DIR, check=False).returncode == 3
    assert not (folder / "postgres").exists()
