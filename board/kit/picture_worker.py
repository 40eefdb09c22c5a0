"""Turns what somebody sent into clean pictures, in a process that may fail without harm.

The server starts this file as a program and writes it one job a line. Pillow is loaded once; each job gets a fork
with limits on memory, time and files, so a bomb, a crash or a hang costs one upload and nothing else.
"""

import contextlib
import ctypes
import io
import json
import math
import os
import re
import resource
import select
import shutil
import signal
import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from PIL import AvifImagePlugin, Image, ImageCms, ImageFile, ImageOps

Size = tuple[int, int]

RUNGS, SQUARES = (160, 320, 640, 1280), (48, 96, 192)  # of a picture, and of an avatar
FALLBACK = 640  # the widest JPEG, for browsers that have no WebP
TALLEST = 16383  # WebP's own limit
BYTES_A_PIXEL = 16  # of memory: WebP's, the most of all formats
LOSSLESS = 4_000_000  # pixels; a lossless trial of more takes over a second
PLAY_WIDTH, PLAY_PIXELS, PLAY_BYTES = 640, 24_000_000, 2_000_000  # pixels of all frames: 1.5 s of encoding, 96 MB
SRGB = ImageCms.createProfile("sRGB")
_T = Image.Transpose
TURNS = {2: _T.FLIP_LEFT_RIGHT, 3: _T.ROTATE_180, 4: _T.FLIP_TOP_BOTTOM, 5: _T.TRANSPOSE, 6: _T.ROTATE_270}
TURNS |= {7: _T.TRANSVERSE, 8: _T.ROTATE_90}  # EXIF's numbers; 1 is upright


@dataclass(frozen=True)
class Job:
    """One upload: its path, the folder for the results, the format its first bytes tell, and the limits."""

    source: str
    folder: str
    kind: str
    pixels: int
    seconds: float
    memory: int
    frames: int
    square: bool = False


class Refused(Exception):
    """A sentence for the sender, who reads it after the name of the file."""


def ladder(width: int, height: int, rungs: tuple[int, ...] = RUNGS) -> list[Size]:
    """Sizes to keep of a picture, narrowest first: the rungs below its width, and its own width unless just above one.

    A picture too tall for WebP counts as narrower than it is; nothing is enlarged, and no side is less than 1.
    """
    own = max(1, min(width, width * TALLEST // height))
    widths = [rung for rung in rungs if rung < own]
    if own <= rungs[-1] and (not widths or own * 10 >= widths[-1] * 11):
        widths.append(own)
    return [(rung, max(1, min(TALLEST, round(height * rung / width)))) for rung in widths]


def develop(job: Job) -> list[Size]:
    """Write the files of a picture into the job's folder and return its ladder; Refused, or whatever Pillow raises."""
    picture = _open(job)
    turn = _orientation(picture, job.kind)
    sizes = ladder(*(picture.size[::-1] if turn > 4 else picture.size))
    view = _view(picture, sizes[-1], turn)
    if job.square:
        sizes = ladder(min(view.size), min(view.size), SQUARES)
        view = ImageOps.fit(view, sizes[-1])
    _write_stills(view, sizes, _is_drawing(picture), Path(job.folder))
    if job.kind in {"GIF", "PNG", "WEBP", "AVIF"} and not job.square and (play := _play(picture, turn, job.frames)):
        Path(job.folder, "play.webp").write_bytes(play)
    return sizes


def _open(job: Job) -> ImageFile.ImageFile:
    Image.MAX_IMAGE_PIXELS = job.pixels // 2  # Pillow raises above twice this, for WebP before it makes the canvas
    try:
        picture = Image.open(job.source, formats=[job.kind])
    except Image.DecompressionBombError as error:
        raise _too_large(int(re.findall(r"\d+", str(error))[0]), job.pixels) from error
    pixels, frames = picture.width * picture.height, getattr(picture, "n_frames", 1)
    if pixels * frames > 4 * job.pixels and job.kind not in {"JPEG", "HEIF"}:
        raise _too_large(pixels * frames, 4 * job.pixels, f" in its {frames} frames")
    return picture


def _too_large(pixels: int, limit: int, where: str = "") -> Refused:
    return Refused(f"is {math.ceil(pixels / 1e6)} megapixels{where}; the limit is {limit // 1_000_000}")


def _orientation(picture: ImageFile.ImageFile, kind: str) -> int:
    """EXIF's orientation, 1 to 8. pillow_heif turns HEIC by itself; a PNG may tell after the pixels."""
    if kind == "PNG":
        picture.load()
    with contextlib.suppress(Exception):  # garbled EXIF raises many things, and the picture itself may be fine
        turn = picture.getexif().get(0x0112)
        return turn if turn in TURNS and kind != "HEIF" else 1
    return 1


def _view(picture: ImageFile.ImageFile, size: Size, turn: int, gap: int = 3) -> Image.Image:
    """Return the current frame upright in that size as RGB or RGBA, in sRGB, free of metadata."""
    raw = size[::-1] if turn > 4 else size
    draft = picture.draft(None, raw)  # JPEG decodes to 1/2, 1/4 or 1/8 for a fraction of the time and memory
    view = _rgb(_shrunk(_plain(picture), raw, draft[1] if draft else None, gap), picture.info.get("icc_profile"))
    view = view.transpose(TURNS[turn]) if turn in TURNS else view
    view.info = {}  # else Pillow might write some of it again
    return view


def _plain(picture: ImageFile.ImageFile) -> Image.Image:
    """Return the frame in a mode that can be averaged."""
    picture.load()
    if picture.mode.startswith("I;16"):
        return picture.point(lambda value: value / 257).convert("L")  # convert() alone clips at 255
    if picture.mode in {"P", "PA", "RGBa"} or "transparency" in picture.info:
        return picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    return picture.convert("L") if picture.mode == "1" else picture


def _shrunk(image: Image.Image, size: Size, box: tuple[float, ...] | None, gap: int) -> Image.Image:
    """Average down to `gap` times the size first, Lanczos then: of 64 MP, Lanczos alone takes three times as long."""
    _, _, width, height = box or (0, 0, *image.size)
    across, down = (max(1, int(was / to / gap)) for was, to in zip((width, height), size, strict=True))
    if (across, down) != (1, 1):
        image = image.reduce((across, down))
    return image.resize(size, Image.Resampling.LANCZOS, box=(0, 0, width / across, height / down))


def _rgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if profile:
        with contextlib.suppress(Exception):  # a garbled or foreign profile counts as none
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            mode = "RGBA" if image.mode == "RGBA" else "RGB"
            image = ImageCms.profileToProfile(image, source, SRGB, outputMode=mode) or image
    image = image.convert("RGBA" if image.mode in {"LA", "La", "RGBA", "RGBa"} else "RGB")
    opaque = image.mode == "RGBA" and image.getchannel("A").getextrema()[0] == 255
    return image.convert("RGB") if opaque else image


def _is_drawing(picture: ImageFile.ImageFile) -> bool:
    """Tell a drawing or screenshot by few colours among 16,000 samples."""
    if picture.format not in {"PNG", "GIF", "WEBP"} or picture.mode.startswith("I;16"):
        return False
    return picture.resize((128, 128), Image.Resampling.NEAREST).getcolors(1000) is not None


def _write_stills(image: Image.Image, sizes: list[Size], drawing: bool, folder: Path) -> None:
    """Write the ladder, each rung made from the next wider one, and the JPEG."""
    fallback = max(width for width, _ in sizes if width <= FALLBACK)
    for size in reversed(sizes):
        image = image if image.size == size else image.resize(size, Image.Resampling.LANCZOS)
        still = _webp(image, quality=75, method=4)
        if drawing and image.width * image.height <= LOSSLESS:
            still = min(_webp(image, lossless=True, quality=50, method=4), still, key=len)
        Path(folder, f"{size[0]}.webp").write_bytes(still)
        if size[0] == fallback:
            flat = Image.new("RGB", size, "white")
            flat.paste(image, mask=image if image.mode == "RGBA" else None)
            flat.save(Path(folder, f"{fallback}.jpg"), quality=75, progressive=True)


def _webp(image: Image.Image, **options: object) -> bytes:
    image.save(file := io.BytesIO(), "WEBP", **options)
    return file.getvalue()


def _play(picture: ImageFile.ImageFile, turn: int, most: int) -> bytes:
    """Return an animation as WebP of at most that many frames, or b"" for a still picture."""
    first = int(getattr(picture, "default_image", False))  # an APNG may have a still that is not part of it
    count = getattr(picture, "n_frames", 1) - first
    if count < 2:
        return b""
    step = math.ceil(count / most)
    size = _play_size(picture.size[::-1] if turn > 4 else picture.size, math.ceil(count / step))
    views: list[Image.Image] = []
    times: list[int] = []
    for index in range(count):
        picture.seek(first + index)
        picture.load()
        if index % step == 0:
            views.append(_view(picture, size, turn, gap=1))
            times.append(0)
        lasts = round(picture.info.get("duration") or 0)
        times[-1] += lasts if lasts > 10 else 100  # as every browser does
    return _bounded(views, times, _loops(picture), _is_drawing(picture))


def _play_size(size: Size, frames: int) -> Size:
    width, height = size
    scale = min(1, PLAY_WIDTH / width, TALLEST / height, math.sqrt(PLAY_PIXELS / (width * height * frames)))
    return max(1, int(width * scale)), max(1, int(height * scale))


def _loops(picture: ImageFile.ImageFile) -> int:
    """How often WebP is to play it, 0 for ever. GIF counts repeats, or says nothing and means once."""
    loops = picture.info.get("loop")
    if picture.format == "GIF":
        loops = 1 if loops is None else loops and loops + 1
    return min(loops or 0, 65535)


def _bounded(views: list[Image.Image], times: list[int], loops: int, drawing: bool) -> bytes:
    """Encode; while that is too big, halve the frames and shrink them: in all 1.4 times the cost of once."""
    lossless = drawing and len(_moving(views[:4], times, 1, True)) < len(_moving(views[:4], times, 1, False))
    while len(views) > 1:
        play = _moving(views, times, loops, lossless)
        if len(play) <= PLAY_BYTES:
            return play if play[30:34] == b"ANIM" else b""  # equal frames become one
        times = [sum(times[at : at + 2]) for at in range(0, len(times), 2)]
        views = [ImageOps.scale(view, 0.75) for view in views[::2]]
    return b""


def _moving(views: list[Image.Image], times: list[int], loops: int, lossless: bool) -> bytes:
    how = {"lossless": lossless, "quality": 30 if lossless else 60, "method": 2}
    return _webp(views[0], save_all=True, append_images=views[1:], duration=times, loop=loops, **how)


def serve() -> None:
    """Take jobs from standard input until it closes, answer each with one line of JSON."""
    Image.preinit()
    for plugin in ("WebP", "Mpo", "Tiff"):  # MPO is a JPEG with a second picture, as phones send it; EXIF is TIFF
        import_module(f"PIL.{plugin}ImagePlugin")
    import_module("pillow_heif").register_heif_opener(thumbnails=False, depth_images=False, decode_threads=1)
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # each thread would reserve 72 MB of the memory limit
    libc = ctypes.CDLL(None)
    with open(0, "rb", buffering=0) as jobs:  # unbuffered, so that select() tells what is left
        for line in jobs:
            os.write(1, _forked(Job(**json.loads(line)), libc) + b"\n")


def _forked(job: Job, libc: ctypes.CDLL) -> bytes:
    reader, writer = os.pipe()
    pid = os.fork()
    if not pid:
        _child(job, writer, libc)
    os.close(writer)
    ready, _, _ = select.select([reader, 0], [], [])
    if 0 in ready:  # standard input closed: the server is gone
        os.kill(pid, signal.SIGKILL)
    answer = os.read(reader, 65536)
    os.close(reader)
    _, status = os.waitpid(pid, 0)
    if 0 in ready:
        shutil.rmtree(job.folder, ignore_errors=True)
        sys.exit()
    return answer if status == 0 else json.dumps({"died": os.waitstatus_to_exitcode(status)}).encode()


def _child(job: Job, writer: int, libc: ctypes.CDLL) -> NoReturn:
    try:
        _confine(job, libc)
        os.write(writer, json.dumps(_outcome(job)).encode())
        os._exit(0)
    finally:  # whatever happened, this copy of the loop ends here
        os._exit(1)


def _outcome(job: Job) -> dict[str, object]:
    try:
        return {"sizes": develop(job)}
    except Refused as refusal:
        return {"unreadable": str(refusal)}
    except Exception as error:  # Pillow raises KeyError, SyntaxError, struct.error, ... for odd files
        scarce = isinstance(error, MemoryError) or re.search(r"emory|alloc|encoding error 1\b|C\+\+", str(error))
        # Where the limits let in what may not fit, the libraries' words do not tell the one from the other.
        damaged = "is damaged" if job.memory >= BYTES_A_PIXEL * job.pixels else "is damaged, or needs too much memory"
        return {"unreadable": "needs too much memory to read" if scarce else damaged, "detail": repr(error)[:500]}


def _confine(job: Job, libc: ctypes.CDLL) -> None:
    """Bound this process for good: what these limits hit dies, also within C code."""
    if sys.platform == "linux":
        libc.prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    null = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(null, stream)
    signal.setitimer(signal.ITIMER_REAL, job.seconds)
    bounds = {resource.RLIMIT_CPU: math.ceil(job.seconds) + 1, resource.RLIMIT_FSIZE: 64_000_000}
    bounds |= {resource.RLIMIT_CORE: 0, resource.RLIMIT_NOFILE: 32, resource.RLIMIT_AS: job.memory}
    for what, most in bounds.items():
        hard = resource.getrlimit(what)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with contextlib.suppress(*((ValueError, OSError) if sys.platform == "darwin" else ())):  # no RLIMIT_AS there
            resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    serve()
