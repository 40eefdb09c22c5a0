"""What a backup consists of. The manifest is written last: what has none is no backup."""

import dataclasses
import json
from dataclasses import dataclass
from typing import Any

from board.kit.vault import Key, Part, VaultError

FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """Times are UTC, sizes bytes as stored, except `dump_bytes`: the dump as PostgreSQL's programs read it."""

    format: int = FORMAT
    name: str
    made_at: str
    board: str
    postgresql: int  # the server's major version
    migrations: list[str]
    tables: dict[str, list[str]]  # name: rows, and a sum over what they hold
    keys: list[str]  # fingerprints of who can read it
    dump_sha256: str
    dump_bytes: int
    database: list[Part]
    lists: list[Part]  # which name the pictures, a line each
    pictures: int
    picture_bytes: int
    missing: list[str]  # keys of pictures that the store had lost

    @property
    def rows(self) -> int:
        """Of all tables together."""
        return sum(int(rows) for rows, _ in self.tables.values())

    @property
    def size(self) -> int:
        """Bytes of all that this backup needs, whichever backup stored them."""
        return self.picture_bytes + sum(part.bytes for part in (*self.database, *self.lists))

    def sealed(self, key: Key) -> bytes:
        """The file: JSON that anybody can read, and a seal that only who knows the key can have made."""
        backup = dataclasses.asdict(self)
        return json.dumps({"backup": backup, "seal": key.seal(_canonical(backup))}, indent=1).encode()


def read(name: str, data: bytes, key: Key) -> Manifest:
    """A manifest from its file, as trustworthy as the key. Raises VaultError for anything that is not quite right."""
    manifest, file = parse(name, data), json.loads(data)
    if key.names and not manifest.keys:
        raise VaultError(
            f"Backup {name} is not encrypted, although BACKUP_KEY is set. If it was made before there was a key, run "
            "the command again without BACKUP_KEY; if not, somebody put it there."
        )
    if manifest.keys and not key.names:
        raise VaultError(f"Backup {name} is encrypted: set BACKUP_KEY to its secret key, AGE-SECRET-KEY-1...")
    if not key.can_open:
        raise VaultError("BACKUP_KEY names only who can read. To read, it must be the secret key, AGE-SECRET-KEY-1...")
    if manifest.keys and not set(manifest.keys) & set(key.names):
        raise VaultError(f"BACKUP_KEY is the wrong key: backup {name} was made for another one.")
    try:
        genuine = key.holds(str(file.get("seal", "")), _canonical(file["backup"]))
    except VaultError as error:
        raise VaultError(f"The seal of backup {name} does not open: {error}.") from error
    if not genuine:
        raise VaultError(f"The manifest of backup {name} was changed after it had been sealed.")
    if manifest.name != name:
        raise VaultError(f"Backup {name} was made as {manifest.name}: somebody moved it.")
    return manifest


def parse(name: str, data: bytes) -> Manifest:
    """What a manifest says, without looking at its seal. Raises VaultError."""
    try:
        backup = json.loads(data)["backup"]
        number = backup["format"]
        if number == FORMAT:
            return _manifest(backup)
    except (ValueError, KeyError, TypeError) as error:
        raise VaultError(f"The manifest of backup {name} is damaged.") from error
    raise VaultError(f"Backup {name} has format {number}, this release reads {FORMAT}: use the release that made it.")


def _manifest(backup: dict[str, Any]) -> Manifest:
    parts = {field: [Part(**part) for part in backup[field]] for field in ("database", "lists")}
    return Manifest(**(backup | parts))


def _canonical(backup: dict[str, Any]) -> bytes:
    return json.dumps(backup, sort_keys=True, separators=(",", ":")).encode()
