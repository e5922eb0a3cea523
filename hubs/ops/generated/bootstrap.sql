-- Generated from hub.yaml by `vsmhub generate`. Do not edit: change hub.yaml and run `vsmhub generate` again.
--
-- Brings ops-hub into the database of an Inter-Hub, with manifest 1.0.0, its API consumer and its seed widgets:
-- the fallback where neither the API nor the web pages can. It is one transaction, may be run any number of times,
-- and ends with what it has written. It makes no key; make that in the web pages, which show it once.
--
--   psql --no-psqlrc --file bootstrap.sql "$DATABASE_URL"
--   kubectl exec -i -n NAMESPACE POD -- psql --no-psqlrc --file - DATABASE < bootstrap.sql
--
-- Needs PostgreSQL 15 or newer and a user that may write Inter-Hub's tables.

\set ON_ERROR_STOP on
\encoding UTF8
BEGIN;
SET LOCAL standard_conforming_strings = on;
SET LOCAL lock_timeout = '30s';

-- What kind of Inter-Hub this is.
SELECT (SELECT count(*) = 3 AS anon_1 
FROM pg_attribute 
WHERE attrelid = to_regclass('hubs') AND attname IN ('hub_family', 'vsm_function', 'vsm_system') AND NOT attisdropped) AS has_vsm_columns, to_regclass('audit_records') IS NOT NULL AS has_audit_records
\gset

-- Tables that last as long as this transaction.
CREATE TEMPORARY TABLE vsmhub_document (
	document JSONB NOT NULL
)
 ON COMMIT DROP;

CREATE TEMPORARY TABLE vsmhub_hub (
	slug TEXT NOT NULL, 
	hub_kind TEXT NOT NULL, 
	name TEXT NOT NULL, 
	domain TEXT NOT NULL, 
	description TEXT NOT NULL, 
	hub_family TEXT NOT NULL, 
	vsm_function TEXT NOT NULL, 
	vsm_system TEXT NOT NULL, 
	consumer TEXT NOT NULL, 
	version TEXT NOT NULL, 
	capability JSONB NOT NULL
)
 ON COMMIT DROP;

CREATE TEMPORARY TABLE vsmhub_names (
	kind TEXT NOT NULL, 
	place INTEGER NOT NULL, 
	name TEXT NOT NULL
)
 ON COMMIT DROP;

CREATE TEMPORARY TABLE vsmhub_widgets (
	slug TEXT NOT NULL, 
	name TEXT NOT NULL, 
	widget_type TEXT NOT NULL, 
	policy_scope TEXT NOT NULL, 
	view_context TEXT NOT NULL, 
	metadata JSONB NOT NULL, 
	status TEXT NOT NULL
)
 ON COMMIT DROP;

CREATE TEMPORARY TABLE vsmhub_refusals (
	reason TEXT NOT NULL
)
 ON COMMIT DROP;

CREATE TEMPORARY TABLE vsmhub_written (
	number BIGINT GENERATED ALWAYS AS IDENTITY, 
	action TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	object_id UUID NOT NULL, 
	hub_id UUID NOT NULL, 
	before JSONB, 
	after JSONB
)
 ON COMMIT DROP;

-- What ops-hub is declared to be.
INSERT INTO vsmhub_document (document) SELECT CAST('{
  "hub": {
    "slug": "ops-hub",
    "hub_kind": "domain",
    "name": "Ops Hub",
    "domain": "ops.coulomb.social",
    "hub_family": "vsm",
    "vsm_function": "OPS",
    "vsm_system": "S1",
    "description": "Says what runs where, who answers for it, how it is reached and what proves that it works, from the workstation and CoulombCore of today to the ThreePhoenix production to come.",
    "consumer": "ops-hub",
    "version": "1.0.0",
    "capability": {
      "hub_family": "vsm",
      "vsm_function": "OPS",
      "vsm_system": "S1",
      "scope": {
        "purpose": "Operational truth and the evidence for it",
        "includes": [
          "environments, hosts and clusters",
          "services, their endpoints and their releases",
          "the service catalog",
          "backups and restores of persistent data",
          "whether secrets are in governed places, never the secrets",
          "runbooks, incidents and risks",
          "readiness gates as a unit sees its own state",
          "migration waves as they are carried out"
        ],
        "excludes": [
          {
            "matter": "coordination between units, repositories and handoffs",
            "owner": "syn-hub"
          },
          {
            "matter": "control, priorities and the decision at a gate",
            "owner": "ctl-hub"
          },
          {
            "matter": "audit, that is evidence independent of those who operate",
            "owner": "aud-hub"
          },
          {
            "matter": "forecasting and the analysis of a migration",
            "owner": "int-hub"
          },
          {
            "matter": "policy, identity and ultimate constraints",
            "owner": "pol-hub"
          },
          {
            "matter": "actors and surfaces outside the system",
            "owner": "env-hub"
          },
          {
            "matter": "workstreams, decisions and progress, which State Hub keeps"
          },
          {
            "matter": "the hub framework itself, which is Inter-Hub''s"
          }
        ]
      },
      "registration": {
        "event_type": "ops-inventory-registered",
        "widget": "ops-service-catalog",
        "applied_event_type": "ops-inventory-updated"
      },
      "channels": [
        {
          "kind": "coordination",
          "to": "syn-hub",
          "carries": [
            "ops-inventory-updated",
            "ops-service-discovered",
            "ops-release-observed",
            "ops-runbook-executed"
          ],
          "description": "What other units need to know so that they do not get in each other''s way"
        },
        {
          "kind": "command",
          "to": "ctl-hub",
          "carries": [
            "ops-readiness-gate-updated",
            "ops-migration-gate-passed",
            "ops-migration-gate-failed"
          ],
          "description": "What came of what control had made mandatory"
        },
        {
          "kind": "resource-bargain",
          "to": "ctl-hub",
          "carries": [
            "ops-health-checked",
            "ops-risk-raised",
            "ops-risk-accepted"
          ],
          "description": "The account of results for the resources that were given"
        },
        {
          "kind": "audit",
          "to": "aud-hub",
          "carries": [
            "ops-endpoint-verified",
            "ops-backup-verified",
            "ops-restore-tested",
            "ops-drift-detected"
          ],
          "description": "Reports of its own that audit compares with what it finds itself"
        },
        {
          "kind": "environmental",
          "to": "env-hub",
          "carries": [
            "ops-endpoint-verified"
          ],
          "description": "Which surfaces outsiders can reach"
        },
        {
          "kind": "algedonic",
          "to": "pol-hub",
          "carries": [],
          "description": "The way past every level for what cannot wait"
        }
      ],
      "descriptions": {
        "widget_types": {
          "ops-environment": "A place in which services run under one set of rules",
          "ops-host": "A machine with addresses of its own",
          "ops-cluster": "A Kubernetes cluster and what it runs on",
          "ops-service": "Something that others rely on, wherever it is deployed",
          "ops-service-catalog": "The list of services with owner, place, access and proof of health",
          "ops-endpoint": "An address at which a service answers",
          "ops-release": "A version of a service as it is deployed",
          "ops-backup-set": "The backups that protect one store of data",
          "ops-secret-set": "Where a group of secrets is kept, with key names only",
          "ops-runbook": "A procedure that an operator follows",
          "ops-incident": "A disturbance of a service, from noticing it to closing it",
          "ops-readiness-gate": "A condition that evidence must meet before something moves on",
          "ops-migration-wave": "A group of services that move together",
          "ops-risk": "Something that may go wrong, with what is done about it"
        },
        "event_types": {
          "ops-inventory-registered": "Something was entered into the inventory for the first time",
          "ops-inventory-updated": "An entry of the inventory was changed",
          "ops-service-discovered": "A service was found running that the inventory may not hold",
          "ops-health-checked": "A service was asked whether it is well, and answered or did not",
          "ops-release-observed": "A version was seen running",
          "ops-endpoint-verified": "An endpoint was called, and what came back was compared with what should",
          "ops-backup-verified": "A backup was found complete and recent enough",
          "ops-restore-tested": "Data was brought back from a backup, as a trial",
          "ops-runbook-executed": "A runbook was followed, with its outcome",
          "ops-drift-detected": "What runs was found to differ from what is declared",
          "ops-risk-raised": "A risk was written down",
          "ops-risk-accepted": "A risk was taken knowingly, until a date",
          "ops-readiness-gate-updated": "The evidence for a readiness gate has changed",
          "ops-migration-gate-passed": "A migration wave met its gate",
          "ops-migration-gate-failed": "A migration wave did not meet its gate"
        },
        "annotation_categories": {
          "ops-drift": "What runs is not what is declared",
          "ops-service-catalog-gap": "The catalog lacks a service, or something about one",
          "ops-backup-gap": "Data that no backup protects",
          "ops-security-gap": "A protection that should be there and is not",
          "ops-routing-gap": "DNS, TLS or ingress that does not lead where it should",
          "ops-secret-gap": "A secret that is missing, too old, or kept outside the governed places",
          "ops-readiness-blocker": "What keeps a readiness gate from being met",
          "ops-migration-risk": "What could go wrong in a migration",
          "ops-observability-gap": "Something that nobody would notice failing",
          "ops-recovery-gap": "Something that could not be brought back"
        },
        "policy_scopes": {
          "ops-local": "Services on the workstation, on which nothing in production may depend for long",
          "ops-transitional-prod": "What serves production today and is meant to be replaced",
          "ops-production": "What serves production and is meant to stay",
          "ops-threephoenix": "The production environment that is being built",
          "ops-registry": "Container images and packages, and who may publish them",
          "ops-secrets": "Where secrets may be kept, and how they are rotated",
          "ops-backup-retention": "How long backups are kept, and how often a restore is tried"
        }
      }
    }
  },
  "names": {
    "widget_types": [
      "ops-environment",
      "ops-host",
      "ops-cluster",
      "ops-service",
      "ops-service-catalog",
      "ops-endpoint",
      "ops-release",
      "ops-backup-set",
      "ops-secret-set",
      "ops-runbook",
      "ops-incident",
      "ops-readiness-gate",
      "ops-migration-wave",
      "ops-risk"
    ],
    "event_types": [
      "ops-inventory-registered",
      "ops-inventory-updated",
      "ops-service-discovered",
      "ops-health-checked",
      "ops-release-observed",
      "ops-endpoint-verified",
      "ops-backup-verified",
      "ops-restore-tested",
      "ops-runbook-executed",
      "ops-drift-detected",
      "ops-risk-raised",
      "ops-risk-accepted",
      "ops-readiness-gate-updated",
      "ops-migration-gate-passed",
      "ops-migration-gate-failed"
    ],
    "annotation_categories": [
      "ops-drift",
      "ops-service-catalog-gap",
      "ops-backup-gap",
      "ops-security-gap",
      "ops-routing-gap",
      "ops-secret-gap",
      "ops-readiness-blocker",
      "ops-migration-risk",
      "ops-observability-gap",
      "ops-recovery-gap"
    ],
    "policy_scopes": [
      "ops-local",
      "ops-transitional-prod",
      "ops-production",
      "ops-threephoenix",
      "ops-registry",
      "ops-secrets",
      "ops-backup-retention"
    ]
  },
  "widgets": [
    {
      "slug": "ops-env-local",
      "name": "Local workstation",
      "widget_type": "ops-environment",
      "policy_scope": "ops-local",
      "view_context": "helix-forge/wiki/OpsHubInventory.md",
      "metadata": {
        "environment": "local",
        "role": "workstation services and development runtime",
        "status": "live",
        "services": [
          "state-hub"
        ]
      },
      "status": "active"
    },
    {
      "slug": "ops-env-coulombcore",
      "name": "CoulombCore",
      "widget_type": "ops-environment",
      "policy_scope": "ops-transitional-prod",
      "view_context": "helix-forge/wiki/OpsHubInventory.md",
      "metadata": {
        "environment": "coulombcore",
        "role": "live transitional production",
        "status": "live",
        "publicAddress": "92.205.130.254",
        "services": [
          "gitea"
        ]
      },
      "status": "active"
    },
    {
      "slug": "ops-env-railiance01",
      "name": "Railiance01",
      "widget_type": "ops-environment",
      "policy_scope": "ops-threephoenix",
      "view_context": "helix-forge/wiki/OpsHubInventory.md",
      "metadata": {
        "environment": "railiance01",
        "role": "foundation of the future production",
        "status": "live",
        "publicAddress": "92.205.62.239",
        "services": [
          "inter-hub"
        ],
        "partOf": "threephoenix-prod"
      },
      "status": "active"
    },
    {
      "slug": "ops-env-threephoenix-prod",
      "name": "ThreePhoenix production",
      "widget_type": "ops-environment",
      "policy_scope": "ops-threephoenix",
      "view_context": "helix-forge/wiki/OpsHubInventory.md",
      "metadata": {
        "environment": "threephoenix-prod",
        "role": "target topology of production",
        "status": "planned",
        "nodes": 3,
        "firstHost": "railiance01"
      },
      "status": "active"
    },
    {
      "slug": "ops-host-coulombcore",
      "name": "CoulombCore server",
      "widget_type": "ops-host",
      "policy_scope": "ops-transitional-prod",
      "view_context": "helix-forge/wiki/OpsHubInventory.md",
      "metadata": {
        "environment": "coulombcore",
        "publicAddress": "92.205.130.254",
        "runtime": "Kubernetes"
      },
      "status": "active"
    },
    {
      "slug": "ops-host-railiance01",
      "name": "Railiance01 server",
      "widget_type": "ops-host",
      "policy_scope": "ops-threephoenix",
      "view_context": "helix-forge/wiki/OpsHubInventory.md",
      "metadata": {
        "environment": "railiance01",
        "publicAddress": "92.205.62.239",
        "dnsNames": [
          "hub.coulomb.social"
        ],
        "runtime": "Kubernetes"
      },
      "status": "active"
    },
    {
      "slug": "ops-service-catalog",
      "name": "Service catalog",
      "widget_type": "ops-service-catalog",
      "policy_scope": "ops-production",
      "view_context": "helix-forge/wiki/OpsHubInventory.md",
      "metadata": {
        "answers": [
          "what runs where",
          "why",
          "who owns it",
          "how it is reached",
          "what proves it healthy"
        ],
        "covers": [
          "local",
          "coulombcore",
          "railiance01",
          "threephoenix-prod"
        ],
        "reachabilityEvidence": "ops-bridge",
        "openGap": "ops-service-catalog-gap"
      },
      "status": "active"
    },
    {
      "slug": "ops-service-gitea",
      "name": "Gitea",
      "widget_type": "ops-service",
      "policy_scope": "ops-transitional-prod",
      "view_context": "helix-forge/wiki/OpsHubInventory.md",
      "metadata": {
        "service": "gitea",
        "environment": "coulombcore",
        "provides": [
          "git hosting",
          "OCI registry"
        ],
        "helmRelease": "gitea",
        "namespace": "default",
        "nodePort": 32166,
        "databaseNamespace": "databases",
        "persistentVolumeClaim": "default/gitea-shared-storage"
      },
      "status": "active"
    },
    {
      "slug": "ops-service-state-hub",
      "name": "State Hub",
      "widget_type": "ops-service",
      "policy_scope": "ops-local",
      "view_context": "helix-forge/wiki/OpsHubInventory.md",
      "metadata": {
        "service": "state-hub",
        "environment": "local",
        "keeps": [
          "workstreams",
          "decisions",
          "progress events"
        ]
      },
      "status": "active"
    },
    {
      "slug": "ops-service-inter-hub",
      "name": "Inter-Hub",
      "widget_type": "ops-service",
      "policy_scope": "ops-production",
      "view_context": "inter-hub/workplans/IHUB-WP-0019-vsm-hub-bootstrap-api.md",
      "metadata": {
        "service": "inter-hub",
        "environment": "railiance01",
        "baseUrl": "https://hub.coulomb.social",
        "apiUrl": "https://hub.coulomb.social/api/v2",
        "openapiUrl": "https://hub.coulomb.social/api/v2/openapi.json",
        "databaseNamespace": "databases",
        "databasePod": "net-kingdom-pg-1"
      },
      "status": "active"
    },
    {
      "slug": "ops-endpoint-gitea-registry",
      "name": "Gitea OCI registry endpoint",
      "widget_type": "ops-endpoint",
      "policy_scope": "ops-registry",
      "view_context": "railiance-apps/workplans/RAIL-AP-WP-0001",
      "metadata": {
        "service": "gitea",
        "environment": "coulombcore",
        "endpoint": "https://gitea.coulomb.social/v2/",
        "expectedStatus": 401,
        "expectedHeader": "Docker-Distribution-Api-Version: registry/2.0"
      },
      "status": "active"
    },
    {
      "slug": "ops-readiness-gitea-registry",
      "name": "Gitea registry readiness",
      "widget_type": "ops-readiness-gate",
      "policy_scope": "ops-registry",
      "view_context": "railiance-apps/workplans/RAIL-AP-WP-0001",
      "metadata": {
        "service": "gitea",
        "endpoint": "https://gitea.coulomb.social/v2/",
        "proven": [
          "registry auth challenge"
        ],
        "toProve": [
          "encrypted Helm values",
          "package token",
          "docker login",
          "push",
          "pull"
        ]
      },
      "status": "active"
    },
    {
      "slug": "ops-readiness-state-hub-cluster-deploy",
      "name": "State Hub cluster deployment readiness",
      "widget_type": "ops-readiness-gate",
      "policy_scope": "ops-threephoenix",
      "view_context": "helix-forge/wiki/OpsHubReadinessGates.md",
      "metadata": {
        "service": "state-hub",
        "from": "local",
        "runtime": "Kubernetes"
      },
      "status": "active"
    },
    {
      "slug": "ops-migration-coulombcore-to-threephoenix",
      "name": "CoulombCore to ThreePhoenix",
      "widget_type": "ops-migration-wave",
      "policy_scope": "ops-threephoenix",
      "view_context": "helix-forge/wiki/OpsHubReadinessGates.md",
      "metadata": {
        "from": "coulombcore",
        "to": "threephoenix-prod",
        "firstHost": "railiance01",
        "ownerRepos": [
          "railiance-infra",
          "railiance-cluster",
          "railiance-platform",
          "railiance-enablement",
          "railiance-apps"
        ],
        "gates": [
          "DNS and TLS",
          "service catalog",
          "Git hosting and container registry",
          "backup and restore",
          "secrets and SOPS/age keys",
          "cluster runtime and platform services",
          "rollback",
          "runbooks"
        ]
      },
      "status": "active"
    },
    {
      "slug": "ops-host-workstation",
      "name": "Local workstation",
      "widget_type": "ops-host",
      "policy_scope": "ops-local",
      "view_context": "ops-hub/generated/INVENTORY.md",
      "metadata": {
        "entry": "host/workstation",
        "environments": [
          "local"
        ]
      },
      "status": "active"
    },
    {
      "slug": "ops-cluster-coulombcore",
      "name": "Kubernetes on CoulombCore",
      "widget_type": "ops-cluster",
      "policy_scope": "ops-transitional-prod",
      "view_context": "ops-hub/generated/INVENTORY.md",
      "metadata": {
        "entry": "cluster/coulombcore",
        "environments": [
          "coulombcore"
        ]
      },
      "status": "active"
    },
    {
      "slug": "ops-cluster-railiance01",
      "name": "Kubernetes on Railiance01",
      "widget_type": "ops-cluster",
      "policy_scope": "ops-threephoenix",
      "view_context": "ops-hub/generated/INVENTORY.md",
      "metadata": {
        "entry": "cluster/railiance01",
        "environments": [
          "railiance01"
        ]
      },
      "status": "active"
    },
    {
      "slug": "ops-cluster-threephoenix",
      "name": "Kubernetes of ThreePhoenix",
      "widget_type": "ops-cluster",
      "policy_scope": "ops-threephoenix",
      "view_context": "ops-hub/generated/INVENTORY.md",
      "metadata": {
        "entry": "cluster/threephoenix",
        "environments": [
          "threephoenix-prod"
        ]
      },
      "status": "active"
    },
    {
      "slug": "ops-service-postgresql",
      "name": "PostgreSQL (CNPG)",
      "widget_type": "ops-service",
      "policy_scope": "ops-transitional-prod",
      "view_context": "ops-hub/generated/INVENTORY.md",
      "metadata": {
        "entry": "service/postgresql",
        "environments": [
          "coulombcore",
          "railiance01"
        ]
      },
      "status": "active"
    },
    {
      "slug": "ops-service-ops-bridge",
      "name": "Ops Bridge",
      "widget_type": "ops-service",
      "policy_scope": "ops-transitional-prod",
      "view_context": "ops-hub/generated/INVENTORY.md",
      "metadata": {
        "entry": "service/ops-bridge"
      },
      "status": "active"
    },
    {
      "slug": "ops-endpoint-gitea-git",
      "name": "Gitea Git remote",
      "widget_type": "ops-endpoint",
      "policy_scope": "ops-registry",
      "view_context": "ops-hub/generated/INVENTORY.md",
      "metadata": {
        "entry": "endpoint/gitea-git",
        "environments": [
          "coulombcore"
        ]
      },
      "status": "active"
    },
    {
      "slug": "ops-endpoint-inter-hub-pages",
      "name": "Inter-Hub pages",
      "widget_type": "ops-endpoint",
      "policy_scope": "ops-production",
      "view_context": "ops-hub/generated/INVENTORY.md",
      "metadata": {
        "entry": "endpoint/inter-hub-pages",
        "environments": [
          "railiance01"
        ],
        "owner": "inter-hub"
      },
      "status": "active"
    },
    {
      "slug": "ops-endpoint-inter-hub-api",
      "name": "Inter-Hub API v2",
      "widget_type": "ops-endpoint",
      "policy_scope": "ops-production",
      "view_context": "ops-hub/generated/INVENTORY.md",
      "metadata": {
        "entry": "endpoint/inter-hub-api",
        "environments": [
          "railiance01"
        ],
        "owner": "inter-hub"
      },
      "status": "active"
    },
    {
      "slug": "ops-endpoint-inter-hub-openapi",
      "name": "Inter-Hub OpenAPI document",
      "widget_type": "ops-endpoint",
      "policy_scope": "ops-production",
      "view_context": "ops-hub/generated/INVENTORY.md",
      "metadata": {
        "entry": "endpoint/inter-hub-openapi",
        "environments": [
          "railiance01"
        ],
        "owner": "inter-hub"
      },
      "status": "active"
    },
    {
      "slug": "ops-endpoint-inter-hub-docs",
      "name": "Inter-Hub API documentation",
      "widget_type": "ops-endpoint",
      "policy_scope": "ops-production",
      "view_context": "ops-hub/generated/INVENTORY.md",
      "metadata": {
        "entry": "endpoint/inter-hub-docs",
        "environments": [
          "railiance01"
        ],
        "owner": "inter-hub"
      },
      "status": "active"
    },
    {
      "slug": "ops-endpoint-state-hub",
      "name": "State Hub",
      "widget_type": "ops-endpoint",
      "policy_scope": "ops-local",
      "view_context": "ops-hub/generated/INVENTORY.md",
      "metadata": {
        "entry": "endpoint/state-hub",
        "environments": [
          "local"
        ]
      },
      "status": "active"
    },
    {
      "slug": "ops-backup-gitea-database",
      "name": "Backup of the database of Gitea",
      "widget_type": "ops-backup-set",
      "policy_scope": "ops-backup-retention",
      "view_context": "ops-hub/generated/INVENTORY.md",
      "metadata": {
        "entry": "backup/gitea-database",
        "environments": [
          "coulombcore"
        ]
      },
      "status": "active"
    },
    {
      "slug": "ops-backup-gitea-shared-storage",
      "name": "Backup of the shared storage of Gitea",
      "widget_type": "ops-backup-set",
      "policy_scope": "ops-backup-retention",
      "view_context": "ops-hub/generated/INVENTORY.md",
      "metadata": {
        "entry": "backup/gitea-shared-storage",
        "environments": [
          "coulombcore"
        ]
      },
      "status": "active"
    },
    {
      "slug": "ops-backup-state-hub-database",
      "name": "Backup of the database of State Hub",
      "widget_type": "ops-backup-set",
      "policy_scope": "ops-backup-retention",
      "view_context": "ops-hub/generated/INVENTORY.md",
      "metadata": {
        "entry": "backup/state-hub-database"
      },
      "status": "active"
    },
    {
      "slug": "ops-backup-inter-hub-database",
      "name": "Backup of the database of Inter-Hub",
      "widget_type": "ops-backup-set",
      "policy_scope": "ops-backup-retention",
      "view_context": "ops-hub/generated/INVENTORY.md",
      "metadata": {
        "entry": "backup/inter-hub-database",
        "environments": [
          "railiance01"
        ]
      },
      "status": "active"
    },
    {
      "slug": "ops-secrets-gitea-helm-values",
      "name": "Encrypted Helm values of Gitea",
      "widget_type": "ops-secret-set",
      "policy_scope": "ops-secrets",
      "view_context": "ops-hub/generated/INVENTORY.md",
      "metadata": {
        "entry": "secret-set/gitea-helm-values"
      },
      "status": "active"
    },
    {
      "slug": "ops-secrets-gitea-package-token",
      "name": "Package token of the registry",
      "widget_type": "ops-secret-set",
      "policy_scope": "ops-secrets",
      "view_context": "ops-hub/generated/INVENTORY.md",
      "metadata": {
        "entry": "secret-set/gitea-package-token"
      },
      "status": "active"
    },
    {
      "slug": "ops-secrets-sops-age-keys",
      "name": "SOPS and age keys",
      "widget_type": "ops-secret-set",
      "policy_scope": "ops-secrets",
      "view_context": "ops-hub/generated/INVENTORY.md",
      "metadata": {
        "entry": "secret-set/sops-age-keys"
      },
      "status": "active"
    },
    {
      "slug": "ops-secrets-ops-hub-api-key",
      "name": "Static API key of ops-hub",
      "widget_type": "ops-secret-set",
      "policy_scope": "ops-secrets",
      "view_context": "ops-hub/generated/INVENTORY.md",
      "metadata": {
        "entry": "secret-set/ops-hub-api-key",
        "owner": "ops-hub"
      },
      "status": "active"
    },
    {
      "slug": "ops-secrets-inter-hub-operator-key",
      "name": "Operator key of Inter-Hub",
      "widget_type": "ops-secret-set",
      "policy_scope": "ops-secrets",
      "view_context": "ops-hub/generated/INVENTORY.md",
      "metadata": {
        "entry": "secret-set/inter-hub-operator-key"
      },
      "status": "active"
    },
    {
      "slug": "ops-secrets-railiance01-access",
      "name": "Access to Railiance01",
      "widget_type": "ops-secret-set",
      "policy_scope": "ops-secrets",
      "view_context": "ops-hub/generated/INVENTORY.md",
      "metadata": {
        "entry": "secret-set/railiance01-access"
      },
      "status": "active"
    },
    {
      "slug": "ops-runbook-bootstrap-pages",
      "name": "Bootstrap of ops-hub in the pages of Inter-Hub",
      "widget_type": "ops-runbook",
      "policy_scope": "ops-transitional-prod",
      "view_context": "ops-hub/generated/INVENTORY.md",
      "metadata": {
        "entry": "runbook/bootstrap-pages",
        "owner": "helix-forge"
      },
      "status": "active"
    },
    {
      "slug": "ops-runbook-bootstrap-sql",
      "name": "Bootstrap of ops-hub by SQL, the fallback",
      "widget_type": "ops-runbook",
      "policy_scope": "ops-transitional-prod",
      "view_context": "ops-hub/generated/INVENTORY.md",
      "metadata": {
        "entry": "runbook/bootstrap-sql",
        "owner": "helix-forge"
      },
      "status": "active"
    },
    {
      "slug": "ops-runbook-bootstrap-smoke",
      "name": "Bootstrap and smoke test of ops-hub",
      "widget_type": "ops-runbook",
      "policy_scope": "ops-transitional-prod",
      "view_context": "ops-hub/generated/INVENTORY.md",
      "metadata": {
        "entry": "runbook/bootstrap-smoke",
        "owner": "inter-hub"
      },
      "status": "active"
    },
    {
      "slug": "ops-runbook-production-gate-probe",
      "name": "Probe of the production API gate",
      "widget_type": "ops-runbook",
      "policy_scope": "ops-transitional-prod",
      "view_context": "ops-hub/generated/INVENTORY.md",
      "metadata": {
        "entry": "runbook/production-gate-probe",
        "owner": "ops-hub"
      },
      "status": "active"
    },
    {
      "slug": "ops-runbook-deploy",
      "name": "Deploy",
      "widget_type": "ops-runbook",
      "policy_scope": "ops-transitional-prod",
      "view_context": "ops-hub/generated/INVENTORY.md",
      "metadata": {
        "entry": "runbook/deploy"
      },
      "status": "active"
    },
    {
      "slug": "ops-runbook-restore",
      "name": "Restore",
      "widget_type": "ops-runbook",
      "policy_scope": "ops-transitional-prod",
      "view_context": "ops-hub/generated/INVENTORY.md",
      "metadata": {
        "entry": "runbook/restore"
      },
      "status": "active"
    },
    {
      "slug": "ops-runbook-rotate",
      "name": "Rotate secrets",
      "widget_type": "ops-runbook",
      "policy_scope": "ops-transitional-prod",
      "view_context": "ops-hub/generated/INVENTORY.md",
      "metadata": {
        "entry": "runbook/rotate"
      },
      "status": "active"
    },
    {
      "slug": "ops-runbook-incident-response",
      "name": "Respond to an incident",
      "widget_type": "ops-runbook",
      "policy_scope": "ops-transitional-prod",
      "view_context": "ops-hub/generated/INVENTORY.md",
      "metadata": {
        "entry": "runbook/incident-response"
      },
      "status": "active"
    },
    {
      "slug": "ops-runbook-rollback",
      "name": "Roll back to CoulombCore",
      "widget_type": "ops-runbook",
      "policy_scope": "ops-transitional-prod",
      "view_context": "ops-hub/generated/INVENTORY.md",
      "metadata": {
        "entry": "runbook/rollback"
      },
      "status": "active"
    },
    {
      "slug": "ops-risk-scattered-knowledge",
      "name": "Knowledge of operations is scattered",
      "widget_type": "ops-risk",
      "policy_scope": "ops-transitional-prod",
      "view_context": "ops-hub/generated/INVENTORY.md",
      "metadata": {
        "entry": "risk/scattered-knowledge"
      },
      "status": "active"
    },
    {
      "slug": "ops-risk-no-service-catalog",
      "name": "There is no service catalog",
      "widget_type": "ops-risk",
      "policy_scope": "ops-transitional-prod",
      "view_context": "ops-hub/generated/INVENTORY.md",
      "metadata": {
        "entry": "risk/no-service-catalog",
        "owner": "ops-hub"
      },
      "status": "active"
    },
    {
      "slug": "ops-risk-registry-publishing-unproven",
      "name": "Publishing to the registry is unproven",
      "widget_type": "ops-risk",
      "policy_scope": "ops-registry",
      "view_context": "ops-hub/generated/INVENTORY.md",
      "metadata": {
        "entry": "risk/registry-publishing-unproven",
        "owner": "railiance-apps"
      },
      "status": "active"
    },
    {
      "slug": "ops-risk-railiance01-out-of-reach",
      "name": "Railiance01 cannot be reached by its operator",
      "widget_type": "ops-risk",
      "policy_scope": "ops-threephoenix",
      "view_context": "ops-hub/generated/INVENTORY.md",
      "metadata": {
        "entry": "risk/railiance01-out-of-reach"
      },
      "status": "active"
    },
    {
      "slug": "ops-risk-inter-hub-behind-its-source",
      "name": "Inter-Hub in production is older than its source",
      "widget_type": "ops-risk",
      "policy_scope": "ops-production",
      "view_context": "ops-hub/generated/INVENTORY.md",
      "metadata": {
        "entry": "risk/inter-hub-behind-its-source",
        "owner": "inter-hub"
      },
      "status": "active"
    },
    {
      "slug": "ops-risk-backups-unknown",
      "name": "Nobody knows whether data could be restored",
      "widget_type": "ops-risk",
      "policy_scope": "ops-backup-retention",
      "view_context": "ops-hub/generated/INVENTORY.md",
      "metadata": {
        "entry": "risk/backups-unknown"
      },
      "status": "active"
    },
    {
      "slug": "ops-readiness-dns-and-tls",
      "name": "DNS and TLS are codified",
      "widget_type": "ops-readiness-gate",
      "policy_scope": "ops-threephoenix",
      "view_context": "ops-hub/generated/GATES.md",
      "metadata": {
        "gate": "dns-and-tls",
        "owner": "railiance-infra",
        "enforcement": "blocking",
        "waves": [
          "coulombcore-to-threephoenix"
        ]
      },
      "status": "active"
    },
    {
      "slug": "ops-readiness-service-catalog",
      "name": "Service catalog entries exist",
      "widget_type": "ops-readiness-gate",
      "policy_scope": "ops-threephoenix",
      "view_context": "ops-hub/generated/GATES.md",
      "metadata": {
        "gate": "service-catalog",
        "owner": "ops-hub",
        "enforcement": "blocking",
        "waves": [
          "coulombcore-to-threephoenix"
        ]
      },
      "status": "active"
    },
    {
      "slug": "ops-readiness-backup-and-restore",
      "name": "Persistent data has evidence of backup and restore",
      "widget_type": "ops-readiness-gate",
      "policy_scope": "ops-threephoenix",
      "view_context": "ops-hub/generated/GATES.md",
      "metadata": {
        "gate": "backup-and-restore",
        "owner": "railiance-platform",
        "enforcement": "blocking",
        "waves": [
          "coulombcore-to-threephoenix"
        ]
      },
      "status": "active"
    },
    {
      "slug": "ops-readiness-secrets",
      "name": "Secrets and SOPS/age keys are governed",
      "widget_type": "ops-readiness-gate",
      "policy_scope": "ops-threephoenix",
      "view_context": "ops-hub/generated/GATES.md",
      "metadata": {
        "gate": "secrets",
        "owner": "railiance-platform",
        "enforcement": "blocking",
        "waves": [
          "coulombcore-to-threephoenix"
        ]
      },
      "status": "active"
    },
    {
      "slug": "ops-readiness-cluster-and-platform",
      "name": "Cluster runtime and platform services are recreated",
      "widget_type": "ops-readiness-gate",
      "policy_scope": "ops-threephoenix",
      "view_context": "ops-hub/generated/GATES.md",
      "metadata": {
        "gate": "cluster-and-platform",
        "owner": "railiance-cluster",
        "enforcement": "blocking",
        "waves": [
          "coulombcore-to-threephoenix"
        ]
      },
      "status": "active"
    },
    {
      "slug": "ops-readiness-rollback",
      "name": "The rollback path is documented",
      "widget_type": "ops-readiness-gate",
      "policy_scope": "ops-threephoenix",
      "view_context": "ops-hub/generated/GATES.md",
      "metadata": {
        "gate": "rollback",
        "owner": "railiance-infra",
        "enforcement": "blocking",
        "waves": [
          "coulombcore-to-threephoenix"
        ]
      },
      "status": "active"
    },
    {
      "slug": "ops-readiness-runbooks",
      "name": "Operator runbooks exist",
      "widget_type": "ops-readiness-gate",
      "policy_scope": "ops-threephoenix",
      "view_context": "ops-hub/generated/GATES.md",
      "metadata": {
        "gate": "runbooks",
        "owner": "ops-hub",
        "enforcement": "blocking",
        "waves": [
          "coulombcore-to-threephoenix"
        ]
      },
      "status": "active"
    }
  ]
}' AS JSONB) AS anon_1;

INSERT INTO vsmhub_hub (slug, hub_kind, name, domain, description, hub_family, vsm_function, vsm_system, consumer, version, capability) SELECT anon_1.slug, anon_1.hub_kind, anon_1.name, anon_1.domain, anon_1.description, anon_1.hub_family, anon_1.vsm_function, anon_1.vsm_system, anon_1.consumer, anon_1.version, anon_1.capability 
FROM vsmhub_document, jsonb_to_record(vsmhub_document.document['hub']) AS anon_1(slug TEXT, hub_kind TEXT, name TEXT, domain TEXT, description TEXT, hub_family TEXT, vsm_function TEXT, vsm_system TEXT, consumer TEXT, version TEXT, capability JSONB);

INSERT INTO vsmhub_names (kind, place, name) SELECT anon_1.kind, anon_2.place, anon_2.name 
FROM vsmhub_document, jsonb_each(vsmhub_document.document['names']) AS anon_1(kind, listed), jsonb_array_elements_text(anon_1.listed) WITH ORDINALITY AS anon_2(name, place);

INSERT INTO vsmhub_widgets (slug, name, widget_type, policy_scope, view_context, metadata, status) SELECT anon_1.slug, anon_1.name, anon_1.widget_type, anon_1.policy_scope, anon_1.view_context, anon_1.metadata, anon_1.status 
FROM vsmhub_document, jsonb_to_recordset(vsmhub_document.document['widgets']) AS anon_1(slug TEXT, name TEXT, widget_type TEXT, policy_scope TEXT, view_context TEXT, metadata JSONB, status TEXT);

-- One activation at a time.
SELECT CAST(pg_advisory_xact_lock(7645310246) AS TEXT) AS locked;

-- A name belongs to one hub.
INSERT INTO vsmhub_refusals (reason) SELECT vsmhub_names.name || ' (' || replace(vsmhub_names.kind, '_', ' ') || ') belongs to ' || hubs.slug AS anon_1 
FROM vsmhub_names JOIN declared_names ON declared_names.kind = vsmhub_names.kind AND declared_names.name = vsmhub_names.name JOIN hubs ON hubs.id = declared_names.hub_id 
WHERE hubs.slug != (SELECT vsmhub_hub.slug 
FROM vsmhub_hub);

-- A published version does not change.
INSERT INTO vsmhub_refusals (reason) SELECT 'version ' || vsmhub_hub.version || ' of the manifest of ' || vsmhub_hub.slug || ' is ' || hub_capability_manifests.status || ', and a published version does not change: raise manifest.version in the spec' AS anon_1 
FROM vsmhub_hub JOIN hub_capability_manifests ON hub_capability_manifests.hub_id = (SELECT hubs.id 
FROM hubs 
WHERE hubs.slug = (SELECT vsmhub_hub.slug 
FROM vsmhub_hub)) AND hub_capability_manifests.version = (SELECT vsmhub_hub.version 
FROM vsmhub_hub) 
WHERE hub_capability_manifests.status != 'draft' AND NOT (hub_capability_manifests.status = 'active' AND (hub_capability_manifests.capability = vsmhub_hub.capability OR hub_capability_manifests.capability = ((vsmhub_hub.capability - 'registration') - 'channels')) AND (hub_capability_manifests.widget_types @> array((SELECT vsmhub_names.name 
FROM vsmhub_names 
WHERE vsmhub_names.kind = 'widget_types' ORDER BY vsmhub_names.place))) AND (hub_capability_manifests.event_types @> array((SELECT vsmhub_names.name 
FROM vsmhub_names 
WHERE vsmhub_names.kind = 'event_types' ORDER BY vsmhub_names.place))) AND (hub_capability_manifests.annotation_categories @> array((SELECT vsmhub_names.name 
FROM vsmhub_names 
WHERE vsmhub_names.kind = 'annotation_categories' ORDER BY vsmhub_names.place))) AND (hub_capability_manifests.policy_scopes @> array((SELECT vsmhub_names.name 
FROM vsmhub_names 
WHERE vsmhub_names.kind = 'policy_scopes' ORDER BY vsmhub_names.place))) AND (hub_capability_manifests.widget_types <@ array((SELECT vsmhub_names.name 
FROM vsmhub_names 
WHERE vsmhub_names.kind = 'widget_types' ORDER BY vsmhub_names.place))) AND (hub_capability_manifests.event_types <@ array((SELECT vsmhub_names.name 
FROM vsmhub_names 
WHERE vsmhub_names.kind = 'event_types' ORDER BY vsmhub_names.place))) AND (hub_capability_manifests.annotation_categories <@ array((SELECT vsmhub_names.name 
FROM vsmhub_names 
WHERE vsmhub_names.kind = 'annotation_categories' ORDER BY vsmhub_names.place))) AND (hub_capability_manifests.policy_scopes <@ array((SELECT vsmhub_names.name 
FROM vsmhub_names 
WHERE vsmhub_names.kind = 'policy_scopes' ORDER BY vsmhub_names.place))));

-- Stop here if there is a reason to.
DO $$
DECLARE
  said text;
BEGIN
  SELECT string_agg(reason, E'\n' ORDER BY reason) INTO said FROM vsmhub_refusals;
  IF said IS NOT NULL THEN
    RAISE EXCEPTION E'nothing has been changed:\n%', said;
  END IF;
END
$$;

-- The hub, with its classification.
\if :has_vsm_columns
WITH "new" AS 
(INSERT INTO hubs (id, slug, hub_kind, name, domain, description, hub_family, vsm_function, vsm_system) SELECT CAST(encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()), SUBSTRING(int8send(CAST(floor(EXTRACT(epoch FROM clock_timestamp()) * 1000) AS BIGINT)) FROM 3), 1, 6), 52, 1), 53, 1), 'hex') AS UUID) AS encode_1, vsmhub_hub.slug AS slug, vsmhub_hub.hub_kind AS hub_kind, vsmhub_hub.name AS name, vsmhub_hub.domain AS domain, vsmhub_hub.description AS description, vsmhub_hub.hub_family AS hub_family, vsmhub_hub.vsm_function AS vsm_function, vsmhub_hub.vsm_system AS vsm_system 
FROM vsmhub_hub ON CONFLICT (slug) DO UPDATE SET name = excluded.name, domain = excluded.domain, hub_family = excluded.hub_family, vsm_function = excluded.vsm_function, vsm_system = excluded.vsm_system, description = excluded.description, updated_at = now(), revision = (hubs.revision + 1) WHERE hubs.name IS DISTINCT FROM excluded.name OR hubs.domain IS DISTINCT FROM excluded.domain OR hubs.description IS DISTINCT FROM excluded.description OR hubs.hub_family IS DISTINCT FROM excluded.hub_family OR hubs.vsm_function IS DISTINCT FROM excluded.vsm_function OR hubs.vsm_system IS DISTINCT FROM excluded.vsm_system RETURNING hubs.id, hubs.slug, hubs.name, hubs.domain, hubs.hub_kind, hubs.hub_family, hubs.vsm_function, hubs.vsm_system, hubs.description, hubs.created_at, hubs.updated_at, hubs.revision), 
"old" AS 
(SELECT hubs.id AS id, hubs.slug AS slug, hubs.name AS name, hubs.domain AS domain, hubs.hub_kind AS hub_kind, hubs.hub_family AS hub_family, hubs.vsm_function AS vsm_function, hubs.vsm_system AS vsm_system, hubs.description AS description, hubs.created_at AS created_at, hubs.updated_at AS updated_at, hubs.revision AS revision 
FROM hubs 
WHERE hubs.slug = (SELECT vsmhub_hub.slug 
FROM vsmhub_hub))
 INSERT INTO vsmhub_written (action, kind, object_id, hub_id, before, after) SELECT CASE WHEN ("old".id IS NOT NULL) THEN 'update' ELSE 'create' END AS anon_1, 'hubs' AS anon_2, "new".id, "new".id AS id__1, CASE WHEN ("old".id IS NOT NULL) THEN to_jsonb("old") ELSE CAST(NULL AS JSONB) END AS anon_3, to_jsonb("new") AS to_jsonb_1 
FROM "new" LEFT OUTER JOIN "old" ON "old".id = "new".id ORDER BY "new".id;
\endif

-- The hub; its manifest tells the classification.
\if :has_vsm_columns
\else
WITH "new" AS 
(INSERT INTO hubs (id, slug, hub_kind, name, domain, description) SELECT CAST(encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()), SUBSTRING(int8send(CAST(floor(EXTRACT(epoch FROM clock_timestamp()) * 1000) AS BIGINT)) FROM 3), 1, 6), 52, 1), 53, 1), 'hex') AS UUID) AS encode_1, vsmhub_hub.slug AS slug, vsmhub_hub.hub_kind AS hub_kind, vsmhub_hub.name AS name, vsmhub_hub.domain AS domain, vsmhub_hub.description AS description 
FROM vsmhub_hub ON CONFLICT (slug) DO UPDATE SET name = excluded.name, domain = excluded.domain, description = excluded.description, updated_at = now(), revision = (hubs.revision + 1) WHERE hubs.name IS DISTINCT FROM excluded.name OR hubs.domain IS DISTINCT FROM excluded.domain OR hubs.description IS DISTINCT FROM excluded.description RETURNING hubs.id, hubs.slug, hubs.name, hubs.domain, hubs.hub_kind, hubs.description, hubs.created_at, hubs.updated_at, hubs.revision), 
"old" AS 
(SELECT hubs.id AS id, hubs.slug AS slug, hubs.name AS name, hubs.domain AS domain, hubs.hub_kind AS hub_kind, hubs.description AS description, hubs.created_at AS created_at, hubs.updated_at AS updated_at, hubs.revision AS revision 
FROM hubs 
WHERE hubs.slug = (SELECT vsmhub_hub.slug 
FROM vsmhub_hub))
 INSERT INTO vsmhub_written (action, kind, object_id, hub_id, before, after) SELECT CASE WHEN ("old".id IS NOT NULL) THEN 'update' ELSE 'create' END AS anon_1, 'hubs' AS anon_2, "new".id, "new".id AS id__1, CASE WHEN ("old".id IS NOT NULL) THEN to_jsonb("old") ELSE CAST(NULL AS JSONB) END AS anon_3, to_jsonb("new") AS to_jsonb_1 
FROM "new" LEFT OUTER JOIN "old" ON "old".id = "new".id ORDER BY "new".id;
\endif

-- Its manifest, as a draft.
WITH "new" AS 
(INSERT INTO hub_capability_manifests (id, hub_id, version, status, widget_types, event_types, annotation_categories, policy_scopes, capability) SELECT CAST(encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()), SUBSTRING(int8send(CAST(floor(EXTRACT(epoch FROM clock_timestamp()) * 1000) AS BIGINT)) FROM 3), 1, 6), 52, 1), 53, 1), 'hex') AS UUID) AS encode_1, hubs.id AS id, vsmhub_hub.version AS version, 'draft' AS anon_4, array((SELECT vsmhub_names.name 
FROM vsmhub_names 
WHERE vsmhub_names.kind = 'widget_types' ORDER BY vsmhub_names.place)) AS array_1, array((SELECT vsmhub_names.name 
FROM vsmhub_names 
WHERE vsmhub_names.kind = 'event_types' ORDER BY vsmhub_names.place)) AS array_2, array((SELECT vsmhub_names.name 
FROM vsmhub_names 
WHERE vsmhub_names.kind = 'annotation_categories' ORDER BY vsmhub_names.place)) AS array_3, array((SELECT vsmhub_names.name 
FROM vsmhub_names 
WHERE vsmhub_names.kind = 'policy_scopes' ORDER BY vsmhub_names.place)) AS array_4, vsmhub_hub.capability AS capability 
FROM vsmhub_hub JOIN hubs ON hubs.slug = vsmhub_hub.slug ON CONFLICT (hub_id, version) DO UPDATE SET widget_types = excluded.widget_types, event_types = excluded.event_types, annotation_categories = excluded.annotation_categories, policy_scopes = excluded.policy_scopes, capability = excluded.capability, updated_at = now(), revision = (hub_capability_manifests.revision + 1) WHERE hub_capability_manifests.status = 'draft' AND (hub_capability_manifests.widget_types IS DISTINCT FROM excluded.widget_types OR hub_capability_manifests.event_types IS DISTINCT FROM excluded.event_types OR hub_capability_manifests.annotation_categories IS DISTINCT FROM excluded.annotation_categories OR hub_capability_manifests.policy_scopes IS DISTINCT FROM excluded.policy_scopes OR hub_capability_manifests.capability IS DISTINCT FROM excluded.capability) RETURNING hub_capability_manifests.id, hub_capability_manifests.hub_id, hub_capability_manifests.version, hub_capability_manifests.status, hub_capability_manifests.widget_types, hub_capability_manifests.event_types, hub_capability_manifests.annotation_categories, hub_capability_manifests.policy_scopes, hub_capability_manifests.capability, hub_capability_manifests.activated_at, hub_capability_manifests.created_at, hub_capability_manifests.updated_at, hub_capability_manifests.revision), 
"old" AS 
(SELECT hub_capability_manifests.id AS id, hub_capability_manifests.hub_id AS hub_id, hub_capability_manifests.version AS version, hub_capability_manifests.status AS status, hub_capability_manifests.widget_types AS widget_types, hub_capability_manifests.event_types AS event_types, hub_capability_manifests.annotation_categories AS annotation_categories, hub_capability_manifests.policy_scopes AS policy_scopes, hub_capability_manifests.capability AS capability, hub_capability_manifests.activated_at AS activated_at, hub_capability_manifests.created_at AS created_at, hub_capability_manifests.updated_at AS updated_at, hub_capability_manifests.revision AS revision 
FROM hub_capability_manifests 
WHERE hub_capability_manifests.hub_id = (SELECT hubs.id 
FROM hubs 
WHERE hubs.slug = (SELECT vsmhub_hub.slug 
FROM vsmhub_hub)) AND hub_capability_manifests.version = (SELECT vsmhub_hub.version 
FROM vsmhub_hub))
 INSERT INTO vsmhub_written (action, kind, object_id, hub_id, before, after) SELECT CASE WHEN ("old".id IS NOT NULL) THEN 'update' ELSE 'create' END AS anon_1, 'hub-capability-manifests' AS anon_2, "new".id, "new".hub_id, CASE WHEN ("old".id IS NOT NULL) THEN to_jsonb("old") ELSE CAST(NULL AS JSONB) END AS anon_3, to_jsonb("new") AS to_jsonb_1 
FROM "new" LEFT OUTER JOIN "old" ON "old".id = "new".id ORDER BY "new".id;

-- The manifest that the draft takes the place of.
WITH "new" AS 
(UPDATE hub_capability_manifests SET status='superseded', updated_at=now(), revision=(hub_capability_manifests.revision + 1) WHERE hub_capability_manifests.hub_id = (SELECT hubs.id 
FROM hubs 
WHERE hubs.slug = (SELECT vsmhub_hub.slug 
FROM vsmhub_hub)) AND hub_capability_manifests.status = 'active' AND (EXISTS (SELECT * 
FROM hub_capability_manifests AS draft 
WHERE draft.hub_id = (SELECT hubs.id 
FROM hubs 
WHERE hubs.slug = (SELECT vsmhub_hub.slug 
FROM vsmhub_hub)) AND draft.version = (SELECT vsmhub_hub.version 
FROM vsmhub_hub) AND draft.status = 'draft')) RETURNING hub_capability_manifests.id, hub_capability_manifests.hub_id, hub_capability_manifests.version, hub_capability_manifests.status, hub_capability_manifests.widget_types, hub_capability_manifests.event_types, hub_capability_manifests.annotation_categories, hub_capability_manifests.policy_scopes, hub_capability_manifests.capability, hub_capability_manifests.activated_at, hub_capability_manifests.created_at, hub_capability_manifests.updated_at, hub_capability_manifests.revision), 
"old" AS 
(SELECT hub_capability_manifests.id AS id, hub_capability_manifests.hub_id AS hub_id, hub_capability_manifests.version AS version, hub_capability_manifests.status AS status, hub_capability_manifests.widget_types AS widget_types, hub_capability_manifests.event_types AS event_types, hub_capability_manifests.annotation_categories AS annotation_categories, hub_capability_manifests.policy_scopes AS policy_scopes, hub_capability_manifests.capability AS capability, hub_capability_manifests.activated_at AS activated_at, hub_capability_manifests.created_at AS created_at, hub_capability_manifests.updated_at AS updated_at, hub_capability_manifests.revision AS revision 
FROM hub_capability_manifests 
WHERE hub_capability_manifests.hub_id = (SELECT hubs.id 
FROM hubs 
WHERE hubs.slug = (SELECT vsmhub_hub.slug 
FROM vsmhub_hub)) AND hub_capability_manifests.status = 'active' AND (EXISTS (SELECT * 
FROM hub_capability_manifests AS draft 
WHERE draft.hub_id = (SELECT hubs.id 
FROM hubs 
WHERE hubs.slug = (SELECT vsmhub_hub.slug 
FROM vsmhub_hub)) AND draft.version = (SELECT vsmhub_hub.version 
FROM vsmhub_hub) AND draft.status = 'draft')))
 INSERT INTO vsmhub_written (action, kind, object_id, hub_id, before, after) SELECT CASE WHEN ("old".id IS NOT NULL) THEN 'supersede' ELSE 'create' END AS anon_1, 'hub-capability-manifests' AS anon_2, "new".id, "new".hub_id, CASE WHEN ("old".id IS NOT NULL) THEN to_jsonb("old") ELSE CAST(NULL AS JSONB) END AS anon_3, to_jsonb("new") AS to_jsonb_1 
FROM "new" LEFT OUTER JOIN "old" ON "old".id = "new".id ORDER BY "new".id;

-- The draft takes effect.
WITH "new" AS 
(UPDATE hub_capability_manifests SET status='active', activated_at=now(), updated_at=now(), revision=(hub_capability_manifests.revision + 1) WHERE hub_capability_manifests.hub_id = (SELECT hubs.id 
FROM hubs 
WHERE hubs.slug = (SELECT vsmhub_hub.slug 
FROM vsmhub_hub)) AND hub_capability_manifests.version = (SELECT vsmhub_hub.version 
FROM vsmhub_hub) AND hub_capability_manifests.status = 'draft' RETURNING hub_capability_manifests.id, hub_capability_manifests.hub_id, hub_capability_manifests.version, hub_capability_manifests.status, hub_capability_manifests.widget_types, hub_capability_manifests.event_types, hub_capability_manifests.annotation_categories, hub_capability_manifests.policy_scopes, hub_capability_manifests.capability, hub_capability_manifests.activated_at, hub_capability_manifests.created_at, hub_capability_manifests.updated_at, hub_capability_manifests.revision), 
"old" AS 
(SELECT hub_capability_manifests.id AS id, hub_capability_manifests.hub_id AS hub_id, hub_capability_manifests.version AS version, hub_capability_manifests.status AS status, hub_capability_manifests.widget_types AS widget_types, hub_capability_manifests.event_types AS event_types, hub_capability_manifests.annotation_categories AS annotation_categories, hub_capability_manifests.policy_scopes AS policy_scopes, hub_capability_manifests.capability AS capability, hub_capability_manifests.activated_at AS activated_at, hub_capability_manifests.created_at AS created_at, hub_capability_manifests.updated_at AS updated_at, hub_capability_manifests.revision AS revision 
FROM hub_capability_manifests 
WHERE hub_capability_manifests.hub_id = (SELECT hubs.id 
FROM hubs 
WHERE hubs.slug = (SELECT vsmhub_hub.slug 
FROM vsmhub_hub)) AND hub_capability_manifests.version = (SELECT vsmhub_hub.version 
FROM vsmhub_hub) AND hub_capability_manifests.status = 'draft')
 INSERT INTO vsmhub_written (action, kind, object_id, hub_id, before, after) SELECT CASE WHEN ("old".id IS NOT NULL) THEN 'activate' ELSE 'create' END AS anon_1, 'hub-capability-manifests' AS anon_2, "new".id, "new".hub_id, CASE WHEN ("old".id IS NOT NULL) THEN to_jsonb("old") ELSE CAST(NULL AS JSONB) END AS anon_3, to_jsonb("new") AS to_jsonb_1 
FROM "new" LEFT OUTER JOIN "old" ON "old".id = "new".id ORDER BY "new".id;

-- The names that it declares.
INSERT INTO declared_names (kind, name, hub_id, manifest_id, status) SELECT vsmhub_names.kind, vsmhub_names.name, hub_capability_manifests.hub_id, hub_capability_manifests.id, 'active' AS anon_1 
FROM vsmhub_names JOIN hub_capability_manifests ON hub_capability_manifests.hub_id = (SELECT hubs.id 
FROM hubs 
WHERE hubs.slug = (SELECT vsmhub_hub.slug 
FROM vsmhub_hub)) AND hub_capability_manifests.version = (SELECT vsmhub_hub.version 
FROM vsmhub_hub) ON CONFLICT (kind, name) DO UPDATE SET manifest_id = excluded.manifest_id, status = excluded.status WHERE declared_names.hub_id = excluded.hub_id AND (declared_names.manifest_id != excluded.manifest_id OR declared_names.status != excluded.status);

-- Names that it no longer declares stay the hub's own.
UPDATE declared_names SET status='retired' WHERE declared_names.hub_id = (SELECT hubs.id 
FROM hubs 
WHERE hubs.slug = (SELECT vsmhub_hub.slug 
FROM vsmhub_hub)) AND declared_names.status = 'active' AND NOT (EXISTS (SELECT * 
FROM vsmhub_names 
WHERE vsmhub_names.kind = declared_names.kind AND vsmhub_names.name = declared_names.name));

-- Stop here if another hub has claimed a name meanwhile.
INSERT INTO vsmhub_refusals (reason) SELECT vsmhub_names.name || ' (' || replace(vsmhub_names.kind, '_', ' ') || ') belongs to ' || hubs.slug AS anon_1 
FROM vsmhub_names JOIN declared_names ON declared_names.kind = vsmhub_names.kind AND declared_names.name = vsmhub_names.name JOIN hubs ON hubs.id = declared_names.hub_id 
WHERE hubs.slug != (SELECT vsmhub_hub.slug 
FROM vsmhub_hub);

DO $$
DECLARE
  said text;
BEGIN
  SELECT string_agg(reason, E'\n' ORDER BY reason) INTO said FROM vsmhub_refusals;
  IF said IS NOT NULL THEN
    RAISE EXCEPTION E'nothing has been changed:\n%', said;
  END IF;
END
$$;

-- The API consumer. Its key is made by Inter-Hub alone.
WITH "new" AS 
(INSERT INTO api_consumers (id, hub_id, manifest_id, name, status) SELECT CAST(encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()), SUBSTRING(int8send(CAST(floor(EXTRACT(epoch FROM clock_timestamp()) * 1000) AS BIGINT)) FROM 3), 1, 6), 52, 1), 53, 1), 'hex') AS UUID) AS encode_1, hub_capability_manifests.hub_id AS hub_id, hub_capability_manifests.id AS id, vsmhub_hub.consumer AS consumer, 'active' AS anon_4 
FROM vsmhub_hub JOIN hub_capability_manifests ON hub_capability_manifests.hub_id = (SELECT hubs.id 
FROM hubs 
WHERE hubs.slug = (SELECT vsmhub_hub.slug 
FROM vsmhub_hub)) AND hub_capability_manifests.version = (SELECT vsmhub_hub.version 
FROM vsmhub_hub) ON CONFLICT (hub_id, name) DO UPDATE SET manifest_id = excluded.manifest_id, status = excluded.status, updated_at = now(), revision = (api_consumers.revision + 1) WHERE api_consumers.manifest_id IS DISTINCT FROM excluded.manifest_id OR api_consumers.status IS DISTINCT FROM excluded.status RETURNING api_consumers.id, api_consumers.hub_id, api_consumers.manifest_id, api_consumers.name, api_consumers.status, api_consumers.created_at, api_consumers.updated_at, api_consumers.revision), 
"old" AS 
(SELECT api_consumers.id AS id, api_consumers.hub_id AS hub_id, api_consumers.manifest_id AS manifest_id, api_consumers.name AS name, api_consumers.status AS status, api_consumers.created_at AS created_at, api_consumers.updated_at AS updated_at, api_consumers.revision AS revision 
FROM api_consumers 
WHERE api_consumers.hub_id = (SELECT hubs.id 
FROM hubs 
WHERE hubs.slug = (SELECT vsmhub_hub.slug 
FROM vsmhub_hub)) AND api_consumers.name = (SELECT vsmhub_hub.consumer 
FROM vsmhub_hub))
 INSERT INTO vsmhub_written (action, kind, object_id, hub_id, before, after) SELECT CASE WHEN ("old".id IS NOT NULL) THEN 'update' ELSE 'create' END AS anon_1, 'api-consumers' AS anon_2, "new".id, "new".hub_id, CASE WHEN ("old".id IS NOT NULL) THEN to_jsonb("old") ELSE CAST(NULL AS JSONB) END AS anon_3, to_jsonb("new") AS to_jsonb_1 
FROM "new" LEFT OUTER JOIN "old" ON "old".id = "new".id ORDER BY "new".id;

-- The seed widgets.
WITH "new" AS 
(INSERT INTO widgets (id, hub_id, slug, name, widget_type, policy_scope, view_context, metadata, status) SELECT CAST(encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()), SUBSTRING(int8send(CAST(floor(EXTRACT(epoch FROM clock_timestamp()) * 1000) AS BIGINT)) FROM 3), 1, 6), 52, 1), 53, 1), 'hex') AS UUID) AS encode_1, hubs.id AS id, vsmhub_widgets.slug AS slug, vsmhub_widgets.name AS name, vsmhub_widgets.widget_type AS widget_type, vsmhub_widgets.policy_scope AS policy_scope, vsmhub_widgets.view_context AS view_context, vsmhub_widgets.metadata AS metadata, vsmhub_widgets.status AS status 
FROM vsmhub_widgets JOIN hubs ON hubs.slug = (SELECT vsmhub_hub.slug 
FROM vsmhub_hub) ON CONFLICT (hub_id, slug) DO UPDATE SET name = excluded.name, widget_type = excluded.widget_type, policy_scope = excluded.policy_scope, view_context = excluded.view_context, metadata = excluded.metadata, status = excluded.status, updated_at = now(), revision = (widgets.revision + 1) WHERE widgets.name IS DISTINCT FROM excluded.name OR widgets.widget_type IS DISTINCT FROM excluded.widget_type OR widgets.policy_scope IS DISTINCT FROM excluded.policy_scope OR widgets.view_context IS DISTINCT FROM excluded.view_context OR widgets.metadata IS DISTINCT FROM excluded.metadata OR widgets.status IS DISTINCT FROM excluded.status RETURNING widgets.id, widgets.hub_id, widgets.slug, widgets.name, widgets.widget_type, widgets.policy_scope, widgets.view_context, widgets.metadata, widgets.status, widgets.created_at, widgets.updated_at, widgets.revision), 
"old" AS 
(SELECT widgets.id AS id, widgets.hub_id AS hub_id, widgets.slug AS slug, widgets.name AS name, widgets.widget_type AS widget_type, widgets.policy_scope AS policy_scope, widgets.view_context AS view_context, widgets.metadata AS metadata, widgets.status AS status, widgets.created_at AS created_at, widgets.updated_at AS updated_at, widgets.revision AS revision 
FROM widgets 
WHERE widgets.hub_id = (SELECT hubs.id 
FROM hubs 
WHERE hubs.slug = (SELECT vsmhub_hub.slug 
FROM vsmhub_hub)))
 INSERT INTO vsmhub_written (action, kind, object_id, hub_id, before, after) SELECT CASE WHEN ("old".id IS NOT NULL) THEN 'update' ELSE 'create' END AS anon_1, 'widgets' AS anon_2, "new".id, "new".hub_id, CASE WHEN ("old".id IS NOT NULL) THEN to_jsonb("old") ELSE CAST(NULL AS JSONB) END AS anon_3, to_jsonb("new") AS to_jsonb_1 
FROM "new" LEFT OUTER JOIN "old" ON "old".id = "new".id ORDER BY "new".id;

-- The audit trail.
\if :has_audit_records
INSERT INTO audit_records (actor, action, kind, object_id, hub_id, before, after) SELECT 'bootstrap.sql (' || CAST(CURRENT_USER AS TEXT) || ')' AS anon_1, vsmhub_written.action, vsmhub_written.kind, vsmhub_written.object_id, vsmhub_written.hub_id, vsmhub_written.before, vsmhub_written.after 
FROM vsmhub_written ORDER BY vsmhub_written.number;
\endif

-- What has been written; nothing where all was as declared.
SELECT vsmhub_written.action, vsmhub_written.kind, coalesce(vsmhub_written.after ->> 'slug', vsmhub_written.after ->> 'version', vsmhub_written.after ->> 'name') AS name 
FROM vsmhub_written ORDER BY vsmhub_written.number;

COMMIT;
