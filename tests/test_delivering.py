"""A run with readers by e-mail: what they get, and what becomes of a mail that is not taken."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.config import Config
from pipeline.run import Order, Outcome, deliver_waiting, publish_now, run
from pipeline.sample.server import SampleServer
from pipeline.sample.world import BASELINE, LATER
from pipeline.store import reading, writing
from pipeline.store.outbox import Message, State
from tests.support.clock import FakeClock
from tests.support.mail_server import MailServer
from tests.support.mails import opened
from tests.support.watch import FILES, watch

READERS = ["clinic@example.org", "ward@example.org"]
DAY = timedelta(days=1)


@pytest.fixture
def office() -> Iterator[MailServer]:
    """A mail server on this machine that wants neither encryption nor a name."""
    with MailServer() as server:
        yield server


@pytest.fixture
def watched(sample: SampleServer, office: MailServer, tmp_path: Path) -> Callable[..., Config]:
    """A watch whose weekly digest goes to two readers through that server."""

    def make(readers: list[str] | None = READERS, **email: Any) -> Config:
        digest = {"name": "weekly", "files": FILES, **({"email": readers} if readers else {})}
        settings = {"security": "none", "port": office.port, "from": "Watch <watch@example.org>", **email}
        return small(tmp_path, sample, digests=[digest], email=settings)

    return make


def small(folder: Path, sample: SampleServer, **tables: Any) -> Config:
    """A watch that asks one source only: what is told is not the point here."""
    return watch(folder, sample.url, {"europepmc": {"base_url": f"{sample.url}/europepmc"}}, **{"feeds": [], **tables})


def go(config: Config, when: datetime, clock: FakeClock | None = None) -> Outcome:
    """One run at that time."""
    return run(config, Order(when, timing=(clock or FakeClock()).timing()))


def mails(config: Config) -> list[Message]:
    """All mails of the outbox, as they stand."""
    with reading(config.database) as store:
        return [one for one in store.outbox.messages(State) if one.format == "email"]


def test_readers(watched: Callable[..., Config], office: MailServer, sample: SampleServer) -> None:
    """Each reader gets each issue, a mail of their own, with the words of its files; the next refers to the first."""
    config, clock = watched(), FakeClock()
    outcome = go(config, BASELINE, clock)
    assert (outcome.exit_code, outcome.delivered.sent) == (0, 2)
    assert [(mail.sender, mail.recipients) for mail in office.taken] == [
        ("watch@example.org", (reader,)) for reader in READERS
    ]
    sample.stage = "later"
    go(config, LATER + DAY)
    first, _, third, fourth = (opened(mail.content) for mail in office.taken)
    assert [third["To"], fourth["To"]] == READERS
    assert third["References"] == first["Message-ID"]
    assert len({mail["Message-ID"] for mail in (opened(mail.content) for mail in office.taken)}) == 4
    body = third.get_body(("plain",))
    assert body is not None
    written = (config.digests[0].files.dir / "weekly-0002.txt").read_text("utf-8")
    assert body.get_content().replace("\r\n", "\n") == written
    with reading(config.database) as store:
        assert third["Subject"] == store.told.issues()["weekly"][1][1]
        page = third.get_body(("html",))
        assert page is not None
        assert page.get_content().replace("\r\n", "\n") == store.told.printed("weekly", 2, "html")
    assert all(mail.answer.startswith("250") and mail.state is State.SENT for mail in mails(config))


def test_pause(watched: Callable[..., Config]) -> None:
    """Between two mails there is a pause, and none after the last."""
    clock = FakeClock()
    go(watched(pause=2.5), BASELINE, clock)
    assert clock.slept[-1:] == [2.5]
    assert clock.slept.count(2.5) == 1


def test_ris(sample: SampleServer, office: MailServer, tmp_path: Path) -> None:
    """The issue's items come along for a reference manager, if that is wanted."""
    digest = {"name": "weekly", "email": READERS[:1], "attach_ris": True}
    settings = {"security": "none", "port": office.port}
    config = small(tmp_path, sample, digests=[digest], email=settings)
    go(config, BASELINE)
    (attached,) = opened(office.taken[0].content).iter_attachments()
    assert attached.get_filename() == "weekly-0001.ris"
    assert attached.get_content().count(b"TY  - ") == attached.get_content().count(b"ER  - ") > 3


def test_not_now(watched: Callable[..., Config], office: MailServer) -> None:
    """A reader whose mail is not taken now gets it later, ever less often asked for, while the others have theirs."""
    office.judge = lambda command, what, _: "451 4.2.1 try later" if command == "RCPT" and "clinic" in what else None
    config = watched()
    outcome = go(config, BASELINE)
    assert (outcome.exit_code, outcome.delivered.sent) == (1, 1)
    assert "451 4.2.1 try later" in outcome.delivered.undelivered[0]
    waiting, sent = mails(config)
    assert (waiting.state, waiting.attempts, waiting.not_before) == (State.PENDING, 1, BASELINE + timedelta(minutes=5))
    assert sent.state is State.SENT
    early = deliver_waiting(config, BASELINE + timedelta(minutes=4), FakeClock().timing())
    assert (early.exit_code, early.delivered.sent) == (1, 0)  # what waits is told, and is no success
    again = BASELINE + timedelta(minutes=5)
    deliver_waiting(config, again, FakeClock().timing())
    assert mails(config)[0].not_before == again + timedelta(minutes=10)
    office.judge = lambda *_: None
    outcome = deliver_waiting(config, again + timedelta(minutes=10), FakeClock().timing())
    assert (outcome.exit_code, outcome.delivered.sent) == (0, 1)
    assert [mail.recipients[0] for mail in office.taken] == [READERS[1], READERS[0]]


def test_never(watched: Callable[..., Config], office: MailServer) -> None:
    """A mail that is refused for good is set aside at once, told once, and not tried again."""
    office.judge = lambda command, what, _: "550 5.1.1 no such user" if command == "RCPT" and "clinic" in what else None
    config = watched()
    outcome = go(config, BASELINE)
    assert outcome.exit_code == 1
    (sentence,) = outcome.delivered.undelivered
    assert re.search(r"is set aside.*`litwatch outbox`.*550 5\.1\.1 no such user", sentence)
    assert mails(config)[0].state is State.FAILED
    assert go(config, BASELINE + DAY).exit_code == 0
    assert mails(config)[0].attempts == 1


def test_given_up(watched: Callable[..., Config], office: MailServer) -> None:
    """A mail that is never taken is set aside after its last try, and told."""
    office.judge = lambda command, *_: "452 4.3.1 full" if command == "RCPT" else None
    config = watched(READERS[:1], attempts=2)
    go(config, BASELINE)
    outcome = deliver_waiting(config, BASELINE + DAY, FakeClock().timing())
    assert "It was tried 2 times." in outcome.delivered.undelivered[0]
    assert mails(config)[0].state is State.DEAD


def test_server_down(watched: Callable[..., Config], office: MailServer) -> None:
    """When the server cannot be used at all, it is asked once, not for every mail; all wait, and the run goes on."""
    config, clock = watched(port=1), FakeClock()
    outcome = go(config, BASELINE, clock)
    assert outcome.exit_code == 1
    assert outcome.delivered.undelivered[0].startswith("2 mails cannot be sent now: mail server localhost:1: ")
    assert [(mail.state, mail.attempts) for mail in mails(config)] == [(State.PENDING, 1)] * 2
    assert (config.digests[0].files.dir / "weekly-0001.txt").exists()


@pytest.mark.parametrize("taken", [True, False])
def test_answer_lost(watched: Callable[..., Config], office: MailServer, taken: bool) -> None:
    """When the answer is lost, the same mail is sent once more, byte for byte; if it is lost again, it is set aside."""
    office.judge = lambda command, *_: "" if command == "DATA" else None
    config = watched(READERS[:1])
    go(config, BASELINE)
    (mail,) = mails(config)
    assert (mail.state, mail.attempts, mail.doubts) == (State.PENDING, 1, 1)
    if taken:
        office.judge = lambda *_: None
    outcome = deliver_waiting(config, BASELINE + DAY, FakeClock().timing())
    assert len(office.taken) == 2
    assert office.taken[0].content == office.taken[1].content
    assert mails(config)[0].state is (State.SENT if taken else State.DOUBTFUL)
    assert outcome.exit_code == int(not taken)
    assert deliver_waiting(config, BASELINE + 2 * DAY, FakeClock().timing()).exit_code == 0
    assert len(office.taken) == 2


def test_hold(watched: Callable[..., Config], office: MailServer) -> None:
    """Whoever would rather have no mail than two says so, and is asked."""
    office.judge = lambda command, *_: "" if command == "DATA" else None
    config = watched(READERS[:1], doubtful="hold")
    outcome = go(config, BASELINE)
    assert "It may have arrived." in outcome.delivered.undelivered[0]
    assert mails(config)[0].state is State.DOUBTFUL


def test_cut_short(watched: Callable[..., Config], office: MailServer) -> None:
    """A mail during whose handing over the program died is sent again by the next run, which says so."""
    config = watched(READERS[:1])
    publish_only(config)
    with writing(config.database) as store:
        store.outbox.sending(store.outbox.waiting_mails()[0])
    outcome = deliver_waiting(config, BASELINE + DAY, FakeClock().timing())
    assert (len(office.taken), outcome.exit_code) == (1, 0)
    assert outcome.delivered.repeated == (
        "message 3 (weekly, issue 1) was sent a second time: it may have arrived the first time",
    )
    assert mails(config)[0].state is State.SENT


def publish_only(config: Config) -> None:
    """Run, with a mail server that cannot be reached; the mails wait for no time."""
    go(config.model_copy(update={"email": config.email.model_copy(update={"port": 1})}), BASELINE)
    with writing(config.database) as store:
        store.outbox.retry([one.id for one in store.outbox.waiting_mails()])


def test_left(watched: Callable[..., Config], office: MailServer) -> None:
    """Nobody gets a mail that waited for them after their address was taken out."""
    config = watched()
    publish_only(config)
    remaining = watched([READERS[1].upper()])
    deliver_waiting(remaining, BASELINE + DAY, FakeClock().timing())
    assert [mail.recipients for mail in office.taken] == [(READERS[1],)]
    gone, _ = mails(remaining)
    assert (gone.state, gone.last_error) == (State.DROPPED, "its recipient no longer gets the digest")


def test_joins_later(watched: Callable[..., Config], office: MailServer, sample: SampleServer) -> None:
    """A reader who joins later gets the next issue, and none of those before."""
    go(watched(None), BASELINE)
    sample.stage = "later"
    go(watched(READERS[:1]), LATER + DAY)
    (mail,) = office.taken
    assert "References" not in opened(mail.content)
    assert "INCOMPLETE" not in opened(mail.content)["Subject"]
    assert " new" in opened(mail.content)["Subject"]


def test_now(watched: Callable[..., Config], office: MailServer, sample: SampleServer) -> None:
    """An issue that is asked for now is mailed like any other."""
    config = watched(READERS[:1])
    go(config, BASELINE)
    publish_now(config, config.digests[0], BASELINE + DAY, FakeClock().timing())
    assert len(office.taken) == 2
