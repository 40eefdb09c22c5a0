"""Settings: a default for each that works, and a sentence for each that can not."""

import dataclasses
import multiprocessing
import stat
from pathlib import Path

import pytest

from board.kit.config import Config, ConfigError, kept_secret

KEY, OTHER = "k" * 32, "o" * 32

SMTP_SENTENCE = "SMTP_URL must be like smtp://user:password@mail.example:587, or begin with smtps://"


def test_without_any_setting_the_defaults_work():
    config = Config.from_environment({})
    assert config == Config()
    assert (config.address, config.origin, config.secure) == ("http://127.0.0.1:8000", "", False)
    assert config.pictures_url == f"file://{Path.cwd()}/data/pictures"


def test_an_empty_variable_is_one_that_is_not_set():
    assert Config.from_environment({setting.name.upper(): "" for setting in dataclasses.fields(Config)}) == Config()


def test_every_setting_can_be_given_and_says_what_it_means():
    odd = {"PUBLIC_ORIGIN": "https://a.example", "SECRET_KEYS": KEY}
    odd |= {"DATABASE_URL": "postgresql://a", "READ_DATABASE_URL": "postgresql://b"}
    odd |= {"CHALLENGE_QUESTIONS": "What barks? a dog"}
    odd |= {"OTLP_ENDPOINT": "http://collector:4318", "TRACE_SHARE": "0.5"}
    odd |= {"SMTP_URL": "smtps://mail.example", "MAIL_FROM": "Board <board@a.example>"}
    odd |= {"METRICS_NETWORKS": "none", "METRICS_TOKEN": KEY, "BACKUP_KEEP": "2d 1m"}
    for setting in dataclasses.fields(Config):
        name, kind = setting.name.upper(), type(setting.default)
        choices = setting.metadata.get("choices", [""])
        text = odd.get(name) or choices[-1] or {str: "words", int: "50", float: "2.5", bool: "1"}.get(kind, "/folder")
        together = {"PUBLIC_ORIGIN": "https://a.example"} if name == "SMTP_URL" else {}
        given = getattr(Config.from_environment({name: text} | together), setting.name)
        assert given in (text, 50, 2.5, 0.5, True, Path("/folder"))
        assert isinstance(given, (kind, Path))
        assert setting.metadata["meaning"]


@pytest.mark.parametrize("text", ["1", "true", "TRUE", "yes", "on"])
def test_what_means_yes(text):
    assert Config.from_environment({"DEMO": text}).demo is True


@pytest.mark.parametrize("text", ["0", "false", "No", "OFF"])
def test_what_means_no(text):
    assert Config.from_environment({"DEMO": text}).demo is False


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("PORT", "many", "PORT=many must be a number"),
        ("PORT", "8000.5", "PORT=8000.5 must be a number"),
        ("PORT", "-1", "PORT=-1 must be 0 to 9223372036854775807"),
        ("PORT", "65536", "PORT=65536 must be 0 to 65535"),
        ("PORT", "9" * 5_000, f"PORT={'9' * 5_000} must be a number"),
        ("MAX_TEXT", str(2**63), f"MAX_TEXT={2**63} must be 0 to 9223372036854775807"),
        ("PAGE_CACHE_SECONDS", "nan", "PAGE_CACHE_SECONDS=nan must be 0 to 9223372036854775807"),
        ("PAGE_CACHE_SECONDS", "inf", "PAGE_CACHE_SECONDS=inf must be 0 to 9223372036854775807"),
        ("DEMO", "maybe", "DEMO=maybe must be 1 or 0"),
        ("SESSION_DAYS", "0", "SESSION_DAYS=0 must be 1 to 3650"),
        ("SESSION_DAYS", "99999999", "SESSION_DAYS=99999999 must be 1 to 3650"),
        ("THREADS_PER_PAGE", "0", "THREADS_PER_PAGE=0 must be 1 to 100"),
        ("MESSAGES_PER_PAGE", "101", "MESSAGES_PER_PAGE=101 must be 1 to 100"),
        ("SMTP_URL", "mail.example:587", SMTP_SENTENCE),
        ("SMTP_URL", "smtp://", SMTP_SENTENCE),
        ("SMTP_URL", "smtp://mail.example:mail", SMTP_SENTENCE),
        ("SMTP_URL", "smtp://mail.example?tls=no", SMTP_SENTENCE),
        ("SMTP_URL", "smtp://mail.example:25", "SMTP_URL needs PUBLIC_ORIGIN: mails hold links to the board"),
        ("MAIL_FROM", "Board", "MAIL_FROM=Board must be like Board <board@board.example>"),
        (
            "MAIL_FROM",
            "Board <a@b.example>\nBcc: x@y",
            "MAIL_FROM=Board <a@b.example>\nBcc: x@y must be like Board <board@board.example>",
        ),
        ("DATABASE_URL", "mysql://x", "DATABASE_URL must begin with postgresql://"),
        ("DATABASE_URL", "x", "DATABASE_URL must begin with postgresql://"),
        ("READ_DATABASE_URL", "x", "READ_DATABASE_URL must begin with postgresql://"),
        ("DATABASE_URL", "http://[", "DATABASE_URL must begin with postgresql://"),
        ("OTLP_ENDPOINT", "collector:4318", "OTLP_ENDPOINT must begin with http:// or https://"),
        ("TRACE_SHARE", "2", "TRACE_SHARE=2.0 must be 0 to 1"),
        ("LOG_FORMAT", "xml", "LOG_FORMAT=xml must be text or json"),
        ("SIGN_UP", "maybe", "SIGN_UP=maybe must be open, invitation, approval or closed"),
        ("EMAIL", "on", "EMAIL=on must be off, optional or required"),
        (
            "METRICS_TOKEN",
            f"{KEY},short",
            "Each token in METRICS_TOKEN needs 16 characters or more: try `openssl rand -hex 16`",
        ),
        (
            "METRICS_NETWORKS",
            "10.0.0.0/8,home",
            "METRICS_NETWORKS: 'home' does not appear to be an IPv4 or IPv6 network",
        ),
        ("SECRET_KEYS", "short", "Each key in SECRET_KEYS needs 32 characters or more: try `openssl rand -hex 32`"),
        ("SECRET_KEYS", f"{KEY},", "Each key in SECRET_KEYS needs 32 characters or more: try `openssl rand -hex 32`"),
        (
            "SECRET_KEYS",
            f"{KEY}, {' ' * 40}",
            "Each key in SECRET_KEYS needs 32 characters or more: try `openssl rand -hex 32`",
        ),
    ],
    ids=lambda text: text[:20],
)
def test_a_setting_that_can_not_be_used_is_a_sentence_with_its_name(name, text, sentence):
    with pytest.raises(ConfigError) as error:
        Config.from_environment({name: text})
    assert str(error.value) == sentence


@pytest.mark.parametrize(
    "text",
    [
        "board.example",
        "ftp://board.example",
        "https://",
        "https:///x",
        "https://board.example/path",
        "https://board.example?x",
        "https://board.example/#x",
        "https://me:secret@board.example",
        "https://board.example:port",
        "https://board.example:99999",
        "https://board.example:0",
        "https://[",
        "https://:443",
        "https://büro.example",
        "javascript:alert(1)",
        "//board.example",
    ],
)
def test_what_is_no_origin_is_refused(text):
    with pytest.raises(ConfigError, match="is no origin: write it as https:"):
        Config.from_environment({"PUBLIC_ORIGIN": text})


@pytest.mark.parametrize(
    ("text", "origin", "secure"),
    [
        ("https://board.example", "https://board.example", True),
        ("https://board.example/", "https://board.example", True),
        ("HTTPS://Board.Example", "https://board.example", True),
        ("https://board.example:443", "https://board.example", True),
        ("https://board.example:8443/", "https://board.example:8443", True),
        ("http://board.example:80", "http://board.example", False),
        ("http://board.example:443", "http://board.example:443", False),
        ("http://[::1]:8000", "http://[::1]:8000", False),
        ("http://192.0.2.1", "http://192.0.2.1", False),
    ],
)
def test_the_origin_is_written_as_browsers_write_it(text, origin, secure):
    config = Config.from_environment({"PUBLIC_ORIGIN": text})
    assert (config.origin, config.secure, config.address) == (origin, secure, origin)


def test_the_address_of_an_ipv6_host_has_brackets():
    assert Config(host="::1", port=80).address == "http://[::1]:80"


def test_given_keys_are_taken_newest_first_without_the_spaces():
    assert Config(secret_keys=f" {KEY} , {OTHER} ").keys() == [KEY, OTHER]


def test_a_kept_secret_is_only_read(tmp_path):
    path = tmp_path / "data" / "secret-key"
    first, changed = kept_secret(path), path.parent.stat().st_mtime_ns
    assert kept_secret(path) == first
    assert path.parent.stat().st_mtime_ns == changed, "the folder may be mounted read-only"


def test_without_keys_one_is_made_once_that_its_owner_alone_can_read(tmp_path):
    config = Config(data_dir=tmp_path / "new" / "data")
    (key,) = config.keys()
    assert len(key) >= 43
    assert config.keys() == [key]
    path = tmp_path / "new" / "data" / "secret-key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]
    assert Config(data_dir=tmp_path / "other").keys() != [key]


def test_processes_that_start_at_once_agree_on_the_key(tmp_path):
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        keys = pool.map(kept_secret, [tmp_path / "data" / "secret-key"] * 40, chunksize=1)
    assert len(set(keys)) == 1
    assert len(keys[0]) >= 43


def test_settings_can_not_be_changed_afterwards():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Config().port = 1
