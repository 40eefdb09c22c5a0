"""Push messages in a browser: it is asked, it says what is wrong, and its worker shows what comes."""

import json


def test_a_browser_is_asked_and_shows_what_is_pushed(people, site, javascript):
    alice = people("alice", permissions=["notifications"])
    alice.open("/account/push")
    if not javascript:
        assert alice.page.get_by_text("To add this browser needs JavaScript").is_visible()
        assert alice.page.get_by_role("button", name="Tell me in this browser").count() == 0
        return
    # Chromium without its maker's services reaches no push service: the page says so, after the worker is there.
    alice.press("Tell me in this browser")
    alice.page.get_by_text("push service can not be reached").wait_for()
    alice.troubles = [each for each in alice.troubles if "incognito mode" not in each]
    alice.page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    found = []
    browser = alice.page.context.new_cdp_session(alice.page)
    browser.on("ServiceWorker.workerRegistrationUpdated", lambda event: found.extend(event["registrations"]))
    browser.send("ServiceWorker.enable")
    while not found:  # its words come when they come
        alice.page.wait_for_timeout(20)
    (registration,) = {each["registrationId"] for each in found}
    told = {"title": "bob answered you", "body": "My boat", "path": "/messages/7"}
    browser.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": site, "registrationId": registration, "data": json.dumps(told)},
    )
    shown = alice.page.evaluate(
        """async () => {
            const worker = await navigator.serviceWorker.ready;
            for (let tries = 0; tries < 100; tries++) {
                const shown = await worker.getNotifications();
                if (shown.length) return shown.map(({ title, body, data }) => [title, body, data]);
                await new Promise((done) => setTimeout(done, 50));
            }
        }"""
    )
    assert shown == [["bob answered you", "My boat", "/messages/7"]]
    alice.page.evaluate("navigator.serviceWorker.ready.then((worker) => worker.unregister())")


def test_who_forbade_messages_is_told_where_to_allow_them(people, javascript):
    if not javascript:
        return
    alice = people("alice")
    alice.open("/account/push")
    alice.page.evaluate("Notification.requestPermission = async () => 'denied'")
    alice.press("Tell me in this browser")
    assert alice.page.get_by_text("Allow it in the browser’s settings").is_visible()
