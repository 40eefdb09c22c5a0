"""The house: who may import whom, what a SQL file looks like, what never enters a template. It guards itself."""

import ast
import hashlib
import importlib.metadata
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import asyncpg
import pytest
from jinja2 import Environment, FileSystemLoader

from board.commands import shown
from board.kit import embedded
from board.kit.config import Config
from board.kit.db import translate

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted((ROOT / "board").rglob("*.py"))
STATEMENTS = sorted(path for path in (ROOT / "sql").glob("*/*.sql") if path.parent.name not in ("migrations", "views"))
FRAGMENTS = sorted((ROOT / "templates").rglob("_*.html"))
PAGES = sorted(path for path in (ROOT / "templates").rglob("*.html") if path not in FRAGMENTS)

# A module imports from rows above its own only, so that there are no circles and one answer to "where does this go?".
ROWS = [
    "kit.clients kit.connection kit.environment kit.figures kit.observe kit.peers kit.remember kit.sketches",
    "kit.errors kit.config kit.markup kit.names kit.compress kit.picture_worker kit.embedded kit.server",
    "kit.cookies kit.guessable kit.seals",
    "kit.assets kit.db kit.forms kit.logs kit.mail kit.pagecache kit.paging kit.passwords kit.pictures kit.ratelimit",
    "kit.launch kit.links kit.mailboxes kit.metrics kit.migrate kit.programs kit.queue kit.replica kit.sessions",
    "kit.storage kit.quotas kit.templates",
    "kit.middleware kit.traces kit.vault kit.worker",
    "permissions",
    "mail push settings",
    "accounts answers boards health help images notices traffic votes",
    "signin",
    "addresses factors people",
    "statistics",
    "joining roles",
    "backups drafts",
    "messages",
    "threads",
    "leaving",
    "jobs demo",
    "keeper routes",
    "app",
    "commands",
    "__main__",
]
ROW = {module: number for number, row in enumerate(ROWS) for module in row.split()}

# The oldest versions without a known hole (an advisory scanner can not tell without its own network).
FLOORS = {
    "starlette": (1, 8, 0),
    "python-multipart": (0, 0, 31),
    "pillow": (13, 0, 0),
    "h11": (0, 16),
    "uvicorn": (0, 49),
    "jinja2": (3, 1, 6),
}


def named(paths: list[Path]) -> list:
    return [pytest.param(path, id=str(path.relative_to(ROOT))) for path in paths]


def imports(path: Path) -> set[str]:
    """The modules of board that a file imports, as named in ROWS."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    inside = {name.removeprefix("board.") for name in found if name.startswith("board.")}
    return {name for name in ROW if any(each == name or each.startswith(name + ".") for each in inside)}


def module_name(path: Path) -> str:
    """The name in ROWS: a package is one module."""
    parts = path.relative_to(ROOT / "board").with_suffix("").parts
    return ".".join(parts[:2]) if parts[0] == "kit" else parts[0]


@pytest.mark.parametrize("path", named([path for path in MODULES if path.name != "__init__.py"]))
def test_imports_go_down_the_table(path):
    name = module_name(path)
    assert name in ROW, f"{name} has no row in the table"
    wrong = {each for each in imports(path) if ROW[each] >= ROW[name] and each != name}
    assert not wrong, f"{name} may not import {wrong}"


def test_the_kit_knows_nothing_of_the_board():
    for path in (ROOT / "board" / "kit").glob("*.py"):
        assert all(each.startswith("kit.") for each in imports(path)), path


@pytest.mark.parametrize("path", named([*MODULES, *sorted((ROOT / "tests").rglob("*.py"))]))
def test_no_file_outgrows_300_lines(path):
    assert len(path.read_text().splitlines()) <= 300


@pytest.mark.parametrize("path", named(MODULES))
def test_the_environment_is_read_in_one_place(path):
    allowed = {
        "board/__main__.py",  # hands it to Config
        "board/kit/launch.py",  # PGPORT
        "board/kit/embedded.py",  # PG_BIN
        "board/kit/programs.py",  # keeps it from PostgreSQL's programs
        "board/kit/storage.py",  # the settings that every S3 client reads
        "board/kit/pictures.py",  # keeps it from the workers
        "board/kit/picture_worker.py",
    }
    if str(path.relative_to(ROOT)) not in allowed:
        assert "os.environ" not in path.read_text()


@pytest.mark.parametrize("path", named(MODULES))
def test_known_traps_stay_out(path):
    text = path.read_text()
    assert "BaseHTTPMiddleware(" not in text
    assert "import BaseHTTPMiddleware" not in text
    assert "url_for(" not in text, "it follows the Host header"
    assert not re.search(r"\.execute\(f[\"']", text) or path.name == "migrate.py"
    if path.name != "db.py":
        assert "import databases" not in text, "behind kit/db.py alone"


@pytest.mark.parametrize("path", named(STATEMENTS))
def test_a_sql_file_reads_like_the_others(path):
    text = path.read_text()
    header = [line for line in text.splitlines() if line.startswith("--")]
    body = "\n".join(line for line in text.splitlines() if not line.startswith("--"))
    assert text.startswith("-- ")
    assert any("Shape: " in line for line in header)
    assert header[-1].startswith("-- psql ") or any(line.startswith("-- psql ") for line in header)
    assert "::" not in body, "cast(... as type)"
    assert ";" not in body, "one statement"
    assert not re.search(r"\boffset\b", body), "keyset pages"
    assert body == body.lower() or "'" in body
    for verb in ("insert into", "update ", "delete from"):
        if re.match(verb, body.strip()):
            assert "returning" in body


def test_every_sql_file_is_used():
    code = "\n".join(path.read_text() for path in MODULES)
    for path in STATEMENTS:
        name = str(path.relative_to(ROOT / "sql").with_suffix(""))
        if not (name.startswith("threads/list_") and re.search(r'f"threads/list_\{name\}', code)):
            assert f'"{name}"' in code, f"{name} is not used"


async def test_every_sql_file_prepares_against_the_schema(template):
    connection = await asyncpg.connect(template)
    for path in STATEMENTS:
        statement, names = translate(path.read_text())
        prepared = await connection.prepare(statement)
        assert len(prepared.get_parameters()) == len(names), path
    await connection.close()


async def test_every_sql_file_runs_in_psql_as_its_header_says(own_database):
    connection = await asyncpg.connect(own_database)
    await connection.execute("""
        insert into accounts (name, name_key, password_hash) values ('Alice', 'a11ce', 'x'), ('Bob', 'b0b', 'x');
        insert into accounts (id, name, name_key, password_hash) overriding system value
        values (-1, 'deleted person', 'DELETED PERSON', '!');
        insert into threads (board_id, author_id, title) values (1, 1, 'Hello');
        insert into messages (thread_id, author_id, text, html, form_key)
        values (1, 1, 'Hi', '<p>Hi', gen_random_uuid()), (1, 2, 'Hi', '<p>Hi', gen_random_uuid());
        update threads set opening_id = 1, message_count = 2;
    """)
    await connection.close()
    psql = shutil.which("psql", path=str(embedded.find_binaries())) or shutil.which("psql")
    for path in STATEMENTS:
        line = next(line for line in path.read_text().splitlines() if line.startswith("-- psql "))
        options = shlex.split(line.removeprefix("-- psql "))
        assert options[-2:] == ["-f", str(path.relative_to(ROOT))], path
        command = [psql, own_database, "-Xqv", "ON_ERROR_STOP=1", *options[:-2]]
        command += ["-c", "begin", *options[-2:], "-c", "; rollback"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (path, done.stderr)


@pytest.mark.parametrize("path", named([*FRAGMENTS, *PAGES]))
def test_a_template_compiles_and_keeps_to_the_rules(path):
    text = path.read_text()
    Environment(loader=FileSystemLoader(ROOT / "templates"), autoescape=True).parse(text)
    if path in FRAGMENTS:
        assert text.startswith("{#")
        assert "Inputs:" in text.splitlines()[0]
        assert "{% extends" not in text
    for marked in re.findall(r"\{\{[^}]*\|\s*safe[^}]*\}\}", text):
        assert re.fullmatch(r"\{\{ (\w\['html'\]|draft\.html)\|safe \}\}", marked), "only what markup made"
    assert not re.search(r"\sstyle=|<style|<script(?! src)|\son\w+=|hx-on|js:|hx-boost", text)
    assert not re.search(r"<(form|a)[^>]*\shx-", text), "data-hx-*: it is valid HTML"


def test_user_text_is_out_of_reach_of_htmx():
    for path in [*FRAGMENTS, *PAGES]:
        for line in path.read_text().splitlines():
            if "|safe" in line:
                assert "data-hx-ignore" in line, path


def test_every_setting_stands_in_the_readme():
    readme = (ROOT / "README.md").read_text()
    for setting in Config.__dataclass_fields__.values():
        row = f"| `{setting.name.upper()}` | {shown(setting.default)} | {setting.metadata['meaning']} |"
        assert row in readme, row


def test_no_dependency_is_older_than_its_last_hole():
    for package, floor in FLOORS.items():
        version = tuple(int(part) for part in importlib.metadata.version(package).split(".")[:3])
        assert version >= floor, package


def test_lock_files_hold_names_versions_and_hashes_only():
    for path in ROOT.glob("requirements*.lock"):
        for line in path.read_text().splitlines():
            assert re.fullmatch(r"[a-z0-9._-]+==\S+( ; .+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?", line), (
                path,
                line,
            )


def test_the_lock_files_agree():
    def pins(name: str) -> set[str]:
        return {line.split(" ")[0] for line in (ROOT / name).read_text().splitlines() if "==" in line}

    assert pins("requirements.lock") <= pins("requirements-dev.lock") <= pins("requirements-ops.lock")


def test_htmx_is_the_published_file():
    data = (ROOT / "static" / "vendor" / "htmx-4.0.1.min.js").read_bytes()
    assert hashlib.sha256(data).hexdigest() == "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130"
    assert (ROOT / "static" / "vendor" / "htmx-4.0.1.LICENSE").read_text().startswith("Zero-Clause BSD")


def test_ci_runs_the_test_command_of_the_readme():
    assert "make test" in (ROOT / "README.md").read_text()
    assert "make test" in (ROOT / ".ci" / "run").read_text()
