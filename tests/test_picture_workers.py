"""The processes that read pictures: bounded, replaced when they die, gone with the server."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from board.kit.pictures import Busy, Limits, PictureWorkers, Unreadable
from tests import photos
from tests.photos import assert_clean


async def test_a_job_out_of_memory_gets_a_sentence_and_the_next_one_works(workers: PictureWorkers) -> None:
    await workers.develop(photos.phone("JPEG"))
    workers.limits = Limits(memory=80 << 20)
    for upload in (photos.encoded(Image.new("RGB", (4000, 4000)), "PNG"), photos.phone("HEIF", 1, 1600, 1200)):
        with pytest.raises(Unreadable, match="memory"):
            await workers.develop(upload)
    assert_clean(await workers.develop(photos.phone("JPEG")))


async def test_where_memory_is_scarce_the_sentence_does_not_blame_the_picture_alone(workers: PictureWorkers) -> None:
    picture = photos.encoded(photos.photo(6000, 4000), "WEBP", method=0)
    with pytest.raises(Unreadable, match=r"is damaged$"):
        await workers.develop(picture[:5000])
    workers.limits = Limits(memory=200 << 20)
    with pytest.raises(Unreadable, match="is damaged, or needs too much memory"):
        await workers.develop(picture)


async def test_a_job_out_of_time_gets_a_sentence_and_the_next_one_works(workers: PictureWorkers) -> None:
    slow = photos.encoded(Image.effect_noise((4000, 3000), 80), "PNG", compress_level=1)
    workers.limits = Limits(seconds=0.05)
    with pytest.raises(Unreadable, match="took too long"):
        await workers.develop(slow)
    workers.limits = Limits()
    assert_clean(await workers.develop(photos.small("PNG")))


@pytest.mark.skipif(sys.platform != "linux", reason="looks for the child in /proc")
async def test_a_crash_while_decoding_gets_a_sentence_and_the_next_one_works(workers: PictureWorkers) -> None:
    upload = photos.encoded(Image.effect_noise((4000, 3000), 80), "PNG", compress_level=1)
    for fatal in (signal.SIGKILL, signal.SIGABRT, signal.SIGSEGV):
        job = asyncio.create_task(workers.develop(upload))
        while not (children := [pid for worker in running(workers) for pid in children_of(worker)]):
            await asyncio.sleep(0.005)
        os.kill(children[0], fatal)
        with pytest.raises(Unreadable, match="could not be read"):
            await job
    assert len(running(workers)) == 1
    assert_clean(await workers.develop(photos.small("PNG")))


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


async def test_a_killed_worker_is_replaced(workers: PictureWorkers) -> None:
    await workers.develop(photos.small("JPEG"))
    os.kill(running(workers)[0], signal.SIGKILL)
    assert_clean(await workers.develop(photos.small("JPEG")))
    job = asyncio.create_task(workers.develop(photos.encoded(photos.frames(40)[0].resize((3000, 3000)), "PNG")))
    while not busy(workers):
        await asyncio.sleep(0.005)
    os.kill(running(workers)[0], signal.SIGKILL)
    assert_clean(await job)


def running(workers: PictureWorkers) -> list[int]:
    return [worker.process.pid for worker in workers._running if worker.process.returncode is None]


def busy(workers: PictureWorkers) -> bool:
    return len(running(workers)) > len(workers._idle)


async def test_two_jobs_run_at_once_and_more_wait(workers: PictureWorkers) -> None:
    pictures = await asyncio.gather(*(workers.develop(photos.phone("JPEG", width=900 + more)) for more in range(5)))
    assert len({picture.key for picture in pictures}) == 5
    assert len(running(workers)) == 2


async def test_too_many_waiting_are_refused(folder: Path) -> None:
    workers = PictureWorkers(processes=1, waiting=1)
    jobs = [workers.develop(photos.phone("JPEG")) for _ in range(4)]
    answers = await asyncio.gather(*jobs, return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["Busy", "Busy", "Picture", "Picture"]
    assert_clean(await workers.develop(photos.small("JPEG")))
    await workers.close()


async def test_a_cancelled_job_costs_no_worker(folder: Path) -> None:
    workers = PictureWorkers(processes=1)
    upload = photos.phone("JPEG")
    for pause in (0, 0.005, 0.02, 0.05, 0.1, 0.15):
        jobs = [asyncio.create_task(workers.develop(upload)) for _ in range(3)]
        await asyncio.sleep(pause)
        for job in jobs[:2]:
            job.cancel()
        _, _, kept = await asyncio.gather(*jobs, return_exceptions=True)
        assert_clean(kept)
    assert len(running(workers)) == 1
    await workers.close()
    assert list(folder.glob("board-picture-*")) == []


async def test_closing_ends_the_workers_and_what_they_do(folder: Path) -> None:
    workers = PictureWorkers()
    job = asyncio.create_task(workers.develop(photos.phone("JPEG", 1, 3000, 3000)))
    while not busy(workers):
        await asyncio.sleep(0.01)
    pids = running(workers)
    await workers.close()
    with pytest.raises(Busy):
        await job
    with pytest.raises(Busy):
        await workers.develop(photos.small("JPEG"))
    assert not any(alive(pid) for pid in pids)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().split()[2] != "Z"


async def test_nothing_is_left_when_the_server_is_killed(folder: Path) -> None:
    source = folder / "slow.png"
    source.write_bytes(photos.encoded(Image.effect_noise((6000, 3000), 80), "PNG", compress_level=1))
    server = f"""
import asyncio, os, pathlib, signal, tempfile
from board.kit.pictures import PictureWorkers
tempfile.tempdir = {str(folder)!r}
async def main():
    workers = PictureWorkers()
    job = asyncio.create_task(workers.develop(pathlib.Path({str(source)!r})))
    await asyncio.sleep(0.3)
    while not workers._running:
        await asyncio.sleep(0.01)
    pid = workers._running[0].process.pid
    children = pathlib.Path(f"/proc/{{pid}}/task/{{pid}}/children")
    if children.exists():
        while not children.read_text():
            await asyncio.sleep(0.01)
        os.kill(int(children.read_text()), signal.SIGSTOP)  # the worker must not wait for it
    print(pid, flush=True)
    os.kill(os.getpid(), 9)
asyncio.run(main())
"""
    run = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", server], capture_output=True, text=True, check=False, timeout=60
    )
    pid = int(run.stdout)
    for _ in range(100):
        if not alive(pid) and not list(folder.glob("board-picture-*")):
            return
        await asyncio.sleep(0.05)
    pytest.fail(f"worker {pid} lives on, or left {list(folder.glob('*'))}")
