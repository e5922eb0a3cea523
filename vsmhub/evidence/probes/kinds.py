"""Every kind of probe, and one attempt at one target: the door to this package."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from vsmhub.evidence.probes import banner, dns, git, http, output, postgresql, registry, tls
from vsmhub.evidence.probes.observation import Observation, Reason, Record, Trouble
from vsmhub.evidence.probes.probe import Context
from vsmhub.spec import targets

# One for each key of `vsmhub.spec.targets.Probe`. Each takes a target of its own kind.
PROBES: Mapping[str, Callable[[Any, Context, Record], Awaitable[None]]] = {
    "http": http.probe,
    "tls": tls.probe,
    "dns": dns.probe,
    "tcp": banner.probe_tcp,
    "ssh": banner.probe_ssh,
    "registry": registry.probe,
    "git": git.probe,
    "postgresql": postgresql.probe,
    "file": output.probe_file,
    "command": output.probe_command,
}


async def observe(probe: targets.Probe, context: Context) -> Observation:
    """One look, within the context's time. Whatever happens is an observation; nothing is raised."""
    record = Record()
    try:
        async with asyncio.timeout(context.timeout):
            kind = probe.kind
            await PROBES[kind](getattr(probe, kind), context, record)
    except Trouble as trouble:
        return record.finished(trouble)
    except TimeoutError:
        during = f" ({record.doing})" if record.doing else ""
        return record.finished(Trouble(Reason.TIMEOUT, f"no answer within {context.timeout:g}s{during}"))
    except ImportError as error:
        return record.finished(Trouble(Reason.PROBER, f"{error.name} is not installed: pip install 'vsmhub[observe]'"))
    except Exception as error:  # noqa: BLE001 - a fault of the prober's own is a result, and must not stop the others
        return record.finished(Trouble(Reason.PROBER, f"the prober failed: {type(error).__name__}: {error}"[:300]))
    return record.finished()
