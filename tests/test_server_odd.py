"""Slow readers, early answers, odd requests and the end, against a real server. On plain uvicorn each is red."""

import signal
import socket
import subprocess
import time
from contextlib import suppress

import pytest

from tests.door import CHUNKED, CLOSE, COMMAND, MB, UPGRADE, eventually, flood, get, opened, post, read, send, statuses

# Reading and writing


@pytest.mark.parametrize("body", [b"x" * 20 * MB, b"\r\n" * 10 * MB])
def test_a_body_that_the_app_does_not_read_yet_takes_no_memory(door, body):
    with door.flat_memory(), door.connect() as client:
        client.sendall(post(b"/?wait=1", b"Content-Length: %d" % len(body)))
        flood(client, body)


def test_a_client_that_never_reads_is_cut_off(door):
    assert eventually(lambda: door.sockets() <= door.at_rest)
    clients = [door.connect() for _ in range(4)]
    for number, client in enumerate(clients):
        client.sendall(get([b"/big", b"/big?whole"][number % 2], [CLOSE, b"X: y"][number // 2]))
    assert eventually(lambda: door.sockets() >= door.at_rest + 4)
    assert eventually(lambda: door.sockets() <= door.at_rest)
    for client in clients:
        client.close()


@pytest.mark.parametrize("path", [b"/big", b"/big?whole"])
def test_an_honest_slow_reader_is_not_cut_off(door, path):
    assert eventually(lambda: door.sockets() <= door.at_rest)
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
        client.connect(("127.0.0.1", door.port))
        client.sendall(get(path, CLOSE))
        for _ in range(40):
            client.recv(6000)
            time.sleep(0.05)
        assert door.sockets() > door.at_rest, "cut off; what the kernel held still comes"


WRITTEN_FIRST = {
    "an upload": (post(b"/small", b"Content-Length: %d" % (25 * MB), body=bytes(25 * MB)), 413),
    "an upload on a connection that closes": (
        post(b"/small", CLOSE, CHUNKED, body=b"ffffffff\r\n" + bytes(25 * MB)),
        413,
    ),
    "more requests than are answered": (get(b"/?wait=0.3", CLOSE) + get() * 500_000, 200),
}


@pytest.mark.parametrize("name", WRITTEN_FIRST)
def test_who_writes_everything_first_can_still_read_an_early_answer(door, name):
    request, expected = WRITTEN_FIRST[name]
    with door.connect() as client:
        client.sendall(request)
        assert statuses(read(client)) == [expected]


def test_what_is_thrown_away_has_an_end_in_bytes(door):
    with door.connect() as client, pytest.raises(ConnectionError):
        client.sendall(post(b"/small", b"Content-Length: %d" % (99 * MB), body=bytes(99 * MB)))


def test_what_is_thrown_away_has_an_end_in_time(door):
    with door.connect() as client:
        client.sendall(post(b"/small", b"Content-Length: 99999"))
        began = time.monotonic()
        with suppress(ConnectionError):
            while time.monotonic() < began + 6:
                client.send(b"x")
                time.sleep(0.1)
        assert 1.5 < time.monotonic() - began < 4


ODD = {
    "two lengths": (post(b"/", b"Content-Length: 3", b"Content-Length: 4", body=b"abcd"), 400),
    "the same length twice": (post(b"/", b"Content-Length: 3", b"Content-Length: 3", body=b"abc"), 400),
    "length and chunks": (post(b"/", CHUNKED, b"Content-Length: 3", body=b"3\r\nabc\r\n0\r\n\r\n"), 400),
    "chunks and length": (post(b"/", b"Content-Length: 3", CHUNKED, body=b"3\r\nabc\r\n0\r\n\r\n"), 400),
    "a negative length": (post(b"/", b"Content-Length: -3", body=b"abc"), 400),
    "a length beyond all": (post(b"/", b"Content-Length: " + b"9" * 40, body=b"abc"), 400),
    "a chunk size that is no number": (post(b"/", CHUNKED, body=b"zz\r\nabc\r\n"), 400),
    "a chunk size beyond all": (post(b"/", CHUNKED, body=b"f" * 20 + b"\r\nabc\r\n"), 400),
    "a chunk longer than its size": (post(b"/", CHUNKED, body=b"3\r\nabcdef\r\n0\r\n\r\n"), 400),
    "an unknown coding": (post(b"/", CHUNKED + b", unknown", body=b"3\r\nabc\r\n"), 400),
    "a coding that is not chunks": (post(b"/", b"Transfer-Encoding: identity", body=b"abc"), 400),
    "a folded header": (get(b"/", b"X: a", b" b"), 400),
    "a space before the colon": (get(b"/", b"X : a"), 400),
    "a zero in a header": (get(b"/", b"X: a\0b"), 400),
    "raw bytes in a header": (get(b"/", CLOSE, b"X: \xff\xfe"), 200),
    "no host": (b"GET / HTTP/1.1\r\n\r\n", 400),
    "two hosts": (get(b"/", b"Host: other"), 400),
    "HTTP/0.9": (b"GET /\r\n\r\n", 400),
    "HTTP/1.0": (b"GET / HTTP/1.0\r\n\r\n", 200),
    "HTTP/1.0 that asks to stay": (b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 200),
    "HTTP/2 at once": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    "HTTP/3.7": (b"GET / HTTP/3.7\r\nHost: board\r\n\r\n", 400),
    "long nonsense": (b"nonsense " * 3000, 400),
    "more after the last request": (get(b"/", CLOSE) + get(), 200),
    "TLS": (bytes.fromhex("160301020001000000"), 400),
    "an absolute target": (get(b"http://board/", CLOSE), 200),
    "an absolute target without a path": (get(b"http://board", CLOSE), 400),
    "a star": (get(b"*", CLOSE, method=b"OPTIONS"), 404),
    "a tunnel": (get(b"board:443", method=b"CONNECT"), 400),
    "an unknown method": (get(b"/", method=b"BREW"), 400),
    "raw bytes in the path": (get(b"/\xff\xfe"), 400),
    "a zero in the path": (get(b"/\0"), 400),
    "escaped bytes that are no text": (get(b"/%ff%00%c3", CLOSE), 200),
    "broken escapes": (get(b"/%zz%2", CLOSE), 200),
    "a websocket": (get(b"/", b"Connection: Upgrade", b"Upgrade: websocket", b"Sec-WebSocket-Key: AA=="), 200),
    "an upgrade with a body": (post(b"/", UPGRADE, b"Content-Length: 3", body=b"abc"), 400),
}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_request_gets_one_answer_and_a_close_at_once(door, name):
    request, expected = ODD[name]
    began = time.monotonic()
    assert statuses(door.ask(request)) == [expected]
    assert time.monotonic() - began < 0.5


def test_the_body_of_an_upgrade_is_not_taken_for_a_request(door):
    smuggled = get(b"/smuggled")
    with door.connect() as client:
        client.sendall(post(b"/", UPGRADE, b"Content-Length: %d" % len(smuggled)))
        time.sleep(0.1)
        send(client, smuggled)
        assert b"smuggled" not in read(client)


def test_a_trailer_is_not_a_header(door):
    told = door.ask(post(b"/", CLOSE, CHUNKED, body=b"0\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n"))
    assert statuses(told) == [200]
    assert b"203.0.113.9" not in told


def test_only_a_trusted_proxy_may_say_who_asks(door):
    request = get(b"/", CLOSE, b"X-Forwarded-For: 203.0.113.9", b"X-Forwarded-Proto: https")
    assert b'"scheme":"https","client":"203.0.113.9"' in door.ask(request)
    assert b'"scheme":"http","client":"127.0.0.2"' in door.ask(request, source="127.0.0.2")


# The end


@pytest.mark.parametrize("sig", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_requests_finish_tells_streams_and_returns(tmp_path, sig):
    log = tmp_path / "log"
    with opened(log) as door, door.connect() as slow, door.connect() as streaming, door.connect() as idle:
        slow.sendall(get(b"/?wait=1"))
        streaming.sendall(get(b"/stream"))
        read(streaming, until=b"beat")
        door.process.send_signal(sig)
        began = time.monotonic()
        assert read(idle) == b""
        assert b"goodbye" in read(streaming)
        assert time.monotonic() - began < 0.8
        with pytest.raises(ConnectionError):
            door.connect()
        assert statuses(read(slow)) == [200]
        assert door.process.communicate(timeout=5)[0] == "cleaned up\n"
        assert door.process.returncode == 0
        assert log.read_text() == ""


def test_while_it_drains_it_answers_on_and_each_answer_is_a_connections_last(tmp_path):
    with opened(tmp_path / "log", drain=2) as door, door.connect() as resting, door.connect() as streaming:
        resting.sendall(get())
        read(resting, until=b"}")
        streaming.sendall(get(b"/stream"))
        read(streaming, until=b"beat")
        with door.connect() as idle:
            door.process.send_signal(signal.SIGTERM)
            read(streaming, until=b"goodbye")
            resting.sendall(get())
            for answer in (read(resting), door.ask(get())):
                assert statuses(answer) == [200]
                assert b"\r\nconnection: close\r\n" in answer
            assert read(idle) == b""
        assert door.process.communicate(timeout=5)[0] == "cleaned up\n"
        assert door.process.returncode == 0


def test_a_second_ctrl_c_ends_at_once(tmp_path):
    with opened(tmp_path / "log") as door, door.connect() as client:
        client.sendall(get(b"/?wait=9"))
        for _ in range(2):
            time.sleep(0.3)
            door.process.send_signal(signal.SIGINT)
        assert door.process.communicate(timeout=1.5)[0] == "cleaned up\n"
        assert door.process.returncode == 0


def test_a_taken_port_is_said_in_a_sentence(door):
    second = subprocess.run([*COMMAND, str(door.port), "0"], check=False, capture_output=True, text=True)
    assert (second.returncode, second.stderr) == (1, f"Port {door.port} is taken: set PORT to another.\n")
