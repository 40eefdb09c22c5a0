"""The one command: board run | serve | migrate | seed | jobs | admin | settings."""

import argparse
import asyncio
import dataclasses
import getpass
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from board import __version__
from board.kit import embedded, names, passwords
from board.kit.config import Config, ConfigError
from board.kit.db import Database
from board.kit.errors import Problem
from board.kit.migrate import MigrationError, migrate, pending

T = TypeVar("T")


def main(arguments: list[str] | None = None) -> int:
    """Run a command; return the exit status. What can not be done is a sentence, not a traceback."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # The one writes the address of the database, and at DEBUG what people sent; the other that it starts and stops.
    for name in ("databases", "uvicorn"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # uvicorn's server sets its own while it runs; before and after it, SIGTERM must still stop PostgreSQL.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        options.command(Config.from_environment(os.environ), options)
    except (ConfigError, MigrationError, embedded.EmbeddedError, names.BadName, Problem, RuntimeError) as error:
        print(f"board: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="board",
        description="A message board with pictures. Settings come from the environment: see `board settings`.",
    )
    parser.add_argument("--version", action="version", version=f"board {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: Callable[[Config, Any], None], help_: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=help_, description=help_[0].upper() + help_[1:] + ".")
        sub.set_defaults(command=command)
        return sub

    add(
        "run",
        run,
        "start everything: PostgreSQL if there is no DATABASE_URL, the schema, a demo on an empty board, the server",
    )
    add("serve", serve, "serve a database that is migrated already")
    add("migrate", migrate_, "bring the database to this release's schema")
    add("seed", seed, "fill an empty board with a demo")
    add("jobs", jobs, "do all periodic work once: remove what was deleted, sweep unused pictures")
    add("settings", settings, "print every setting, its default and its meaning")
    admin = add("admin", lambda *_: None, "make somebody an admin or a moderator")
    create = admin.add_subparsers(required=True, metavar="COMMAND").add_parser(
        "create",
        help="make an account with rights, or give them to one that there is",
        description="Make an account with rights, or give them, and a new password, to one that there is. The password "
        "is asked for, or read from standard input if that is no terminal.",
    )
    create.add_argument("name", help="the name to sign in with")
    create.add_argument("--role", choices=("admin", "moderator", "member"), default="admin", help="default: admin")
    create.set_defaults(command=create_admin)
    return parser


def run(config: Config, _: Any) -> None:
    """Everything on one machine: what is missing is made, what is there is kept."""
    # The rest of the program is imported below it: PostgreSQL starts meanwhile.
    with _database(config, start=True) as config:
        from board import keeper
        from board.app import create_app

        password = _use(config, lambda database: keeper.prepare(config, database))
        sign_in = f"  (sign in as {keeper.NAME}, password {password})" if password else ""
        _serve(config, create_app(config), f"Board is at {config.address}{sign_in}")


def serve(config: Config, _: Any) -> None:
    """The server alone: what a container runs."""
    if not config.database_url:
        raise ConfigError("DATABASE_URL is not set. `board run` starts a PostgreSQL of its own.")
    from board.app import create_app

    missing = _use(config, pending)
    if missing:
        raise MigrationError(f"The database lacks {', '.join(missing)}: run `board migrate` first.")
    _serve(config, create_app(config), f"Board is at {config.address}")


def migrate_(config: Config, _: Any) -> None:
    """Forward only; safe while the last release serves."""
    with _database(config) as config:
        applied = _use(config, migrate)
    print("\n".join(applied) or "Nothing to do.")


def seed(config: Config, _: Any) -> None:
    """Never touches a board that has a thread."""
    from board import demo

    with _database(config) as config:
        _use(config, migrate)
        filled = _use(config, lambda database: demo.fill(config, database))
    print("The demo is there." if filled else "This board has threads already: it was left as it is.")


def jobs(config: Config, _: Any) -> None:
    """For a cron job beside servers that do none themselves."""
    from board import jobs as work
    from board.kit.storage import Storage

    async def all_of_them(database: Database) -> None:
        site = work.Site(config, database, Storage(config.pictures_url))
        for job, _ in work.JOBS:
            print(f"{job.__name__}: {await work.run_once(site, job)}")

    with _database(config) as config:
        _use(config, all_of_them)


def create_admin(config: Config, options: Any) -> None:
    """Asks for the password rather than take it from the command line, where others could read it."""
    from board import accounts

    name = names.clean(options.name)
    password = getpass.getpass(f"Password for {name}: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    if not passwords.SHORTEST <= len(password) <= passwords.LONGEST:
        raise ConfigError(f"The password needs {passwords.SHORTEST} to {passwords.LONGEST} characters.")
    with _database(config) as config:
        hasher = passwords.Passwords(1)
        account = _use(config, lambda database: accounts.appoint(database, hasher, name, password, options.role))
    print(f"{account['name']} is {account['role']}.")


def settings(config: Config, _: Any) -> None:
    """As a table for README.md, too."""
    for setting in dataclasses.fields(config):
        print(f"| `{setting.name.upper()}` | {_shown(setting.default)} | {setting.metadata['meaning']} |")


def _shown(default: Any) -> str:
    if isinstance(default, bool):
        return f"`{int(default)}`"
    return f"`{default}`" if str(default) else ""


@contextmanager
def _database(config: Config, *, start: bool = False) -> Iterator[Config]:
    """The settings with a database: the given one, or the embedded one, which another `board run` may have started."""
    if config.database_url:
        yield config
        return
    # Meant for another server; asyncpg would look for ours at that port.
    os.environ.pop("PGPORT", None)
    url = "" if start else embedded.find(config.data_dir)
    if url:
        yield dataclasses.replace(config, database_url=url)
        return
    with embedded.start(config.data_dir) as server:
        yield dataclasses.replace(config, database_url=server.url)


def _use(config: Config, work: Callable[[Database], Awaitable[T]]) -> T:
    """Do something with the database before there is a server."""

    async def connected() -> T:
        database = Database(config.database_url, pool=config.database_pool)
        await database.connect()
        try:
            return await work(database)
        finally:
            await database.disconnect()

    return asyncio.run(connected())


def _serve(config: Config, app: Any, line: str) -> None:
    from board.kit.server import serve as listen

    listen(
        app,
        host=config.host,
        port=config.port,
        trusted_proxies=config.trusted_proxies,
        on_ready=lambda: print(line, flush=True),
    )


if __name__ == "__main__":
    sys.exit(main())
