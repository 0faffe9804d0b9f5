"""What must not be cut in two: signals wait until its end, and are heard then."""

import signal
from collections.abc import Iterator
from threading import Thread

import pytest

from pipeline.deliver.undisturbed import undisturbed


class _Told(Exception):
    """Raised by the handler, as the command line's does."""


@pytest.fixture(autouse=True)
def _handlers() -> Iterator[None]:
    """Let both signals raise, and put back what was there."""

    def tell(number: int, _frame: object) -> None:
        raise _Told(number)

    before = {number: signal.signal(number, tell) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def ring(*numbers: signal.Signals) -> None:
    """Send signals to this process."""
    for number in numbers:
        signal.raise_signal(number)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_put_off(number: signal.Signals) -> None:
    """A signal in the middle is heard at the end, once, however often it came."""
    done = []

    def work() -> None:
        with undisturbed():
            ring(number, number)
            done.append("all of it")

    with pytest.raises(_Told) as told:
        work()
    assert (done, told.value.args) == (["all of it"], (number,))


def test_undisturbed() -> None:
    """Without a signal nothing happens, and afterwards signals are heard at once again."""
    before = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)]
    with undisturbed():
        pass
    assert [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)] == before
    with pytest.raises(_Told):
        signal.raise_signal(signal.SIGTERM)


@pytest.mark.parametrize(("rung", "raised"), [((), ZeroDivisionError), ((signal.SIGTERM,), _Told)])
def test_error(rung: tuple[signal.Signals, ...], raised: type[Exception]) -> None:
    """An error in the middle leaves as it is; if a signal came before it, that is heard, with the error behind it."""

    def work() -> None:
        with undisturbed():
            ring(*rung)
            raise ZeroDivisionError

    with pytest.raises(raised) as error:
        work()
    assert isinstance(error.value.__context__ or error.value, ZeroDivisionError)


def test_within_another() -> None:
    """Inside of another one, a signal waits for the end of the outer one."""
    done = []

    def work() -> None:
        with undisturbed():
            with undisturbed():
                ring(signal.SIGTERM)
            done.append("the rest")

    with pytest.raises(_Told):
        work()
    assert done == ["the rest"]


def test_other_thread() -> None:
    """In a thread that hears no signals there is nothing to put off."""
    done = []

    def work() -> None:
        with undisturbed():
            done.append("work")

    thread = Thread(target=work)
    thread.start()
    thread.join()
    assert done == ["work"]
