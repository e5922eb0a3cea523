"""A small inventory to take apart, with every line where the tests expect it; it fits the example hub."""

from tests.spec.examples import changed

INVENTORY = """\
spec: vsmhub/inventory/v1
sources:
  book: {document: The book, dated: 2026-01-02}
  call: {document: A call, repository: tools, dated: 2026-02-03}
repositories:
  tools: {name: Tools, source: book, holds: what is needed}
environments:
  prod: {name: Production, source: book, state: live, tier: unknown, region: unknown, purpose: to serve}
  next: {name: Next, source: book, state: planned, tier: unknown, region: unknown, purpose: to serve later}
hosts:
  one:
    name: One
    source: book
    state: live
    environments: [prod]
    addresses: [192.0.2.1, "2001:db8::1"]
    os: {value: Debian, source: call, note: Said by the caller}
    provider: {unknown: Nobody asked, source: call}
services:
  web:
    name: Web
    source: book
    owner: tools
    tier: unknown
    rationale: unknown
    slo: unknown
    depends_on: [service/store]
  store:
    name: Store
    source: book
    owner: unknown
    tier: unknown
    rationale: unknown
    slo: unknown
    depends_on: []
deployments:
  web-prod:
    name: Web in production
    source: book
    owner: unknown
    state: live
    service: web
    environment: prod
    runs_on: host/one
    desired_release: unknown
    observed_release: unknown
    node_port: 32000
    datastores: [data]
    secret_sets: []
datastores:
  data:
    name: Data
    source: book
    owner: unknown
    state: live
    engine: PostgreSQL
    version: unknown
    data_class: unknown
    rpo: 1h
    rto: unknown
    runs_on: host/one
"""


def inventory_text(*changes: tuple[str, str]) -> str:
    """The example, changed."""
    return changed(INVENTORY, *changes)
