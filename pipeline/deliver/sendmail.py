"""Mail through the sendmail program of this machine, whichever mail system it belongs to."""

import os
import shutil
import subprocess
from collections.abc import Callable
from types import TracebackType
from typing import Self

from pipeline.deliver.mail import Mail
from pipeline.errors import DeliveryFailed, DeliveryRefused, DeliverySuspended, DeliveryUnconfirmed
from pipeline.text import shown

_USUAL = ("/usr/sbin", "/usr/lib")  # not on everybody's PATH
# What a mail program may need of the environment; everything else, the secrets among it, is none of its business.
_PASSED_ON = ("HOME", "LOGNAME", "PATH", "TZ", "USER", "XDG_CONFIG_HOME")
# sysexits.h: EX_DATAERR, EX_NOUSER, EX_NOHOST. The others are about the machine, not the mail.
_REFUSED = {65, 67, 68}


class Sendmail:
    """One call of the program for each mail. ``timeout`` is in seconds, for one call."""

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout

    def send(self, mail: Mail, committing: Callable[[], None]) -> str:
        """Send as Transport has it."""
        command = [_program(), "-i", "-f", mail.sender, "--", mail.recipient]
        environ = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        committing()
        try:
            done = subprocess.run(  # noqa: S603 - no shell, and addresses are checked by the configuration
                command,
                input=mail.content.replace(b"\r\n", b"\n"),  # as every program on this machine ends lines
                capture_output=True,
                timeout=self._timeout,
                env=environ,
                check=False,
                start_new_session=True,  # so that a Ctrl-C meant for us does not cut it short
            )
        except subprocess.TimeoutExpired:
            raise _unconfirmed(mail, f"did not end within {self._timeout:g} s") from None
        except OSError as error:
            reason = error.strerror or error
            raise DeliverySuspended(f"{command[0]} cannot be started: {reason}.") from None
        return _judged(mail, done)

    def check(self) -> str:
        """Say which program it is. DeliverySuspended if there is none."""
        return f"sendmail is {_program()}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is kept open."""


def _program() -> str:
    found = shutil.which("sendmail", path=os.pathsep.join([os.environ.get("PATH", os.defpath), *_USUAL]))
    if found is None:
        raise DeliverySuspended("There is no sendmail program; install a mail system, or set transport in [email].")
    return found


def _judged(mail: Mail, done: "subprocess.CompletedProcess[bytes]") -> str:
    if done.returncode == 0:
        return "taken by sendmail"
    if done.returncode < 0:
        raise _unconfirmed(mail, f"was ended by signal {-done.returncode}")
    words = shown((done.stderr or done.stdout).decode("utf-8", "replace"))
    said = f"sendmail did not take the mail to {mail.recipient}: exit code {done.returncode}"
    said += f' "{words}"' if words else ""
    if done.returncode in _REFUSED:
        raise DeliveryRefused(f"{said}. See to the address.")
    raise DeliveryFailed(f"{said}. See to the mail system of this machine.")


def _unconfirmed(mail: Mail, what: str) -> DeliveryUnconfirmed:
    return DeliveryUnconfirmed(f"sendmail had the mail to {mail.recipient} and {what}.")
