"""The git probe: what a repository offers to fetch, by Git's smart HTTP protocol (gitprotocol-http, version 0)."""

from collections.abc import Iterator

from vsmhub.evidence.probes.exchange import Answer, Ask, exchange
from vsmhub.evidence.probes.http import authorization, observe
from vsmhub.evidence.probes.observation import Reason, Record, Trouble
from vsmhub.evidence.probes.probe import Context
from vsmhub.spec.targets import GitTarget

ADVERTISEMENT = "application/x-git-upload-pack-advertisement"
LIMIT = 16 * 1024 * 1024
"""Bytes of the list of references that are read; some 200,000 references."""


async def probe(target: GitTarget, context: Context, record: Record) -> None:
    """Ask for the references, as `git ls-remote` does."""
    headers = {"Authorization": authorization(target.credential, context)} if target.credential else {}
    url = f"{target.url.rstrip('/')}/info/refs?service=git-upload-pack"
    answer = await exchange(
        Ask(url, headers=headers, allow=target.allow, verify=target.verify, limit=LIMIT), context, record
    )
    observe(answer, record)
    if answer.status in (401, 403):
        raise Trouble(Reason.CREDENTIAL, f"the repository is not readable: {answer.status}")
    if answer.status != 200:
        raise Trouble(Reason.STATUS, f"status is {answer.status}, so there is no such repository here")
    if answer.headers.get("content-type", "").partition(";")[0].strip() != ADVERTISEMENT:
        raise Trouble(Reason.HEADER, "the answer is not that of a Git repository")
    if not answer.whole:
        raise Trouble(Reason.BODY, f"the list of references is larger than {LIMIT // 1024**2} MiB")
    _references(answer, record)


def _references(answer: Answer, record: Record) -> None:
    lines = [line for line in _lines(answer.body) if line is not None]
    if not lines or lines[0].rstrip() != b"# service=git-upload-pack":
        raise Trouble(Reason.BODY, "the list of references begins wrongly")
    refs: dict[str, str] = {}
    capabilities: list[str] = []
    for line in lines[1:]:
        text, _, after = line.rstrip(b"\n").partition(b"\0")
        capabilities = capabilities or after.decode("utf-8", "replace").split()
        digest, _, name = text.decode("utf-8", "replace").partition(" ")
        if name and name != "capabilities^{}":  # what an empty repository says instead of a reference
            refs[name] = digest
    record.facts |= {"ref": refs, "refs": sum(name != "HEAD" for name in refs)}
    if "HEAD" in refs:
        record.facts["head"] = refs["HEAD"]
    symbolic = [one.removeprefix("symref=") for one in capabilities if one.startswith("symref=")]
    links = dict(one.split(":", 1) for one in symbolic if ":" in one)
    if "HEAD" in links:
        record.facts["branch"] = links["HEAD"].removeprefix("refs/heads/")


def _lines(data: bytes) -> Iterator[bytes | None]:
    """The packet lines, None for a flush; Trouble when their lengths do not fit."""
    at = 0
    while at < len(data):
        try:
            length = int(data[at : at + 4], 16)
        except ValueError as error:
            raise Trouble(Reason.BODY, "the list of references is garbled") from error
        if length and not 4 <= length <= len(data) - at:
            raise Trouble(Reason.BODY, "the list of references is cut off")
        yield data[at + 4 : at + length] if length else None
        at += length or 4
