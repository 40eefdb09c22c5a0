"""A picture as one file of the pool: a plain tar of its files, under the names that the picture store gives them."""

import io
import tarfile

from board import images
from board.kit import pictures
from board.kit.storage import Storage


def pack(files: dict[str, bytes]) -> bytes:
    """The same files give the same bytes."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, data in sorted(files.items()):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(data), 0o644
            tar.addfile(entry, io.BytesIO(data))
    return target.getvalue()


def unpack(data: bytes) -> dict[str, bytes]:
    """The files by their names in the picture store. Raises ValueError for what is no such tar."""
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as tar:
            return {entry.name: file.read() for entry in tar if (file := tar.extractfile(entry))}
    except tarfile.TarError as error:
        raise ValueError(str(error)) from error


def is_whole(key: str, files: dict[str, bytes]) -> bool:
    """Whether these files are the picture of that key, which is a hash over them."""
    return pictures.key_of({name.rpartition("/")[2]: data for name, data in files.items()}) == key


async def fetch(storage: Storage, row: images.Attachment) -> dict[str, bytes] | None:
    """The files of a picture by their names in the store, None if it has lost one or one is not what it was."""
    names = images.places(row)
    files = {name: data for name in names if (data := await storage.get(name)) is not None}
    return files if len(files) == len(names) and is_whole(row["key"], files) else None
