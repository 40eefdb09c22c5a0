"""Uploads through the real workers: what comes out is upright, small and anonymous, or a sentence says why not."""

import contextlib
import io
import os
import random
from pathlib import Path

import pytest
from PIL import Image

from board.kit.picture_worker import ladder
from board.kit.pictures import Limits, PictureWorkers, Unreadable
from tests import photos
from tests.photos import assert_clean, corners, difference, still

KINDS = ["JPEG", "PNG", "WEBP", "AVIF", "GIF", "HEIF"]
ANIMATED = ["GIF", "PNG", "WEBP", "AVIF"]


@pytest.mark.parametrize("kind", ["JPEG", "HEIF", "AVIF", "WEBP", "PNG"])
async def test_a_photo_from_a_phone_comes_out_upright_and_tells_nothing(workers: PictureWorkers, kind: str) -> None:
    upload = photos.phone(kind)
    assert photos.SECRET in upload
    picture = await workers.develop(upload)
    assert (picture.width, picture.height, picture.widths) == (900, 600, (160, 320, 640, 900))
    assert (picture.fallback, picture.animated) == (640, False)
    assert_clean(picture)
    for name in picture.files:
        assert corners(still(picture, name)) == photos.CORNERS
        assert difference(still(picture, name), photos.photo()) < 6


@pytest.mark.parametrize("kind", ["JPEG", "HEIF", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
async def test_every_orientation_comes_out_upright(workers: PictureWorkers, kind: str, orientation: int) -> None:
    picture = await workers.develop(photos.phone(kind, orientation, 240, 160))
    assert (picture.width, picture.height) == (240, 160)
    assert corners(still(picture)) == photos.CORNERS


@pytest.mark.parametrize("orientation", [0, 9, 65535])
async def test_an_impossible_orientation_counts_as_none(workers: PictureWorkers, orientation: int) -> None:
    picture = await workers.develop(photos.phone("JPEG", orientation, 240, 160))
    assert corners(still(picture)) == photos.CORNERS


async def test_garbled_metadata_does_not_matter(workers: PictureWorkers) -> None:
    garbled = {"exif": b"Exif\0\0II*\0\xff\xff\xff\xff" + os.urandom(200), "icc_profile": b"garbage" * 50}
    for kind in ("JPEG", "WEBP"):
        assert_clean(await workers.develop(photos.encoded(photos.photo(200, 100), kind, **garbled)))


@pytest.mark.parametrize("kind", KINDS[:4])
async def test_colours_are_converted_by_the_profile_of_the_picture(workers: PictureWorkers, kind: str) -> None:
    upload = photos.encoded(Image.new("RGB", (100, 100), "red"), kind, icc_profile=photos.swapped_profile())
    red, _, blue = still(await workers.develop(upload)).getpixel((50, 50))
    assert blue > 200 > 60 > red


async def test_the_same_upload_has_the_same_key_and_another_has_another(workers: PictureWorkers) -> None:
    upload = photos.phone("JPEG")
    first, again, other = [await workers.develop(data) for data in (upload, upload, photos.phone("JPEG", width=899))]
    assert first == again
    assert first.key != other.key
    assert len(first.key) == 32
    assert int(first.key, 16) >= 0


async def test_a_file_is_read_from_its_path_whatever_its_name_says(workers: PictureWorkers, tmp_path: Path) -> None:
    path = tmp_path / "drawing.svg.gif"
    path.write_bytes(photos.phone("JPEG"))
    assert await workers.develop(path) == await workers.develop(photos.phone("JPEG"))


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [
        (4000, 3000, [(160, 120), (320, 240), (640, 480), (1280, 960)]),
        (1280, 720, [(160, 90), (320, 180), (640, 360), (1280, 720)]),
        (703, 703, [(160, 160), (320, 320), (640, 640)]),
        (704, 704, [(160, 160), (320, 320), (640, 640), (704, 704)]),
        (165, 100, [(160, 97)]),
        (100, 50, [(100, 50)]),
        (1, 1, [(1, 1)]),
        (20000, 1, [(160, 1), (320, 1), (640, 1), (1280, 1)]),
        (1, 20000, [(1, 16383)]),
        (800, 30000, [(160, 6000), (320, 12000), (436, 16350)]),
    ],
)
def test_the_ladder_never_enlarges_nor_leaves_what_webp_can(width: int, height: int, expected: list) -> None:
    assert ladder(width, height) == expected


@pytest.mark.parametrize("size", [(1, 1), (2, 3), (20000, 1), (1, 20000), (800, 30000), (8000, 60)])
async def test_extreme_shapes_work(workers: PictureWorkers, size: tuple[int, int]) -> None:
    assert_clean(await workers.develop(photos.encoded(Image.new("RGB", size, "teal"), "PNG")))


@pytest.mark.parametrize("name", photos.odd_modes())
async def test_odd_modes_look_right(workers: PictureWorkers, name: str) -> None:
    upload = photos.odd_modes()[name]
    picture = await workers.develop(upload)
    assert_clean(picture)
    grey = photos.photo(300, 200).convert("L").convert("RGB")
    if "transparen" in name:
        assert Image.open(io.BytesIO(picture.files["300.webp"])).mode == "RGBA"
        assert min(still(picture, "300.jpg").getpixel((150, 1))) > 240 or "colour" in name  # on white
    elif "grey" in name:
        assert difference(still(picture), grey) < 4
    elif "bit" not in name:
        assert difference(still(picture), photos.photo(300, 200)) < 16  # 64 colours, dithered


async def test_a_drawing_stays_sharp_and_gets_smaller(workers: PictureWorkers) -> None:
    drawing = photos.drawing()
    picture = await workers.develop(photos.encoded(drawing, "PNG"))
    assert difference(still(picture), drawing) == 0
    assert len(picture.files["640.webp"]) < 0.7 * len(photos.encoded(drawing, "WEBP", quality=75))


@pytest.mark.parametrize("kind", ANIMATED)
async def test_an_animation_plays_as_long_and_as_often(workers: PictureWorkers, kind: str) -> None:
    made = photos.frames(8)
    loops = {"GIF": 2, "PNG": 3, "WEBP": 3}.get(kind, 0)  # GIF counts what comes after the first
    picture = await workers.develop(
        photos.encoded(made[0], kind, save_all=True, append_images=made[1:], duration=[50] * 7 + [400], loop=loops)
    )
    assert picture.animated
    assert_clean(picture)
    play = Image.open(io.BytesIO(picture.files["play.webp"]))
    assert (play.n_frames, play.size, play.info["loop"]) == (8, (200, 150), loops and 3)
    lasts = []
    for index, frame in enumerate(made):
        play.seek(index)
        assert difference(frame, play) < 8
        lasts.append(play.info["duration"])
    assert lasts == [50] * 7 + [400]
    assert difference(made[0], still(picture)) < 8


async def test_the_still_in_front_of_an_animated_png_does_not_play(workers: PictureWorkers) -> None:
    made = photos.frames(4)
    upload = photos.encoded(photos.drawing(200, 150), "PNG", save_all=True, append_images=made, default_image=True)
    picture = await workers.develop(upload)
    play = Image.open(io.BytesIO(picture.files["play.webp"]))
    assert play.n_frames == 4
    assert difference(made[0], play) < 8
    assert difference(still(picture), photos.drawing(200, 150)) < 8


async def test_a_long_animation_loses_frames_but_no_time(folder: Path) -> None:
    workers = PictureWorkers(limits=Limits(frames=10))
    made = photos.frames(35, 64, 64)
    picture = await workers.develop(photos.encoded(made[0], "GIF", save_all=True, append_images=made[1:], duration=40))
    play = Image.open(io.BytesIO(picture.files["play.webp"]))
    assert play.n_frames == 9  # every fourth
    assert sum((play.seek(index), play.load(), play.info["duration"])[2] for index in range(9)) == 35 * 40
    await workers.close()


async def test_a_heavy_animation_gets_lighter(workers: PictureWorkers) -> None:
    noise = [Image.effect_noise((640, 480), 100 + index) for index in range(16)]
    picture = await workers.develop(photos.encoded(noise[0], "WEBP", save_all=True, append_images=noise[1:], method=0))
    assert len(picture.files["play.webp"]) <= 2_000_000
    assert Image.open(io.BytesIO(picture.files["play.webp"])).n_frames >= 2


@pytest.mark.parametrize("name", photos.not_pictures())
async def test_what_is_no_picture_gets_a_sentence(workers: PictureWorkers, name: str, tmp_path: Path) -> None:
    upload, sentence = photos.not_pictures()[name]
    (tmp_path / "photo.jpg").write_bytes(upload)
    for source in (upload, tmp_path / "photo.jpg"):
        with pytest.raises(Unreadable, match=sentence):
            await workers.develop(source)


async def test_a_bomb_gets_a_sentence_with_the_limit(workers: PictureWorkers) -> None:
    for upload, sentence in [
        (photos.pixel_flood(50_000, 50_000), "is 2500 megapixels; the limit is 64"),
        (photos.pixel_flood(9_000, 9_000), "is 81 megapixels; the limit is 64"),
        (photos.webp_flood(13_000, 13_000), "is 169 megapixels; the limit is 64"),
        (photos.many_scans(1500), "is a JPEG in too many passes"),
        (bytes(20_000_001), "has 20.1 MB; the limit is 20 MB"),
    ]:
        with pytest.raises(Unreadable, match=sentence):
            await workers.develop(upload)
    assert_clean(await workers.develop(photos.many_scans(50)))


@pytest.mark.parametrize("kind", KINDS)
async def test_pixels_are_limited_in_every_format(workers: PictureWorkers, kind: str) -> None:
    workers.limits = Limits(pixels=1_000_000)
    with pytest.raises(Unreadable, match=r"is 2 megapixels; the limit is 1$"):
        await workers.develop(photos.encoded(Image.new("RGB", (1010, 1000)), kind))


@pytest.mark.parametrize("kind", ANIMATED)
async def test_pixels_of_all_frames_are_limited(workers: PictureWorkers, kind: str) -> None:
    workers.limits = Limits(pixels=1_000_000)
    made = [Image.new("RGB", (1000, 800), (index * 40, 0, 0)) for index in range(6)]
    with pytest.raises(Unreadable, match="is 5 megapixels in its 6 frames; the limit is 4"):
        await workers.develop(photos.encoded(made[0], kind, save_all=True, append_images=made[1:]))


@pytest.mark.parametrize("kind", KINDS)
async def test_a_file_that_is_cut_off_is_damaged(workers: PictureWorkers, kind: str) -> None:
    whole = photos.small(kind)
    for part in (0.2, 0.5, 0.9):
        with pytest.raises(Unreadable, match=r"is damaged|could not be read"):
            await workers.develop(whole[: int(len(whole) * part)])


@pytest.mark.parametrize("kind", KINDS)
async def test_flipped_bits_give_a_clean_picture_or_a_sentence(workers: PictureWorkers, kind: str) -> None:
    whole, chance = photos.small(kind), random.Random(kind)
    for _ in range(10):
        broken = bytearray(whole)
        for _ in range(5):
            broken[chance.randrange(12, len(broken))] ^= 1 << chance.randrange(8)
        with contextlib.suppress(Unreadable):
            assert_clean(await workers.develop(bytes(broken)))


async def test_a_script_in_a_picture_is_gone(workers: PictureWorkers) -> None:
    upload = photos.small("GIF").replace(b"GIF89a", b"GIF89a", 1) + b"/*<script>alert(1)</script>*/"
    picture = await workers.develop(upload)
    assert not any(b"<script>" in data for data in picture.files.values())
    with pytest.raises(Unreadable):
        await workers.develop(b"GIF89a/*" + b"\0" * 20 + b"*/=1;alert(1)")
