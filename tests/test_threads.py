"""Threads: list, open, start, delete, lock."""


from tests.factories import make_message


async def test_a_stranger_reads_the_front_page(stranger, thread):
    page = await stranger.open("/")
    assert "A thread" in page.text
    assert f'href="{thread.path}"' in page.text
    assert "1 message" in page.text


async def test_a_stranger_reads_a_thread(stranger, bob, thread):
    await make_message(bob, thread, "Hello *there*.")
    page = await stranger.open(thread.path)
    assert "The opening." in page.text
    assert "Hello <em>there</em>." in page.text
