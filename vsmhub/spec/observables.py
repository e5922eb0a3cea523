"""What each kind of probe can observe: the facts that conditions may speak of."""

from collections.abc import Mapping

from vsmhub.spec.conditions.checking import Observable
from vsmhub.spec.conditions.tree import Sort
from vsmhub.spec.targets import Format

Observables = Mapping[str, Observable]


def _of(sort: Sort, meaning: str, *, keyed: bool = False) -> Observable:
    return Observable(sort, meaning, keyed)


_LATENCY: Observables = {"latency": _of(Sort.SPAN, "the whole look, to the last byte")}
_NAMED: Observables = {**_LATENCY, "time.dns": _of(Sort.SPAN, "looking the name up")}
_NETWORK: Observables = {
    **_NAMED,
    "address": _of(Sort.TEXT, "IP address that was connected to"),
    "time.connect": _of(Sort.SPAN, "connecting"),
}
_CERTIFICATE: Observables = {
    "time.tls": _of(Sort.SPAN, "the TLS handshake"),
    "tls.version": _of(Sort.TEXT, "protocol, such as `TLSv1.3`"),
    "certificate.expires_in": _of(Sort.SPAN, "until the certificate ends; negative when it has ended"),
    "certificate.age": _of(Sort.SPAN, "since the certificate began"),
    "certificate.issuer": _of(Sort.TEXT, "who issued it, as `O=…,CN=…`"),
    "certificate.subject": _of(Sort.TEXT, "whom it is for, as `CN=…`"),
    "certificate.names": _of(Sort.LIST, "names and addresses it is for"),
    "certificate.fingerprint": _of(Sort.TEXT, "SHA-256 of the certificate, in hexadecimal"),
    "certificate.trusted": _of(Sort.TRUTH, "whether this machine trusts it for the host's name"),
}
_HTTP: Observables = {
    **_NETWORK,
    **_CERTIFICATE,
    "status": _of(Sort.NUMBER, "status code of the answer"),
    "header": _of(Sort.TEXT, "a header of the answer; its name in any case of letters", keyed=True),
    "time.first_byte": _of(Sort.SPAN, "from the request to the answer's first byte"),
}
_CONTENT: Observables = {
    "body": _of(Sort.TEXT, "the answer's text, as far as it is read"),
    "body.size": _of(Sort.AMOUNT, "length of what was read"),
    "json": _of(Sort.JSON, "the answer as JSON"),
}
_OUTPUT: Observables = {
    "size": _of(Sort.AMOUNT, "length of the content"),
    "body": _of(Sort.TEXT, "the content as text"),
}

_FORMATS: Mapping[Format, Observables] = {
    "text": {},
    "json": {"json": _of(Sort.JSON, "the content as JSON")},
    "restic-snapshots": {
        "snapshots": _of(Sort.NUMBER, "how many there are"),
        "snapshot.age": _of(Sort.SPAN, "since the newest was made"),
        "snapshot.id": _of(Sort.TEXT, "the newest's id"),
        "snapshot.host": _of(Sort.TEXT, "host of the newest"),
        "snapshot.paths": _of(Sort.LIST, "paths in the newest"),
        "snapshot.tags": _of(Sort.LIST, "tags of the newest"),
        "json": _of(Sort.JSON, "the content as JSON"),
    },
    "velero-backups": {
        "backups": _of(Sort.NUMBER, "how many there are"),
        "backups.completed": _of(Sort.NUMBER, "how many of them completed"),
        "backup.name": _of(Sort.TEXT, "name of the newest that was started"),
        "backup.phase": _of(Sort.TEXT, "phase of the newest, such as `Completed`"),
        "backup.age": _of(Sort.SPAN, "since the newest completed one was completed"),
        "backup.errors": _of(Sort.NUMBER, "errors of the newest"),
        "backup.warnings": _of(Sort.NUMBER, "warnings of the newest"),
        "backup.expires_in": _of(Sort.SPAN, "until the newest completed one is deleted"),
        "json": _of(Sort.JSON, "the content as JSON"),
    },
    "velero-restores": {
        "restores": _of(Sort.NUMBER, "how many there are"),
        "restore.name": _of(Sort.TEXT, "name of the newest that was started"),
        "restore.phase": _of(Sort.TEXT, "phase of the newest"),
        "restore.backup": _of(Sort.TEXT, "backup that the newest was made from"),
        "restore.age": _of(Sort.SPAN, "since the newest completed one was completed"),
        "restore.errors": _of(Sort.NUMBER, "errors of the newest"),
        "restore.warnings": _of(Sort.NUMBER, "warnings of the newest"),
        "json": _of(Sort.JSON, "the content as JSON"),
    },
    "cnpg-cluster": {
        "cluster.name": _of(Sort.TEXT, "name of the cluster"),
        "cluster.phase": _of(Sort.TEXT, "phase that the operator states"),
        "cluster.ready": _of(Sort.TRUTH, "its condition Ready"),
        "cluster.primary": _of(Sort.TEXT, "instance that is the primary"),
        "instances": _of(Sort.NUMBER, "instances wanted"),
        "instances.ready": _of(Sort.NUMBER, "instances that are ready"),
        "archiving": _of(Sort.TRUTH, "its condition ContinuousArchiving"),
        "json": _of(Sort.JSON, "the content as JSON"),
    },
    "cnpg-backups": {
        "backups": _of(Sort.NUMBER, "how many there are"),
        "backups.completed": _of(Sort.NUMBER, "how many of them completed"),
        "backup.name": _of(Sort.TEXT, "name of the newest that was started"),
        "backup.phase": _of(Sort.TEXT, "phase of the newest, such as `completed`"),
        "backup.method": _of(Sort.TEXT, "how the newest is made, such as `plugin`"),
        "backup.age": _of(Sort.SPAN, "since the newest completed one was completed"),
        "backup.error": _of(Sort.TEXT, "what the newest complains of"),
        "json": _of(Sort.JSON, "the content as JSON"),
    },
}

_KINDS: Mapping[str, Observables] = {
    "http": {
        **_HTTP,
        **_CONTENT,
        "redirects": _of(Sort.NUMBER, "redirects that were followed"),
        "url": _of(Sort.TEXT, "where the last answer came from"),
    },
    "tls": {**_NETWORK, **_CERTIFICATE},
    "dns": {
        **_NAMED,
        "answers": _of(Sort.LIST, "data of the records of the type asked for"),
        "rcode": _of(Sort.TEXT, "the server's verdict, such as `NOERROR` or `NXDOMAIN`"),
        "ttl": _of(Sort.SPAN, "the smallest time to live among the answers"),
        "authoritative": _of(Sort.TRUTH, "whether the server answers for the zone itself"),
    },
    "tcp": {**_NETWORK, "banner": _of(Sort.TEXT, "the first line, where it is waited for")},
    "ssh": {
        **_NETWORK,
        "banner": _of(Sort.TEXT, "the first line"),
        "ssh.version": _of(Sort.TEXT, "protocol, such as `2.0`"),
        "ssh.software": _of(Sort.TEXT, "software, such as `OpenSSH_9.2p1`"),
    },
    "registry": {
        **_HTTP,
        "challenge": _of(Sort.TEXT, "scheme that the registry asks for, such as `bearer`"),
        "login": _of(Sort.TRUTH, "whether the credential was taken"),
        "pushed": _of(Sort.TRUTH, "whether the small artifact was pushed"),
        "pulled": _of(Sort.TRUTH, "whether the same came back"),
        "digest": _of(Sort.TEXT, "digest of its manifest"),
        "time.login": _of(Sort.SPAN, "logging in"),
        "time.push": _of(Sort.SPAN, "pushing"),
        "time.pull": _of(Sort.SPAN, "pulling"),
    },
    "git": {
        **_HTTP,
        "refs": _of(Sort.NUMBER, "branches, tags and other references on offer"),
        "ref": _of(Sort.TEXT, "object that a reference names, as in ref[`refs/heads/main`]", keyed=True),
        "head": _of(Sort.TEXT, "object that HEAD names"),
        "branch": _of(Sort.TEXT, "branch that HEAD names"),
    },
    "postgresql": {
        **_NAMED,
        "version": _of(Sort.NUMBER, "major version of the server"),
        "time.connect": _of(Sort.SPAN, "connecting, authentication included"),
        "time.query": _of(Sort.SPAN, "asking"),
        "replica": _of(Sort.TRUTH, "whether the server is a standby"),
        "replicas": _of(Sort.NUMBER, "standbys that stream from it"),
        "replication.lag": _of(Sort.SPAN, "a standby's delay; on a primary that of its slowest standby"),
        "replication.lag_size": _of(Sort.AMOUNT, "the same as WAL that was not replayed"),
        "archive.age": _of(Sort.SPAN, "since a WAL segment was last archived"),
        "archive.failing": _of(Sort.TRUTH, "whether the last attempt to archive failed"),
        "row": _of(Sort.JSON, "a column of the query's first row", keyed=True),
    },
}
_FILE: Observables = {**_LATENCY, "age": _of(Sort.SPAN, "since the file was last written")}
_COMMAND: Observables = {**_LATENCY, "exit": _of(Sort.NUMBER, "exit status of the program")}


def observables(kind: str, form: Format = "text") -> Observables:
    """The facts that a probe of this kind can observe; a file's and a command's depend on the format as well."""
    match kind:
        case "file":
            return {**_FILE, **_OUTPUT, **_FORMATS[form]}
        case "command":
            return {**_COMMAND, **_OUTPUT, **_FORMATS[form]}
        case _:
            return _KINDS[kind]
