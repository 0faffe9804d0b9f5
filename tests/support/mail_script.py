"""A mail server on loopback that says what no decent one would."""

import socket
import socketserver
import sys
import threading
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Any, Self

from pipeline.deliver.server import Server

# What is said: bytes as they are; the pieces of an iterable, and then the line is cut; or nothing, and it is cut.
Said = bytes | Iterable[bytes] | None

GREETING, CONTENT = "", "."  # the two that no command asks for
POLITE: Mapping[str, Said] = {
    GREETING: b"220 hello\r\n",
    "EHLO": b"250 hello\r\n",
    "HELO": b"250 hello\r\n",
    "MAIL": b"250 fine\r\n",
    "RCPT": b"250 fine\r\n",
    "DATA": b"354 go on\r\n",
    CONTENT: b"250 2.0.0 kept as 1\r\n",
    "RSET": b"250 fine\r\n",
    "NOOP": b"250 fine\r\n",
    "QUIT": b"221 bye\r\n",
}


class ScriptedMailServer:
    """Says to each command what the script has, until the ``with`` block ends; then whoever still waits is let go.

    ``heard`` are the commands, ``contents`` what came after DATA, dots and all; ``connections`` counts.
    """

    def __init__(self) -> None:
        self.script: dict[str, Said] = dict(POLITE)
        self.heard: list[str] = []
        self.contents: list[bytes] = []
        self.connections = 0
        self.stopping = threading.Event()
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    def as_set_up(self, timeout: float = 10.0, username: str = "", password: str = "") -> Server:
        """What a user has to know of it."""
        port = self._server.server_address[1]
        return Server("127.0.0.1", port, "none", username=username, password=password, timeout=timeout)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = False
    allow_reuse_address = True

    def __init__(self, scene: ScriptedMailServer) -> None:
        self.scene = scene
        super().__init__(("127.0.0.1", 0), _Dialogue)

    def handle_error(self, *_: Any) -> None:
        """A client that went away is no error: leaving early is often the point."""
        if not isinstance(sys.exc_info()[1], OSError):
            raise  # noqa: PLE0704 - called while it is handled


class _Dialogue(socketserver.StreamRequestHandler):
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # no test waits for a fuller packet

    def handle(self) -> None:
        scene = self.server.scene
        scene.connections += 1
        going = self._say(scene.script[GREETING])
        while going and (line := self.rfile.readline()):
            scene.heard.append(line.decode("ascii", "backslashreplace").rstrip())
            verb = scene.heard[-1].split(" ")[0].upper()
            said = scene.script.get(verb, b"500 what?\r\n")
            going = self._say(said)
            if going and verb == "DATA" and isinstance(said, bytes) and said.startswith(b"354"):
                scene.contents.append(b"".join(iter(self.rfile.readline, b".\r\n")))
                going = self._say(scene.script[CONTENT])

    def _say(self, said: Said) -> bool:
        if said is None:
            return False
        if said == b"":
            self.server.scene.stopping.wait()
            return False
        if isinstance(said, bytes):
            self.wfile.write(said)
            return True
        for piece in said:
            self.wfile.write(piece)
            if self.server.scene.stopping.is_set():
                break
        return False
