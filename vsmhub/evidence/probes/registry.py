"""The registry probe: an OCI registry's challenge, and with a credential login, push and pull of a small artifact.

Sources: OCI Distribution Specification 1.1, OCI Image Specification 1.1 (the empty descriptor), and the token
protocol of Docker's registry (distribution/docs/spec/auth/token).
"""

import hashlib
import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlencode, urljoin, urlsplit

from vsmhub.evidence.probes.challenge import Challenge, challenges
from vsmhub.evidence.probes.exchange import Answer, Ask, exchange
from vsmhub.evidence.probes.http import observe, read_json
from vsmhub.evidence.probes.observation import Reason, Record, Trouble
from vsmhub.evidence.probes.probe import Context
from vsmhub.spec.targets import RegistryTarget

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
EMPTY = b"{}"
EMPTY_TYPE = "application/vnd.oci.empty.v1+json"
TAG = "vsmhub-probe"


async def probe(target: RegistryTarget, context: Context, record: Record) -> None:
    """Ask for the challenge; with a credential log in, and with a repository push and pull there.

    A login that is refused is observed as such and ends the probe; so does a push.
    """
    registry = _Registry(target, context, record)
    answer = await registry.ask("/v2/")
    observe(answer, record)
    offered = challenges(answer.headers.get("www-authenticate", ""))
    if offered:
        record.facts["challenge"] = offered[0].scheme
    if target.credential is None:
        return
    with record.phase("login"):
        record.facts["login"] = await _log_in(registry, offered)
    if target.repository is None or not record.facts["login"]:
        return
    artifact = _artifact(datetime.now(UTC))
    with record.phase("push"):
        record.facts["pushed"] = await _push(registry, target.repository, artifact)
    record.facts["digest"] = artifact.digest
    if record.facts["pushed"]:
        with record.phase("pull"):
            record.facts["pulled"] = await _pull(registry, target.repository, artifact)


@dataclass(frozen=True, slots=True)
class _Artifact:
    """A manifest and what it refers to."""

    layer: bytes
    manifest: bytes

    @property
    def digest(self) -> str:
        return _digest(self.manifest)


class _Registry:
    """Requests to one registry, authorized once somebody has logged in. Each has a connection of its own."""

    def __init__(self, target: RegistryTarget, context: Context, record: Record) -> None:
        self.target = target
        self.context = context
        self._record = record
        self._authorization: str | None = None
        self.said = ""

    async def ask(
        self, where: str, method: str = "GET", headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Answer:
        url = urljoin(self.target.url, where)
        if _origin(url) != _origin(self.target.url):
            raise Trouble(Reason.REDIRECT, f"the registry sends the probe on to {urlsplit(url).hostname}")
        own = {"Authorization": self._authorization} if self._authorization else {}
        return await self._send(Ask(url, method, {**own, **(headers or {})}, body))

    async def ask_for_token(self, url: str, authorization: str) -> Answer:
        host = (urlsplit(url).hostname or "").lower()
        if host not in {(urlsplit(self.target.url).hostname or "").lower(), *self.target.token_hosts}:
            raise Trouble(Reason.REDIRECT, f"the challenge names {host}, which the signal's token_hosts do not")
        if urlsplit(self.target.url).scheme == "https" and urlsplit(url).scheme != "https":
            raise Trouble(Reason.REDIRECT, "the challenge leads away from https")
        return await self._send(Ask(url, headers={"Authorization": authorization}))

    def authorize(self, authorization: str) -> None:
        self._authorization = authorization

    async def _send(self, ask: Ask) -> Answer:
        kept = dict(self._record.facts)
        answer = await exchange(
            replace(ask, allow=self.target.allow, verify=self.target.verify), self.context, self._record
        )
        if "status" in kept:
            # Times and certificate are those of the first request; the others are timed by login, push and pull.
            self._record.facts.update(kept)
        return answer


async def _log_in(registry: _Registry, offered: tuple[Challenge, ...]) -> bool:
    credential = registry.target.credential
    if credential is None:
        return False
    secret = registry.context.revealed(credential)
    pair = secret if credential.username is None else f"{credential.username}:{secret}"
    basic = "Basic " + b64encode(pair.encode()).decode()
    bearer = next((one for one in offered if one.scheme == "bearer"), None)
    if bearer is None:
        registry.authorize(basic)
    else:
        realm = bearer.parameters.get("realm", "")
        repository = registry.target.repository
        query = {"service": bearer.parameters.get("service", ""), "client_id": "vsmhub"}
        if repository:
            query["scope"] = f"repository:{repository}:pull,push"
        answer = await registry.ask_for_token(f"{realm}{'&' if '?' in realm else '?'}{urlencode(query)}", basic)
        if answer.status != 200:
            return False
        found = read_json(answer.body.decode("utf-8", "replace"), "the token service's answer")
        token = (found.get("token") or found.get("access_token")) if isinstance(found, dict) else None
        if not isinstance(token, str) or not token.isascii() or not token.isprintable():
            raise Trouble(Reason.BODY, "the token service gives no token")
        registry.authorize(f"Bearer {token}")
    return (await registry.ask("/v2/")).status == 200


async def _push(registry: _Registry, repository: str, artifact: _Artifact) -> bool:
    for blob in (EMPTY, artifact.layer):
        started = await registry.ask(f"/v2/{repository}/blobs/uploads/", "POST", body=b"")
        location = started.headers.get("location")
        if started.status != 202 or location is None:
            return False
        place = f"{location}{'&' if '?' in location else '?'}{urlencode({'digest': _digest(blob)})}"
        put = await registry.ask(place, "PUT", {"Content-Type": "application/octet-stream"}, blob)
        if put.status != 201:
            return False
    at = f"/v2/{repository}/manifests/{TAG}"
    return (await registry.ask(at, "PUT", {"Content-Type": MANIFEST}, artifact.manifest)).status == 201


async def _pull(registry: _Registry, repository: str, artifact: _Artifact) -> bool:
    manifest = await registry.ask(f"/v2/{repository}/manifests/{TAG}", headers={"Accept": MANIFEST})
    if manifest.status != 200 or manifest.body != artifact.manifest:
        return False
    layer = await registry.ask(f"/v2/{repository}/blobs/{_digest(artifact.layer)}")
    return layer.status == 200 and layer.body == artifact.layer


def _artifact(now: datetime) -> _Artifact:
    """The small artifact; another one each day, so that storage is really written, and little of it."""
    layer = f"A probe of vsmhub was here on {now:%Y-%m-%d}; it may be deleted.\n".encode()
    manifest = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "artifactType": "application/vnd.vsmhub.probe.v1",
        "config": {"mediaType": EMPTY_TYPE, "digest": _digest(EMPTY), "size": len(EMPTY)},
        "layers": [{"mediaType": "text/plain", "digest": _digest(layer), "size": len(layer)}],
    }
    return _Artifact(layer, json.dumps(manifest).encode())


def _digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()
