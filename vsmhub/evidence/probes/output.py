"""The file and command probes: what something else left in a file, or says on its standard output."""

import asyncio
import os
import signal
import stat
import time

from vsmhub.evidence.probes.formats import kinds
from vsmhub.evidence.probes.http import read_json
from vsmhub.evidence.probes.observation import Reason, Record, Trouble
from vsmhub.evidence.probes.probe import Context
from vsmhub.spec.targets import CommandTarget, FileTarget, Format

LIMIT = 16 * 1024 * 1024
"""Bytes that are read."""


async def probe_file(target: FileTarget, context: Context, record: Record) -> None:
    """Read the file, in a thread: it may lie on a file system that does not answer."""
    path = context.folder / target.path
    try:
        content, modified = await asyncio.to_thread(_read, path)
    except FileNotFoundError as error:
        raise Trouble(Reason.VALUE, f"there is no file {target.path}") from error
    except OSError as error:
        raise Trouble(Reason.PROBER, f"{target.path} cannot be read: {error.strerror or error}") from error
    record.facts["age"] = time.time() - modified
    _observe(content, target.format, target.path, record)


async def probe_command(target: CommandTarget, context: Context, record: Record) -> None:
    """Start the program without a shell, and with an environment that holds no secret of ours.

    An exit status other than 0 is a failure unless a condition looks at it.
    """
    if not context.commands:
        raise Trouble(Reason.FORBIDDEN, "programs are started only when that is allowed (--allow-commands)")
    name = target.run[0]
    try:
        process = await asyncio.create_subprocess_exec(
            *target.run,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd=context.folder,
            env={key: value for key, value in os.environ.items() if key in _ENVIRONMENT or key.startswith("LC_")},
            start_new_session=True,
        )
    except OSError as error:
        raise Trouble(Reason.PROBER, f"{name} cannot be started: {error.strerror or error}") from error
    record.doing = name
    try:
        out, complaint = await asyncio.gather(_bounded(process.stdout), _bounded(process.stderr))
        status = await process.wait()
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
    record.facts["exit"] = status
    if status and "exit" not in context.wanted:
        last = complaint.decode("utf-8", "replace").strip().splitlines()[-1:] or ["it says nothing"]
        raise Trouble(Reason.VALUE, f"{name} ends with {status}: {last[0][:300]}")
    _observe(out, target.format, f"the output of {name}", record)


_ENVIRONMENT = frozenset({"PATH", "HOME", "LANG", "TZ", "KUBECONFIG", "TMPDIR", "USER", "LOGNAME", "SSL_CERT_FILE"})


def _read(path: "os.PathLike[str]") -> tuple[bytes, float]:
    # A pipe that nobody writes to would block for good; what is no plain file is not read at all.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(None, "it is no plain file")
        return file.read(LIMIT + 1), status.st_mtime


async def _bounded(stream: asyncio.StreamReader | None) -> bytes:
    """All that comes, as far as the limit; the rest is read and dropped, so that the program can end."""
    kept: list[bytes] = []
    size = 0
    while stream is not None and (piece := await stream.read(65536)):
        if size <= LIMIT:
            kept.append(piece)
        size += len(piece)
    return b"".join(kept)


def _observe(content: bytes, form: Format, what: str, record: Record) -> None:
    record.facts["size"] = len(content)
    if len(content) > LIMIT:
        raise Trouble(Reason.BODY, f"{what} is larger than {LIMIT // 1024**2} MiB")
    text = content.decode("utf-8", "replace")
    record.facts["body"] = text
    if form == "text":
        return
    document = read_json(text, what)
    record.facts["json"] = document
    record.facts |= kinds.FORMATS[form](document, record.at)
