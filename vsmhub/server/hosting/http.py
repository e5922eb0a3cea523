"""An application served by uvicorn: it says when it serves, stops without delay, and reports why it could not start."""

import asyncio
import contextlib
import signal
import socket
import threading
from collections.abc import Callable, Iterator, MutableMapping
from types import FrameType
from typing import TYPE_CHECKING

import uvicorn

from vsmhub.server.errors import ServerError
from vsmhub.server.hosting.protocol import BoundedProtocol

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

SIGNALS = (signal.SIGINT, signal.SIGTERM)
# Longer than clients keep an idle connection, so that it is they who close it and no request meets a closed one.
KEEP_ALIVE_SECONDS = 75
GRACE_SECONDS = 10


class HttpServer(uvicorn.Server):
    """One application on sockets that are open already.

    uvicorn's own server looks ten times a second whether it should stop, and waits a tenth of a second when it does:
    too long for one that a single command starts. It also sends itself the signal that stopped it once more, which
    would end the process before PostgreSQL is stopped.
    """

    def __init__(self, app: "ASGIApp", *, ready: Callable[[], None]) -> None:
        """`ready` is called, from the event loop, once requests are answered."""
        self._app = _Application(app)
        self._ready = ready
        self._woken = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        super().__init__(
            uvicorn.Config(
                self._app,
                http=BoundedProtocol,
                lifespan="on",
                ws="none",
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )

    def serve_on(self, listening: socket.socket) -> None:
        """Answer requests until `stop` or a signal (SIGINT, SIGTERM, in the main thread); then close the socket.

        Raises what the application raises when it starts, or ServerError when it does not say.
        """
        try:
            self.run(sockets=[listening])
        except SystemExit:  # how uvicorn says that the application did not start; older ones just return
            pass
        finally:
            listening.close()
        if not self.started:
            raise self._app.failure or ServerError("the server does not start", hint="its log says why")

    def stop(self) -> None:
        """Let running requests finish, then end; from any thread, any number of times."""
        self.should_exit = True
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended already
                self._loop.call_soon_threadsafe(self._woken.set)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """What a signal does: the first stops, an interrupt after it does not wait for running requests."""
        super().handle_exit(sig, frame)
        self.stop()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self.handle_exit) for number in SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    async def main_loop(self) -> None:
        self._loop = asyncio.get_running_loop()
        ticks = 0
        await self.on_tick(ticks)
        self._ready()
        while not await self.on_tick(ticks):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), 1)
            ticks += 10  # uvicorn counts in tenths of a second

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        for _ in range(3):  # the idle ones are gone after a turn of the loop or two
            await asyncio.sleep(0)
        if self.server_state.connections or self.server_state.tasks:
            await super().shutdown(sockets)
            return
        for each in sockets or []:
            each.close()
        await self.lifespan.shutdown()


class _Application:
    """The application, and what it failed with when it started; uvicorn would only log that."""

    def __init__(self, app: "ASGIApp") -> None:
        self._app = app
        self.failure: Exception | None = None

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        if scope["type"] != "lifespan":
            await self._app(scope, receive, send)
            return

        async def send_without_traceback(message: "Message") -> None:
            await send(_without_text(message))

        try:
            await self._app(scope, receive, send_without_traceback)
        except Exception as error:
            self.failure = error
            raise


def _without_text(message: "Message") -> MutableMapping[str, object]:
    return {key: value for key, value in message.items() if key != "message"}
