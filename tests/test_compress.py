"""Compression: the best that the browser takes, and never what it refuses."""

import gzip

import brotli
import pytest
import zstandard

from board.kit import compress
from tests.factories import make_message

READ = {
    "zstd": lambda data: zstandard.ZstdDecompressor().decompress(data, max_output_size=10_000_000),
    "br": brotli.decompress,
    "gzip": gzip.decompress,
    "": lambda data: data,
}


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", ""),
        ("gzip", "gzip"),
        ("br", "br"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, deflate, br", "br"),
        ("GZIP", "gzip"),
        ("  gzip  ,  br  ", "br"),
        ("gzip;q=1.0, br;q=0.1", "br"),
        ("gzip;q=0", ""),
        ("gzip;q=0.0, br;q=0.000, zstd; q=0", ""),
        ("zstd;q = 0, br", "br"),
        ("zstd;Q=0, br", "br"),
        ("br;q=0.01", "br"),
        ("br;q=0.001;x", "br"),
        ("identity", ""),
        ("*", ""),
        ("x-gzip, deflate", ""),
        ("gzipped", ""),
        (";q=1", ""),
        (",,,,", ""),
        ("gzip\0", ""),
        ("é, br", "br"),
        ("br" * 10_000, ""),
    ],
)
def test_the_best_that_the_browser_takes_is_chosen(accepted, encoding):
    assert compress.choose(accepted) == encoding


@pytest.mark.parametrize("encoding", list(READ))
@pytest.mark.parametrize("kept", [False, True])
@pytest.mark.parametrize("data", [b"", b"x", b"words " * 10_000, bytes(range(256)) * 50])
def test_what_was_compressed_comes_back(encoding, kept, data):
    packed = compress.compress(data, encoding, kept=kept)
    assert READ[encoding](packed) == data
    assert len(packed) <= len(data) + 40


def test_the_same_bytes_compress_to_the_same_bytes():
    for encoding in READ:
        assert compress.compress(b"words " * 1_000, encoding) == compress.compress(b"words " * 1_000, encoding)


@pytest.mark.parametrize("encoding", ["zstd", "br", "gzip"])
async def test_pages_come_compressed_to_strangers_and_members_alike(stranger, alice, bob, thread, encoding):
    await make_message(bob, thread, "Words and words. " * 100)
    for client in (stranger, alice):
        plain = await client.get(thread.path, headers={"Accept-Encoding": "identity"})
        assert "content-encoding" not in plain.headers
        packed = await client.get(thread.path, headers={"Accept-Encoding": encoding})
        assert packed.headers["content-encoding"] == encoding
        assert int(packed.headers.get("content-length", 0)) < len(plain.content) / 2
        assert "Accept-Encoding" in packed.headers["vary"]
        assert [line for line in packed.text.splitlines() if "form_key" not in line] == [
            line for line in plain.text.splitlines() if "form_key" not in line
        ]


async def test_what_is_small_or_a_picture_or_empty_is_sent_as_it_is(stranger, alice):
    headers = {"Accept-Encoding": "gzip"}
    assert "content-encoding" not in (await stranger.get("/threads/new", headers=headers)).headers
    assert "content-encoding" not in (await stranger.post("/sign-out", headers=headers)).headers
    notice = await alice.post("/messages/1/vote", data={"value": "7"}, headers=headers | {"HX-Request": "true"})
    assert notice.status_code == 400
    assert "content-encoding" not in notice.headers


async def test_a_problem_page_comes_compressed_too(stranger):
    answer = await stranger.get("/nothing", headers={"Accept-Encoding": "gzip"})
    assert (answer.status_code, answer.headers["content-encoding"]) == (404, "gzip")
    assert "There is nothing at this address." in answer.text
