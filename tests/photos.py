"""Pictures as people send them, made from a public-domain photograph that scikit-image carries, and a look at what
comes out."""

import io
import math
import struct
import zlib
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pillow_heif
from PIL import Image, ImageChops, ImageCms, ImageColor, ImageDraw, ImageStat

from board.kit.pictures import Picture

pillow_heif.register_heif_opener()

SECRET = b"12 Secret Street"
CORNERS = {"top left": "red", "top right": "lime", "bottom left": "blue", "bottom right": "yellow"}
TURN_BACK = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@cache
def astronaut() -> Image.Image:
    """Eileen Collins by NASA, in the public domain; 512 x 512."""
    spec = find_spec("skimage")
    assert spec
    assert spec.submodule_search_locations
    return Image.open(Path(spec.submodule_search_locations[0], "data", "astronaut.png")).convert("RGB")


def photo(width: int = 900, height: int = 600) -> Image.Image:
    """The astronaut in that size, with corners that tell whether she stands upright."""
    image = astronaut().resize((width, height))
    draw = ImageDraw.Draw(image)
    across, down = width // 4, height // 4
    draw.rectangle((0, 0, across, down), CORNERS["top left"])
    draw.rectangle((width - across, 0, width, down), CORNERS["top right"])
    draw.rectangle((0, height - down, across, height), CORNERS["bottom left"])
    draw.rectangle((width - across, height - down, width, height), CORNERS["bottom right"])
    return image


def drawing(width: int = 640, height: int = 480) -> Image.Image:
    """A screenshot: flat colours, sharp letters."""
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    for line in range(8, height - 20, 16):
        draw.text((10, line), "The quick brown fox jumps over the lazy dog. " * 2, fill=(line % 200, 30, 90))
    draw.rectangle((width // 2, 10, width - 10, 60), fill="orange")
    return image


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    """The file that Pillow makes of it."""
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def frames(count: int, width: int = 200, height: int = 150) -> list[Image.Image]:
    """An animation: a disc that wanders over the photograph."""
    made = [photo(width, height) for _ in range(count)]
    for index, image in enumerate(made):
        left = index * (width - 40) // count
        ImageDraw.Draw(image).ellipse((left, 50, left + 40, 90), fill=(255, index * 5 % 256, 0))
    return made


@cache
def phone(kind: str, orientation: int = 6, width: int = 900, height: int = 600) -> bytes:
    """A photo as a phone writes it: lying on its side, with place, thumbnail, XMP, a colour profile and more behind it.

    Turned upright it is width x height.
    """
    upright = photo(width, height)
    raw = upright.transpose(TURN_BACK[orientation]) if orientation in TURN_BACK else upright
    data = encoded(raw, kind, exif=exif(orientation), icc_profile=srgb(), **_more(kind))
    if kind == "JPEG":
        iptc = b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0" + struct.pack(">I", len(SECRET)) + SECRET
        data = data[:2] + b"\xff\xed" + struct.pack(">H", len(iptc) + 2) + iptc + data[2:] + b"ftypmp42" + SECRET
    return data


def _more(kind: str) -> dict[str, object]:
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF>' + SECRET + b"</rdf:RDF></x:xmpmeta>"
    if kind == "PNG":
        return {}
    return {"xmp": xmp, "quality": 90} | ({"comment": SECRET} if kind == "JPEG" else {})


def srgb() -> bytes:
    """A colour profile that changes nothing."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def swapped_profile() -> bytes:
    """A colour profile whose red is blue: a reader who ignores it shows the wrong colours."""
    return srgb().replace(b"rXYZ", b"????").replace(b"bXYZ", b"rXYZ").replace(b"????", b"bXYZ")


def exif(orientation: int) -> bytes:
    """An EXIF block of a maker, an orientation, a place and a thumbnail."""
    thumbnail = encoded(photo(160, 120), "JPEG")
    blocks = b"", b""
    for _ in range(2):  # the first round only measures
        maker_at = 8 + len(blocks[0]) + len(blocks[1])
        place_at, thumbnail_at = maker_at + 16, maker_at + 16 + 48
        main = _directory([(0x010F, 2, 16, maker_at), (0x0112, 3, 1, orientation), (0x8825, 4, 1, 8 + len(blocks[0]))])
        place = _directory(
            [(1, 2, 2, ord("N")), (2, 5, 3, place_at), (3, 2, 2, ord("E")), (4, 5, 3, place_at + 24)], last=True
        )
        small = _directory([(0x0103, 3, 1, 6), (0x0201, 4, 1, thumbnail_at), (0x0202, 4, 1, len(thumbnail))], last=True)
        main = main[:-4] + struct.pack("<I", 8 + len(main) + len(place))
        blocks = main, place + small
    degrees = struct.pack("<12I", 52, 1, 31, 1, 12, 1, 13, 1, 24, 1, 18, 1)
    return b"Exif\0\0II*\0\x08\0\0\0" + blocks[0] + blocks[1] + SECRET[:16] + degrees + thumbnail


def _directory(entries: list[tuple[int, int, int, int]], *, last: bool = False) -> bytes:
    packed = b"".join(
        struct.pack("<HHIHH", tag, form, count, value, 0)
        if form == 3
        else struct.pack("<HHII", tag, form, count, value)
        for tag, form, count, value in entries
    )
    return struct.pack("<H", len(entries)) + packed + b"\0\0\0\0"


def webp_chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    """All chunks of a WebP file; AssertionError if bytes follow its end."""
    assert data[:4] == b"RIFF"
    assert data[8:12] == b"WEBP"
    assert len(data) == 8 + int.from_bytes(data[4:8], "little")
    chunks, at = [], 12
    while at < len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        chunks.append((data[at : at + 4], data[at + 8 : at + 8 + size]))
        at += 8 + size + size % 2
    assert at == len(data)
    return chunks


def jpeg_markers(data: bytes) -> list[int]:
    """All markers of a JPEG file up to its end; AssertionError if bytes follow that."""
    markers, at = [], 2
    while True:
        at = data.index(b"\xff", at)
        marker = data[at + 1]
        at += 2
        if marker == 0 or 0xD0 <= marker <= 0xD7:
            continue
        markers.append(marker)
        if marker == 0xD9:
            assert at == len(data)
            return markers
        at += int.from_bytes(data[at : at + 2], "big")


def pixel_flood(width: int, height: int) -> bytes:
    """A PNG of a few bytes that decodes to that many pixels."""
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", head) + png_chunk(b"IDAT", zlib.compress(b"\0" * 100_000))


def webp_flood(width: int, height: int) -> bytes:
    """A WebP of a few bytes with a canvas of that many pixels."""
    canvas = bytes(4) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"VP8X" + struct.pack("<I", 10) + canvas + small("WEBP")[12:]
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body


def png_chunk(name: bytes, data: bytes) -> bytes:
    """A PNG chunk with its checksum."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def many_scans(count: int) -> bytes:
    """A progressive JPEG whose last scan is said again and again."""
    data = encoded(photo(64, 64), "JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * count + b"\xff\xd9"


@cache
def odd_modes() -> dict[str, bytes]:
    """The same photograph in ways that few think of."""
    image = photo(300, 200)
    clear = image.copy()
    clear.putalpha(Image.linear_gradient("L").resize(image.size))
    deep = image.convert("L").convert("I").point(lambda value: value * 257).convert("I;16")
    return {
        "a CMYK JPEG": encoded(image.convert("CMYK"), "JPEG"),
        "a grey JPEG": encoded(image.convert("L"), "JPEG"),
        "a progressive JPEG": encoded(image, "JPEG", progressive=True),
        "an MPO": encoded(image, "MPO", save_all=True, append_images=[photo(150, 100)]),
        "a 16-bit grey PNG": encoded(deep, "PNG"),
        "a grey PNG with transparency": encoded(clear.convert("LA"), "PNG"),
        "a PNG with transparency": encoded(clear, "PNG"),
        "a palette PNG with transparency": encoded(clear.quantize(64), "PNG"),
        "a PNG with a transparent colour": encoded(image, "PNG", transparency=(255, 0, 0)),
        "a palette PNG": encoded(image.quantize(64), "PNG"),
        "a one-bit PNG": encoded(image.convert("1"), "PNG"),
        "a lossless WebP": encoded(clear, "WEBP", lossless=True),
        "a HEIC with transparency": encoded(clear, "HEIF"),
        "an AVIF with transparency": encoded(clear, "AVIF"),
        "a still GIF": encoded(image, "GIF"),
    }


@cache
def not_pictures() -> dict[str, tuple[bytes, str]]:
    """Uploads that are something else, and a part of the sentence that says so."""
    entity = b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>'
    return {
        "nothing": (b"", "is empty"),
        "text": (b"Hello, this is my picture.", "is not a picture Board can read"),
        "a web page": (b"<!DOCTYPE html><p>hello", "is not a picture Board can read"),
        "an SVG": (b'\xef\xbb\xbf <svg xmlns="http://www.w3.org/2000/svg"/>', "is an SVG drawing"),
        "an SVG that reads files": (entity, "is an SVG drawing"),
        "PostScript": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(%pipe%id) (w) file", "is not a picture"),
        "a PDF": (b"%PDF-1.7\n", "is a PDF"),
        "a video": (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", "is a video"),
        "a TIFF": (encoded(photo(20, 20), "TIFF"), "is not a picture"),
        "a bitmap": (encoded(photo(20, 20), "BMP"), "is not a picture"),
    }


@cache
def small(kind: str) -> bytes:
    """A tiny photograph, for damaging it."""
    if kind == "GIF":
        return encoded(frames(3, 60, 60)[0], "GIF", save_all=True, append_images=frames(3, 60, 60)[1:])
    return encoded(photo(96, 64), kind)


def still(picture: Picture, name: str = "") -> Image.Image:
    """One of its files, the widest if no other is named."""
    return Image.open(io.BytesIO(picture.files[name or f"{picture.widths[-1]}.webp"])).convert("RGB")


def corners(image: Image.Image) -> dict[str, str]:
    """The nearest of the four colours in each corner."""
    colours = {name: ImageColor.getrgb(name) for name in CORNERS.values()}
    left, top, right, bottom = image.width // 10, image.height // 10, image.width * 9 // 10, image.height * 9 // 10
    places = [(left, top), (right, top), (left, bottom), (right, bottom)]
    found = {corner: image.getpixel(place) for corner, place in zip(CORNERS, places, strict=True)}
    return {corner: min(colours, key=lambda name: math.dist(colours[name], pixel)) for corner, pixel in found.items()}


def difference(one: Image.Image, other: Image.Image) -> float:
    """Mean difference of two pictures, 0 to 255, in the size of the first."""
    return max(ImageStat.Stat(ImageChops.difference(one, other.convert("RGB").resize(one.size))).mean)


def assert_clean(picture: Picture) -> None:
    """Nothing in the files but pixels: no metadata, no profile, no bytes behind the end; and the names are right."""
    names = {f"{width}.webp" for width in picture.widths} | {f"{picture.fallback}.jpg"}
    assert set(picture.files) == names | ({"play.webp"} if picture.animated else set())
    for name, data in picture.files.items():
        assert SECRET not in data
        if name.endswith(".jpg"):
            assert not set(jpeg_markers(data)) & {0xE1, 0xE2, 0xED, 0xFE}
            continue
        chunks = webp_chunks(data)
        assert {chunk for chunk, _ in chunks} <= {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF"}
        assert not any(body[0] & 0b101100 for chunk, body in chunks if chunk == b"VP8X")
    assert still(picture).size == (picture.width, picture.height)
