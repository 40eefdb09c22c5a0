"""What each command does."""

import asyncio
import dataclasses
import getpass
import signal
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

from board.kit import names, passwords
from board.kit.config import Config, ConfigError
from board.kit.db import Database
from board.kit.launch import use, with_database
from board.kit.migrate import MigrationError, migrate, pending

T = TypeVar("T")


def run(config: Config, _: Any) -> None:
    """Everything on one machine: what is missing is made, what is there is kept."""
    # The rest of the program is imported below it: PostgreSQL starts meanwhile.
    with with_database(config, start=True) as config:
        from board import keeper
        from board.app import create_app

        password = use(config, lambda database: keeper.prepare(config, database))
        sign_in = f"  (sign in as {keeper.NAME}, password {password})" if password else ""
        _serve(config, create_app(config), f"Board is at {config.address}{sign_in}")


def serve(config: Config, options: Any) -> None:
    """The server alone: what a container runs."""
    if not config.database_url:
        raise ConfigError("DATABASE_URL is not set. `board run` starts a PostgreSQL of its own.")
    from board import keeper
    from board.app import create_app

    if options.migrate:
        use(config, lambda database: keeper.bring_up(config, database))
    elif missing := use(config, pending):
        raise MigrationError(f"The database lacks {', '.join(missing)}: run `board migrate` first.")
    _serve(config, create_app(config), f"Board is at {config.address}")


def migrate_(config: Config, _: Any) -> None:
    """Forward only; safe while the last release serves."""
    from board import keeper

    with with_database(config) as config:
        applied = use(config, lambda database: keeper.bring_up(config, database))
    print("\n".join(applied) or "Nothing to do.")


def seed(config: Config, _: Any) -> None:
    """Never touches a board that has a thread."""
    from board import demo

    with with_database(config) as config:
        use(config, migrate)
        filled = use(config, lambda database: demo.fill(config, database))
    print("The demo is there." if filled else "This board has threads already: it was left as it is.")


def jobs(config: Config, options: Any) -> None:
    """For a cron job beside servers that do none themselves, and for whoever looks after what failed."""
    from board.jobs import command
    from board.kit.storage import Storage
    from board.kit.worker import Site

    def site(database: Database) -> Site:
        return Site(config, database, Storage(config.pictures_url))

    with with_database(config) as config:
        use(config, lambda database: getattr(command, options.action)(site(database), options))


def create_admin(config: Config, options: Any) -> None:
    """Asks for the password rather than take it from the command line, where others could read it."""
    from board import accounts

    name = names.clean(options.name)
    password = getpass.getpass(f"Password for {name}: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    passwords.check(password, name, config.site_name)
    with with_database(config) as config:
        hasher = passwords.Passwords(1)
        account = use(config, lambda database: accounts.appoint(database, hasher, name, password, options.role))
    print(f"{account['name']} is {account['role']}.")


def remove_factors(config: Config, options: Any) -> None:
    """Whoever runs the server may be the admin who lost the phone."""
    from board.factors.recovery import remove_by_name
    from board.mail import Mailer

    with with_database(config) as config:
        found = use(config, lambda database: remove_by_name(database, Mailer(config), options.name))
    if not found:
        raise ConfigError(f"There is nobody named {options.name}.")
    print(f"{options.name} signs in with the password alone.")


def list_admins(config: Config, _: Any) -> None:
    """Those who may do more than others, admins first."""
    from board import accounts

    with with_database(config) as config:
        found = use(config, accounts.list_appointed)
    for each in found:
        boards = f" of {', '.join(each['boards'])}" if each["boards"] else ""
        suspended = " (suspended)" if each["suspended"] else ""
        print(f"{each['name']}: {each['role']}{boards}{suspended}")
    if not found:
        print("Nobody yet: `board admin create NAME`.")


def backup(config: Config, options: Any) -> None:
    """Also prints which backups there are, and makes a key."""
    from board.backups import make, place

    if options.new_key:
        print(place.new_key())
    elif options.list:
        print("\n".join(asyncio.run(place.list_backups(config))) or "There is no backup yet.")
    else:
        with _stoppable(), with_database(config) as config:
            made = _run(make.make(config))
        lost = f" The picture store has lost {made.missing} pictures, see the log." if made.missing else ""
        print(f"Backup {made.name}: {made.bytes:,} bytes, of which {made.new_bytes:,} are new.{lost}")


def restore(config: Config, options: Any) -> None:
    """Into an empty place only."""
    from board.backups.restore import restore as put_back

    with _stoppable(), with_database(config) as config:
        restored = _run(put_back(config, options.name, into=options.into))
    print(f"Restored backup {restored.name}: {restored.rows:,} rows, {restored.pictures:,} pictures.")


def drill(config: Config, options: Any) -> None:
    """What was found good is printed also if the next thing is not."""
    from board.backups.drill import drill as prove

    report: list[str] = []
    try:
        with _stoppable(), with_database(config) as config:
            _run(prove(config, options.name, report=report))
        report.append("The drill passed: this backup can be restored.")
    finally:
        print("\n".join(report), flush=True)


def settings(config: Config, _: Any) -> None:
    """As a table for README.md, too."""
    for setting in dataclasses.fields(config):
        print(f"| `{setting.name.upper()}` | {shown(setting.default)} | {setting.metadata['meaning']} |")


def shown(default: Any) -> str:
    """A setting's default as the table shows it."""
    if isinstance(default, bool):
        return f"`{int(default)}`"
    return f"`{default}`" if str(default) else ""


@contextmanager
def _stoppable() -> Iterator[None]:
    """Who stops it leaves by the way out, past everything that tidies up, with a status that says it was not done."""
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        yield
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
    except asyncio.CancelledError:
        sys.exit(128 + signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)


def _run(work: Coroutine[Any, Any, T]) -> T:
    """Do it; SIGTERM cancels it once, as Ctrl-C does, so that it undoes what is half done.

    An exception out of the handler would land wherever the event loop just is: one that had taken a task from its queue
    and not yet run it forgot that task, and then waited for it for ever.
    """

    async def cancellable() -> T:
        loop, task = asyncio.get_running_loop(), cast("asyncio.Task[T]", asyncio.current_task())

        def stop(*_: Any) -> None:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)  # a second one must not stop the undoing
            loop.call_soon_threadsafe(task.cancel)

        signal.signal(signal.SIGTERM, stop)
        return await work

    return asyncio.run(cancellable())


def _serve(config: Config, app: Any, line: str) -> None:
    from board.kit.connection import Bounds
    from board.kit.server import serve as listen

    listen(
        app,
        host=config.host,
        port=config.port,
        bounds=Bounds(idle_seconds=config.keep_alive_seconds),
        trusted_proxies=config.trusted_proxies,
        drain_seconds=config.drain_seconds,
        on_ready=lambda: print(line, flush=True),
    )
