"""Large, slow and many requests on raw sockets against a real server. On plain uvicorn each attack is red."""

import signal
import threading
import time
from http import HTTPStatus

import pytest

from tests.door import CHUNKED, CLOSE, FILLER, MB, flood, get, post, read, send, statuses, together


def test_an_answer_is_dated_and_does_not_name_its_server(door):
    heads = [door.ask(request).lower() for request in (get(b"/", CLOSE), b"nonsense\r\n\r\n")]
    assert all(b"\r\ndate: " in head and b"\r\nserver:" not in head for head in heads)


TOO_LARGE = {
    "endless headers": get(b"/", *[FILLER] * 200_000)[:-4],
    "a giant header": get(b"/", b"X: " + b"y" * 10 * MB)[:-4],
    "a header of 100 KB": get(b"/", b"X: " + b"y" * 100_000),
    "101 headers": get(b"/", *[b"X: y"] * 100),
    "a giant request line": b"GET /?" + b"y" * 10 * MB,
    "endless blank lines": b"\r\n" * 5 * MB,
    "a giant trailer": post(b"/", CHUNKED, body=b"3\r\nabc\r\n0\r\nX: " + b"y" * 10 * MB),
    "endless trailers": post(b"/", CHUNKED, body=b"3\r\nabc\r\n0\r\n" + (FILLER + b"\r\n") * 200_000),
    "a giant chunk extension": post(b"/", CHUNKED, body=b"3;x=" + b"y" * 10 * MB),
}


@pytest.mark.parametrize("name", TOO_LARGE)
def test_what_is_too_large_is_refused_with_a_sentence_and_flat_memory(door, name):
    with door.flat_memory():
        refusal = door.ask(TOO_LARGE[name])
    assert statuses(refusal) == [431]
    assert refusal.endswith(b"\r\n\r\n%b.\n" % HTTPStatus(431).description.encode())


TOO_SLOW = {
    "silence": ([b""], []),
    "a head byte by byte": ([bytes([byte]) for byte in get()], [408]),
    "blank lines": ([b"\r\n"] * 30, []),
    "no next request": ([get()], [200]),
    "half a next request": ([get() + get()[:20]], [200, 408]),
    "a body byte by byte": ([post(b"/", b"Content-Length: 1000"), *[b"x"] * 30], [408]),
    "a chunk byte by byte": ([post(b"/", CHUNKED, body=b"999\r\n"), *[b"x"] * 30], [408]),
}


def test_clients_that_dawdle_are_closed_in_time(door):
    def dawdle(parts):
        began = time.monotonic()
        return statuses(door.ask(*parts)), 0.25 < time.monotonic() - began < 2.5

    assert together(dawdle, TOO_SLOW) == {name: (expected, True) for name, (_, expected) in TOO_SLOW.items()}


def test_an_app_hears_that_the_body_will_not_come(door):
    door.ask(post(b"/", b"Content-Length: 1000"))
    assert door.has_seen(b"disconnected")


def test_a_head_that_begins_late_has_its_full_time(door):
    with door.connect() as client:
        client.sendall(get(b"/?wait=0.4"))
        read(client, until=b"}")
        for part in (get(b"/", CLOSE)[:20], get(b"/", CLOSE)[20:]):
            time.sleep(0.6)
            client.sendall(part)
        assert statuses(read(client)) == [200]


HONEST = {
    "a large head": ([get(b"/", CLOSE, b"Cookie: " + b"y" * 8000, *[FILLER] * 90)], [0]),
    "a slow upload": ([post(b"/", CLOSE, b"Content-Length: 9000"), *[b"x" * 450] * 20], [9000]),
    "an app that reads late": ([post(b"/?wait=1.5", CLOSE, b"Content-Length: 999999", body=bytes(999_999))], [999_999]),
    "an upload in line": (
        [get(b"/?wait=1.5") + post(b"/", CLOSE, b"Content-Length: 99999", body=bytes(99_999))],
        [0, 99_999],
    ),
}


def test_honest_clients_are_not_blamed(door):
    def lengths(parts):
        return [int(part.partition(b",")[0]) for part in door.ask(*parts).split(b'"length":')[1:]]

    assert together(lengths, HONEST) == {name: expected for name, (_, expected) in HONEST.items()}


def test_a_connection_serves_on_after_a_large_upload(door):
    with door.connect() as client:
        for size in (3_000_000, 200_000):  # the first widens the window, so that the second comes in one piece
            client.sendall(post(b"/", b"Content-Length: %d" % size))
            time.sleep(0.1)
            door.process.send_signal(signal.SIGSTOP)
            client.sendall(bytes(size)[:200_000])
            door.process.send_signal(signal.SIGCONT)
            client.sendall(bytes(size)[200_000:])
            read(client, until=b"}")
        client.sendall(get(b"/", CLOSE))
        assert statuses(read(client)) == [200]


def test_a_client_that_asks_before_it_sends_is_not_blamed_for_a_slow_answer(door):
    with door.connect() as client:
        client.sendall(post(b"/?wait=1.5", b"Expect: 100-continue", b"Content-Length: 3"))
        assert statuses(client.recv(9999)) == [100]
        client.sendall(b"abc")
        assert b'"length":3' in read(client)


def test_a_client_that_asks_before_it_sends_may_skip_the_body_it_was_refused(door):
    refusal = door.ask(post(b"/small", b"Expect: 100-continue", b"Content-Length: 99999"))
    assert statuses(refusal) == [413]
    assert b"\r\nconnection: close\r\n" in refusal


# Many requests on one connection


def test_thousands_of_queued_requests_are_answered_in_order_with_flat_memory(door):
    requests = b"".join(b"GET /%d HTTP/1.1\r\nHost:\r\n\r\n" % n for n in range(4000)) + get(b"/last", CLOSE)
    with door.flat_memory(), door.connect() as client:
        sender = threading.Thread(target=send, args=(client, requests))
        sender.start()
        paths = [part.partition(b'"')[0] for part in read(client).split(b'"path":"/')[1:]]
        sender.join()
    assert paths == [b"%d" % n for n in range(4000)] + [b"last"]


@pytest.mark.parametrize(
    "waits", [get() * 4000, b"nonsense\r\n" * 9000, post(b"/", b"Content-Length: 9999999") + bytes(MB)]
)
def test_what_waits_behind_an_endless_answer_takes_no_memory(door, waits):
    with door.flat_memory(), door.connect() as client:
        client.sendall(get(b"/stream"))
        flood(client, waits)


def test_an_app_hears_that_its_client_left_although_another_request_waits(door):
    with door.connect() as client:
        client.sendall(get(b"/stream?every=99"))
        read(client, until=b"beat")
        client.sendall(get())
        time.sleep(0.1)
    assert door.has_seen(b"every=99 is over")


@pytest.mark.parametrize("wrong", [b"nonsense\r\n\r\n", post(b"/", CHUNKED, body=b"zz\r\n")])
def test_what_is_wrong_is_refused_in_its_turn(door, wrong):
    assert statuses(door.ask(get(b"/?wait=0.3") + get() + wrong)) == [200, 200, 400]
