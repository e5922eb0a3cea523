"""Where probes go: one frozen model for each kind of probe. A probe goes nowhere that is not named here."""

from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from vsmhub.spec.model import SpecModel
from vsmhub.spec.names import LINE_PATTERN, Line, Name

URL_PATTERN = r"^https?://[A-Za-z0-9._~:\[\]-]+(/[\x21\x24-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7a\x7e]*)?$"
HOST_PATTERN = (
    r"^([A-Za-z0-9]([A-Za-z0-9_-]{0,62})?(\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,62})?)*\.?|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*)$"
)
NETWORK_PATTERN = r"^[0-9A-Fa-f:.]{2,45}(/[0-9]{1,3})?$"
HEADER_PATTERN = r"^[A-Za-z0-9!#$%&'*+.^_`|~-]+$"
REPOSITORY_PATTERN = r"^[a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*$"

Url = Annotated[str, StringConstraints(pattern=URL_PATTERN, max_length=2000)]
"""An address over http or https, without user, password or fragment."""

Host = Annotated[str, StringConstraints(pattern=HOST_PATTERN, max_length=253)]
"""A DNS name, or an IP address (version 6 without brackets)."""

Network = Annotated[str, StringConstraints(pattern=NETWORK_PATTERN, max_length=49)]
"""An IP address or a network, such as `127.0.0.0/8`."""

HeaderName = Annotated[str, StringConstraints(pattern=HEADER_PATTERN, max_length=100)]
HeaderValue = Annotated[str, StringConstraints(pattern=LINE_PATTERN, min_length=1, max_length=1000)]
Port = Annotated[int, Field(ge=1, le=65535)]
Argument = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=4000)]
FilePath = Annotated[str, StringConstraints(pattern=LINE_PATTERN, min_length=1, max_length=1000)]

RecordType = Literal["A", "AAAA", "CAA", "CNAME", "MX", "NS", "PTR", "SOA", "SRV", "TXT"]
Format = Literal[
    "text", "json", "restic-snapshots", "velero-backups", "velero-restores", "cnpg-cluster", "cnpg-backups"
]


class Credential(SpecModel):
    """Who the probe says it is. Secrets are named here, and kept in the secret store."""

    username: Line | None = Field(default=None, description="User name; for a bearer token there is none.")
    secret: Name = Field(description="Name under which the password or token is kept in the secret store.")


class Reach(SpecModel):
    """What every probe over the network has in common."""

    allow: tuple[Network, ...] = Field(
        default=(),
        description="Networks that are otherwise refused: link-local, metadata services, loopback behind a name.",
    )


class HttpTarget(Reach):
    """One HTTP request, over a connection of its own."""

    url: Url = Field(description="What is asked for.")
    method: Literal["GET", "HEAD", "OPTIONS"] = Field(default="GET", description="A method that changes nothing.")
    headers: dict[HeaderName, HeaderValue] = Field(default_factory=dict, description="Headers to send; no secrets.")
    credential: Credential | None = Field(default=None, description="Basic with a username, otherwise Bearer.")
    redirects: Annotated[int, Field(ge=0, le=10)] = Field(default=0, description="How many redirects are followed.")
    redirect_hosts: tuple[Host, ...] = Field(default=(), description="Hosts they may lead to, besides its own.")
    verify: bool = Field(default=True, description="Whether a certificate that is not trusted fails the probe.")


class TlsTarget(Reach):
    """A TLS handshake, for the certificate."""

    host: Host = Field(description="What to connect to.")
    port: Port = Field(default=443, description="TCP port.")
    server_name: Host | None = Field(
        default=None, description="Name to ask for (SNI) and to verify; the host if left out."
    )
    verify: bool = Field(default=True, description="Whether a certificate that is not trusted fails the probe.")


class DnsTarget(Reach):
    """One question to the DNS."""

    name: Host = Field(description="What is asked for.")
    type: RecordType = Field(default="A", description="Type of record.")
    server: Host | None = Field(default=None, description="Server to ask; the first of this machine if left out.")
    port: Port = Field(default=53, description="The server's port.")


class TcpTarget(Reach):
    """A TCP connection."""

    host: Host = Field(description="What to connect to.")
    port: Port = Field(description="TCP port.")
    banner: bool = Field(default=False, description="Whether to wait for a first line.")


class SshTarget(Reach):
    """An SSH server's first line. Nobody logs in."""

    host: Host = Field(description="What to connect to.")
    port: Port = Field(default=22, description="TCP port.")


class RegistryTarget(Reach):
    """An OCI registry: its challenge, and with a credential login, push and pull of a small artifact."""

    url: Url = Field(description="The registry's base, such as `https://registry.example.org`.")
    credential: Credential | None = Field(default=None, description="With it the probe logs in.")
    repository: Annotated[str, StringConstraints(pattern=REPOSITORY_PATTERN, max_length=200)] | None = Field(
        default=None, description="Repository to push the probe's small artifact to and pull it from."
    )
    token_hosts: tuple[Host, ...] = Field(
        default=(), description="Hosts of token services that the challenge may name, besides the registry's own."
    )
    verify: bool = Field(default=True, description="Whether a certificate that is not trusted fails the probe.")


class GitTarget(Reach):
    """A Git repository over http(s): what it offers to fetch."""

    url: Url = Field(description="The repository, as `git clone` takes it.")
    credential: Credential | None = Field(default=None, description="For a repository that is not public.")
    verify: bool = Field(default=True, description="Whether a certificate that is not trusted fails the probe.")


class PostgresqlTarget(Reach):
    """A connection to PostgreSQL, and what the server says of its replication and archiving."""

    host: Annotated[str, StringConstraints(pattern=LINE_PATTERN, max_length=253)] = Field(
        description="Host, or the folder of a Unix socket."
    )
    port: Port = Field(default=5432, description="TCP port.")
    database: Line = Field(default="postgres", description="Database to connect to.")
    credential: Credential | None = Field(default=None, description="User and password.")
    username: Line | None = Field(default=None, description="User where no password is needed.")
    tls: Literal["disable", "prefer", "require", "verify-full"] = Field(
        default="verify-full", description="As libpq's sslmode; a Unix socket needs none."
    )
    query: Line | None = Field(default=None, description="One read-only query; its first row becomes `row[…]`.")


class FileTarget(SpecModel):
    """A file that something else writes."""

    path: FilePath = Field(description="The file; relative to the hub's folder.")
    format: Format = Field(default="text", description="How its content is read.")


class CommandTarget(SpecModel):
    """A program, started without a shell. `vsmhub observe` starts none unless it is told that it may."""

    run: tuple[Argument, ...] = Field(min_length=1, description="The program and its arguments.")
    format: Format = Field(default="text", description="How its standard output is read.")


class Probe(SpecModel):
    """What is probed: exactly one of these."""

    http: HttpTarget | None = Field(default=None, description="An HTTP request.")
    tls: TlsTarget | None = Field(default=None, description="A TLS handshake.")
    dns: DnsTarget | None = Field(default=None, description="A question to the DNS.")
    tcp: TcpTarget | None = Field(default=None, description="A TCP connection.")
    ssh: SshTarget | None = Field(default=None, description="An SSH server's first line.")
    registry: RegistryTarget | None = Field(default=None, description="An OCI registry.")
    git: GitTarget | None = Field(default=None, description="A Git repository over http(s).")
    postgresql: PostgresqlTarget | None = Field(default=None, description="A PostgreSQL server.")
    file: FileTarget | None = Field(default=None, description="A file.")
    command: CommandTarget | None = Field(default=None, description="A program's output.")

    @cached_property
    def kind(self) -> str:
        """Which of them it is; the key in the file."""
        return next(name for name in KINDS if getattr(self, name) is not None)

    @property
    def target(self) -> "Target":
        """The one that is there."""
        found: Target = getattr(self, self.kind)
        return found

    @property
    def address(self) -> str:
        """Where it goes, in one line for people."""
        return address(self.target)


Target = (
    HttpTarget
    | TlsTarget
    | DnsTarget
    | TcpTarget
    | SshTarget
    | RegistryTarget
    | GitTarget
    | PostgresqlTarget
    | FileTarget
    | CommandTarget
)
KINDS = tuple(Probe.model_fields)


def address(target: Target) -> str:
    """Where a probe goes, in one line for people; without anything secret."""
    match target:
        case HttpTarget() | RegistryTarget() | GitTarget():
            return target.url
        case DnsTarget():
            return f"{target.name} {target.type}" + (f" at {target.server}" if target.server else "")
        case PostgresqlTarget():
            return f"{target.host}:{target.port}/{target.database}"
        case FileTarget():
            return target.path
        case CommandTarget():
            return target.run[0]
        case _:
            host = f"[{target.host}]" if ":" in target.host else target.host
            return f"{host}:{target.port}"
