"""What a request tells of its sender, from headers as they are sent."""

import pytest

from board.kit import clients

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile/15E148"
CHROME = "(KHTML, like Gecko) Chrome/131.0.0.0"


def headers(**given: str) -> dict[bytes, bytes]:
    return {name.replace("_", "-").encode(): text.encode("latin-1") for name, text in given.items()}


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (IPHONE, "phone"),
        (f"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 {CHROME} Mobile Safari/537.36", "phone"),
        (f"Mozilla/5.0 (Linux; Android 9; CUBOT X18 Plus) AppleWebKit/537.36 {CHROME} Mobile Safari/537.36", "phone"),
        ("Mozilla/5.0 (Mobile; Nokia 8110 4G; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.5", "phone"),
        ("Opera/9.80 (J2ME/MIDP; Opera Mini/9.80/190.277; U; en) Presto/2.8.119 Version/11.10", "phone"),
        ("Nokia6300/2.0 (05.00) Profile/MIDP-2.0 Configuration/CLDC-1.1", "phone"),
        ("Mozilla/5.0 (iPad; CPU OS 15_8 like Mac OS X) AppleWebKit/605.1.15 Version/15.6 Mobile/15E148", "tablet"),
        (f"Mozilla/5.0 (Linux; Android 13; SM-X200) AppleWebKit/537.36 {CHROME} Safari/537.36", "tablet"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0", "desktop"),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.1 Safari/605.1.15",
            "desktop",
        ),
        (f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 {CHROME} Safari/537.36", "desktop"),
        ("Links (2.29; OpenBSD 7.5 amd64; text)", "other"),
    ],
)
def test_a_browser_is_no_bot_and_has_a_class_of_device(agent, device):
    assert not clients.is_bot(headers(user_agent=agent))
    assert clients.device(headers(user_agent=agent)) == device


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
        "Mozilla/5.0 (compatible; YandexImages/3.0; +http://yandex.com/bots)",
        "facebookexternalhit/1.1",
        "WhatsApp/2.23.20.0",
        "Mediapartners-Google",
        "Go-http-client/2.0",
        "Prometheus/3.0.0",
        "kube-probe/1.32",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/131.0.0.0 Safari/537.36",
        "Wget/1.25.0",
        "NetNewsWire (RSS Reader; https://netnewswire.com/)",
        "",
        "   ",
    ],
)
def test_a_bot_names_itself_or_nothing(agent):
    assert clients.is_bot(headers(user_agent=agent))


def test_no_name_at_all_is_a_bot_of_some_device():
    assert clients.is_bot({}) and clients.device({}) == "other"


@pytest.mark.parametrize(
    ("told", "language"),
    [("de-CH,de;q=0.9", "de"), ("EN", "en"), ("haw,en", "haw"), ("pt;q=0.5", "pt"), ("*", ""), ("", ""),
     ("english", ""), ("x", ""), ("d\xe9-CH", ""), ("de\x00", "")],
)  # fmt: skip
def test_a_language_is_its_primary_tag(told, language):
    assert clients.language(headers(accept_language=told)) == language


@pytest.mark.parametrize(
    ("told", "host"),
    [
        ("https://example.org/a/b?c=d#e", "example.org"),
        ("https://www.Example.ORG.:8443/", "example.org"),
        ("https://user:secret@example.org/", "example.org"),
        ("android-app://com.google.android.gm/", "com.google.android.gm"),
        ("http://192.0.2.7/", "192.0.2.7"),
        ("https://xn--bcher-kva.example/", "xn--bcher-kva.example"),
        ("https://board.example/threads/1", None),
        ("https://inside.example:8000/threads/1", None),
        ("", ""),
        ("about:blank", ""),
        ("https://[::1/", ""),
        ("https://" + "a" * 300 + ".example/", ""),
        ("https://b\xfccher.example/", ""),
        ("https://a_b.example/", ""),
        ("javascript:alert(1)", ""),
    ],
)
def test_a_referrer_is_the_host_of_another_site(told, host):
    asked = headers(referer=told, host="inside.example:8000")
    assert clients.referrer(asked, "board.example") == host


def test_without_a_header_there_is_no_referrer():
    assert clients.referrer({}) == ""


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_somebody_comes_from_an_address_or_a_network(host, network):
    assert clients.network(host) == network


def test_a_long_header_does_not_stay_in_memory():
    told = "Mozilla/5.0 " + "x" * 10_000
    clients.device(headers(user_agent=told))
    assert not clients.is_bot(headers(user_agent=told + "bot")), "what is far behind is not read"


ANDROID = "Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 (KHTML, like Gecko)"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
LINUX = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36"


@pytest.mark.parametrize(
    ("agent", "told"),
    [
        ("Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", "Firefox on Android"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        (f"{ANDROID} Chrome/139.0.0.0 Mobile Safari/537.36", "Chrome on Android"),
        (f"{ANDROID} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36", "Samsung Internet on Android"),
        (f"{ANDROID} Chrome/139.0.0.0 Mobile Safari/537.36 OPR/90.0", "Opera on Android"),
        (f"{SAFARI} Version/18.5 Mobile/15E148 Safari/604.1", "Safari on iPhone"),
        (f"{SAFARI} CriOS/139.0.0.0 Mobile/15E148 Safari/604.1", "Chrome on iPhone"),
        (f"{SAFARI} FxiOS/140.0 Mobile/15E148 Safari/605.1.15", "Firefox on iPhone"),
        (
            SAFARI.replace("iPhone; CPU iPhone", "iPad; CPU") + " Version/18.5 Mobile/15E148 Safari/604.1",
            "Safari on iPad",
        ),
        (LINUX, "Chrome on Linux"),
        (LINUX.replace("X11; Linux x86_64", "X11; CrOS x86_64 14541.0.0"), "Chrome on ChromeOS"),
        (LINUX.replace("X11; Linux x86_64", "Macintosh; Intel Mac OS X 10_15_7"), "Chrome on a Mac"),
        (f"{LINUX.replace('X11; Linux x86_64', 'Windows NT 10.0; Win64; x64')} Edg/139.0.0.0", "Edge on Windows"),
        (f"{LINUX} Vivaldi/7.5", "Vivaldi on Linux"),
        ("Mozilla/5.0 (Mobile; LYF/F90M; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.5", "Firefox on KaiOS"),
        ("Opera/9.80 (J2ME/MIDP; Opera Mini/9.80/191.1; U; en) Presto/2.5.25 Version/10.54", "Opera"),
        ("Links (2.29; Linux 6.1; x86_64)", "A browser on Linux"),
        ("curl/8.5.0", "A browser"),
        ("", "A browser"),
        ("\xff" * 1_000, "A browser"),
    ],
)
def test_a_browser_is_told_by_its_family_and_system_alone(agent, told):
    assert clients.browser({b"user-agent": agent.encode("latin-1")}) == told
    assert clients.browser({}) == "A browser"


@pytest.mark.parametrize(
    ("sender", "site"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_of_ipv6_a_site_has_65536_networks(sender, site):
    assert clients.site(sender) == site
