"""The one command: board run | serve | migrate | seed | jobs | backup | restore | drill | admin | settings."""

import argparse
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from board import __version__, commands
from board.kit import embedded, logs, names, passwords
from board.kit.config import Config, ConfigError
from board.kit.errors import Problem
from board.kit.migrate import MigrationError

_BAD = (names.BadName, passwords.BadPassword)


def main(arguments: list[str] | None = None) -> int:
    """Run a command; return the exit status. What can not be done is a sentence, not a traceback."""
    options = _parser().parse_args(arguments)
    # uvicorn's server sets its own while it runs; before and after it, SIGTERM must still stop PostgreSQL.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        config = Config.from_environment(os.environ)
        logs.set_up(config.log_format)
        options.command(config, options)
    except (ConfigError, MigrationError, embedded.EmbeddedError, *_BAD, Problem, RuntimeError) as error:
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
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: Callable[[Config, Any], None], help_: str) -> argparse.ArgumentParser:
        sub = subparsers.add_parser(name, help=help_, description=help_[0].upper() + help_[1:] + ".")
        sub.set_defaults(command=command)
        return sub

    add(
        "run",
        commands.run,
        "start everything: PostgreSQL if there is no DATABASE_URL, the schema, a demo on an empty board, the server",
    )
    serve = add("serve", commands.serve, "serve a database that is migrated already")
    serve.add_argument("--migrate", action="store_true", help="do first what `board migrate` does")
    add("migrate", commands.migrate_, "bring the database to this release's schema")
    add("seed", commands.seed, "fill an empty board with a demo")
    _add_jobs(add("jobs", commands.jobs, "do the work beside the pages that is due: remove what was deleted, say"))
    backup = add("backup", commands.backup, "store the database and the pictures that BACKUP_URL lacks")
    backup.add_argument("--list", action="store_true", help="print which backups there are instead")
    backup.add_argument("--new-key", action="store_true", help="make a pair of keys for BACKUP_KEY instead")
    restore = add("restore", commands.restore, "put a backup back into an empty database and an empty picture store")
    drill = add("drill", commands.drill, "prove that a backup can be restored: beside, and compare")
    restore.add_argument(
        "--into", metavar="DATABASE", default="", help="another one on the same server, made if missing"
    )
    for command in (restore, drill):
        command.add_argument("name", nargs="?", default="latest", help="which backup, default: the last one")
    add("settings", commands.settings, "print every setting, its default and its meaning")
    _add_admin(add("admin", lambda *_: None, "make somebody an admin or a moderator, list them, or let them in again"))
    return parser


def _add_admin(admin: argparse.ArgumentParser) -> None:
    actions = admin.add_subparsers(required=True, metavar="COMMAND")
    list_ = actions.add_parser("list", help="print who is admin or moderator, and of which boards")
    list_.set_defaults(command=commands.list_admins)
    create = actions.add_parser(
        "create",
        help="make an account with rights, or give them to one that there is",
        description="Make an account with rights, or give them, and a new password, to one that there is. The password "
        "is asked for, or read from standard input if that is no terminal.",
    )
    create.add_argument("name", help="the name to sign in with")
    create.add_argument("--role", choices=("admin", "moderator", "member"), default="admin", help="default: admin")
    create.set_defaults(command=commands.create_admin)
    reset = actions.add_parser(
        "reset-factors",
        help="remove the second step and the passkeys of who has lost them",
        description="Remove the second step and the passkeys of who has lost them: the password alone signs in then.",
    )
    reset.add_argument("name", help="whose")
    reset.set_defaults(command=commands.remove_factors)


def _add_jobs(jobs: argparse.ArgumentParser) -> None:
    jobs.set_defaults(action="once")
    jobs.add_argument("--now", action="store_true", help="periodic work also that is not due yet")
    actions = jobs.add_subparsers(metavar="ACTION", title="instead of doing what is due")
    for name, help_ in (
        ("run", "work for ever, in a process of its own"),
        ("list", "show what waits, runs and failed"),
        ("retry", "try a job again that failed"),
        ("drop", "give a job up"),
    ):
        action = actions.add_parser(name, help=help_, description=help_[0].upper() + help_[1:] + ".")
        action.set_defaults(action=name)
        if name in ("retry", "drop"):
            action.add_argument("id", type=int, help="its number, from `board jobs list`")


if __name__ == "__main__":
    sys.exit(main())
