"""The vocabulary of ops-hub, manifest version 1.0.0.

Generated from hub.yaml by `vsmhub generate`. Do not edit: change hub.yaml and run `vsmhub generate` again.
"""

from enum import StrEnum


class WidgetType(StrEnum):
    """What evidence of ops-hub can be about."""

    ENVIRONMENT = "ops-environment"
    """A place in which services run under one set of rules."""

    HOST = "ops-host"
    """A machine with addresses of its own."""

    CLUSTER = "ops-cluster"
    """A Kubernetes cluster and what it runs on."""

    SERVICE = "ops-service"
    """Something that others rely on, wherever it is deployed."""

    SERVICE_CATALOG = "ops-service-catalog"
    """The list of services with owner, place, access and proof of health."""

    ENDPOINT = "ops-endpoint"
    """An address at which a service answers."""

    RELEASE = "ops-release"
    """A version of a service as it is deployed."""

    BACKUP_SET = "ops-backup-set"
    """The backups that protect one store of data."""

    SECRET_SET = "ops-secret-set"
    """Where a group of secrets is kept, with key names only."""

    RUNBOOK = "ops-runbook"
    """A procedure that an operator follows."""

    INCIDENT = "ops-incident"
    """A disturbance of a service, from noticing it to closing it."""

    READINESS_GATE = "ops-readiness-gate"
    """A condition that evidence must meet before something moves on."""

    MIGRATION_WAVE = "ops-migration-wave"
    """A group of services that move together."""

    RISK = "ops-risk"
    """Something that may go wrong, with what is done about it."""


class EventType(StrEnum):
    """What ops-hub can report."""

    INVENTORY_REGISTERED = "ops-inventory-registered"
    """Something was entered into the inventory for the first time."""

    INVENTORY_UPDATED = "ops-inventory-updated"
    """An entry of the inventory was changed."""

    SERVICE_DISCOVERED = "ops-service-discovered"
    """A service was found running that the inventory may not hold."""

    HEALTH_CHECKED = "ops-health-checked"
    """A service was asked whether it is well, and answered or did not."""

    RELEASE_OBSERVED = "ops-release-observed"
    """A version was seen running."""

    ENDPOINT_VERIFIED = "ops-endpoint-verified"
    """An endpoint was called, and what came back was compared with what should."""

    BACKUP_VERIFIED = "ops-backup-verified"
    """A backup was found complete and recent enough."""

    RESTORE_TESTED = "ops-restore-tested"
    """Data was brought back from a backup, as a trial."""

    RUNBOOK_EXECUTED = "ops-runbook-executed"
    """A runbook was followed, with its outcome."""

    DRIFT_DETECTED = "ops-drift-detected"
    """What runs was found to differ from what is declared."""

    RISK_RAISED = "ops-risk-raised"
    """A risk was written down."""

    RISK_ACCEPTED = "ops-risk-accepted"
    """A risk was taken knowingly, until a date."""

    READINESS_GATE_UPDATED = "ops-readiness-gate-updated"
    """The evidence for a readiness gate has changed."""

    MIGRATION_GATE_PASSED = "ops-migration-gate-passed"
    """A migration wave met its gate."""

    MIGRATION_GATE_FAILED = "ops-migration-gate-failed"
    """A migration wave did not meet its gate."""


class AnnotationCategory(StrEnum):
    """What people can remark in ops-hub."""

    DRIFT = "ops-drift"
    """What runs is not what is declared."""

    SERVICE_CATALOG_GAP = "ops-service-catalog-gap"
    """The catalog lacks a service, or something about one."""

    BACKUP_GAP = "ops-backup-gap"
    """Data that no backup protects."""

    SECURITY_GAP = "ops-security-gap"
    """A protection that should be there and is not."""

    ROUTING_GAP = "ops-routing-gap"
    """DNS, TLS or ingress that does not lead where it should."""

    SECRET_GAP = "ops-secret-gap"
    """A secret that is missing, too old, or kept outside the governed places."""

    READINESS_BLOCKER = "ops-readiness-blocker"
    """What keeps a readiness gate from being met."""

    MIGRATION_RISK = "ops-migration-risk"
    """What could go wrong in a migration."""

    OBSERVABILITY_GAP = "ops-observability-gap"
    """Something that nobody would notice failing."""

    RECOVERY_GAP = "ops-recovery-gap"
    """Something that could not be brought back."""


class PolicyScope(StrEnum):
    """What rules a widget of ops-hub can be under."""

    LOCAL = "ops-local"
    """Services on the workstation, on which nothing in production may depend for long."""

    TRANSITIONAL_PROD = "ops-transitional-prod"
    """What serves production today and is meant to be replaced."""

    PRODUCTION = "ops-production"
    """What serves production and is meant to stay."""

    THREEPHOENIX = "ops-threephoenix"
    """The production environment that is being built."""

    REGISTRY = "ops-registry"
    """Container images and packages, and who may publish them."""

    SECRETS = "ops-secrets"
    """Where secrets may be kept, and how they are rotated."""

    BACKUP_RETENTION = "ops-backup-retention"
    """How long backups are kept, and how often a restore is tried."""


class Widget(StrEnum):
    """The widgets that ops-hub has from the start."""

    ENV_LOCAL = "ops-env-local"
    """Local workstation (`ops-environment`)."""

    ENV_COULOMBCORE = "ops-env-coulombcore"
    """CoulombCore (`ops-environment`)."""

    ENV_RAILIANCE01 = "ops-env-railiance01"
    """Railiance01 (`ops-environment`)."""

    ENV_THREEPHOENIX_PROD = "ops-env-threephoenix-prod"
    """ThreePhoenix production (`ops-environment`)."""

    HOST_COULOMBCORE = "ops-host-coulombcore"
    """CoulombCore server (`ops-host`)."""

    HOST_RAILIANCE01 = "ops-host-railiance01"
    """Railiance01 server (`ops-host`)."""

    SERVICE_CATALOG = "ops-service-catalog"
    """Service catalog (`ops-service-catalog`)."""

    SERVICE_GITEA = "ops-service-gitea"
    """Gitea (`ops-service`)."""

    SERVICE_STATE_HUB = "ops-service-state-hub"
    """State Hub (`ops-service`)."""

    SERVICE_INTER_HUB = "ops-service-inter-hub"
    """Inter-Hub (`ops-service`)."""

    ENDPOINT_GITEA_REGISTRY = "ops-endpoint-gitea-registry"
    """Gitea OCI registry endpoint (`ops-endpoint`)."""

    READINESS_GITEA_REGISTRY = "ops-readiness-gitea-registry"
    """Gitea registry readiness (`ops-readiness-gate`)."""

    READINESS_STATE_HUB_CLUSTER_DEPLOY = "ops-readiness-state-hub-cluster-deploy"
    """State Hub cluster deployment readiness (`ops-readiness-gate`)."""

    MIGRATION_COULOMBCORE_TO_THREEPHOENIX = "ops-migration-coulombcore-to-threephoenix"
    """CoulombCore to ThreePhoenix (`ops-migration-wave`)."""

    HOST_WORKSTATION = "ops-host-workstation"
    """Local workstation (`ops-host`)."""

    CLUSTER_COULOMBCORE = "ops-cluster-coulombcore"
    """Kubernetes on CoulombCore (`ops-cluster`)."""

    CLUSTER_RAILIANCE01 = "ops-cluster-railiance01"
    """Kubernetes on Railiance01 (`ops-cluster`)."""

    CLUSTER_THREEPHOENIX = "ops-cluster-threephoenix"
    """Kubernetes of ThreePhoenix (`ops-cluster`)."""

    SERVICE_POSTGRESQL = "ops-service-postgresql"
    """PostgreSQL (CNPG) (`ops-service`)."""

    SERVICE_OPS_BRIDGE = "ops-service-ops-bridge"
    """Ops Bridge (`ops-service`)."""

    ENDPOINT_GITEA_GIT = "ops-endpoint-gitea-git"
    """Gitea Git remote (`ops-endpoint`)."""

    ENDPOINT_INTER_HUB_PAGES = "ops-endpoint-inter-hub-pages"
    """Inter-Hub pages (`ops-endpoint`)."""

    ENDPOINT_INTER_HUB_API = "ops-endpoint-inter-hub-api"
    """Inter-Hub API v2 (`ops-endpoint`)."""

    ENDPOINT_INTER_HUB_OPENAPI = "ops-endpoint-inter-hub-openapi"
    """Inter-Hub OpenAPI document (`ops-endpoint`)."""

    ENDPOINT_INTER_HUB_DOCS = "ops-endpoint-inter-hub-docs"
    """Inter-Hub API documentation (`ops-endpoint`)."""

    ENDPOINT_STATE_HUB = "ops-endpoint-state-hub"
    """State Hub (`ops-endpoint`)."""

    BACKUP_GITEA_DATABASE = "ops-backup-gitea-database"
    """Backup of the database of Gitea (`ops-backup-set`)."""

    BACKUP_GITEA_SHARED_STORAGE = "ops-backup-gitea-shared-storage"
    """Backup of the shared storage of Gitea (`ops-backup-set`)."""

    BACKUP_STATE_HUB_DATABASE = "ops-backup-state-hub-database"
    """Backup of the database of State Hub (`ops-backup-set`)."""

    BACKUP_INTER_HUB_DATABASE = "ops-backup-inter-hub-database"
    """Backup of the database of Inter-Hub (`ops-backup-set`)."""

    SECRETS_GITEA_HELM_VALUES = "ops-secrets-gitea-helm-values"
    """Encrypted Helm values of Gitea (`ops-secret-set`)."""

    SECRETS_GITEA_PACKAGE_TOKEN = "ops-secrets-gitea-package-token"
    """Package token of the registry (`ops-secret-set`)."""

    SECRETS_SOPS_AGE_KEYS = "ops-secrets-sops-age-keys"
    """SOPS and age keys (`ops-secret-set`)."""

    SECRETS_OPS_HUB_API_KEY = "ops-secrets-ops-hub-api-key"
    """Static API key of ops-hub (`ops-secret-set`)."""

    SECRETS_INTER_HUB_OPERATOR_KEY = "ops-secrets-inter-hub-operator-key"
    """Operator key of Inter-Hub (`ops-secret-set`)."""

    SECRETS_RAILIANCE01_ACCESS = "ops-secrets-railiance01-access"
    """Access to Railiance01 (`ops-secret-set`)."""

    RUNBOOK_BOOTSTRAP_PAGES = "ops-runbook-bootstrap-pages"
    """Bootstrap of ops-hub in the pages of Inter-Hub (`ops-runbook`)."""

    RUNBOOK_BOOTSTRAP_SQL = "ops-runbook-bootstrap-sql"
    """Bootstrap of ops-hub by SQL, the fallback (`ops-runbook`)."""

    RUNBOOK_BOOTSTRAP_SMOKE = "ops-runbook-bootstrap-smoke"
    """Bootstrap and smoke test of ops-hub (`ops-runbook`)."""

    RUNBOOK_PRODUCTION_GATE_PROBE = "ops-runbook-production-gate-probe"
    """Probe of the production API gate (`ops-runbook`)."""

    RUNBOOK_DEPLOY = "ops-runbook-deploy"
    """Deploy (`ops-runbook`)."""

    RUNBOOK_RESTORE = "ops-runbook-restore"
    """Restore (`ops-runbook`)."""

    RUNBOOK_ROTATE = "ops-runbook-rotate"
    """Rotate secrets (`ops-runbook`)."""

    RUNBOOK_INCIDENT_RESPONSE = "ops-runbook-incident-response"
    """Respond to an incident (`ops-runbook`)."""

    RUNBOOK_ROLLBACK = "ops-runbook-rollback"
    """Roll back to CoulombCore (`ops-runbook`)."""

    RISK_SCATTERED_KNOWLEDGE = "ops-risk-scattered-knowledge"
    """Knowledge of operations is scattered (`ops-risk`)."""

    RISK_NO_SERVICE_CATALOG = "ops-risk-no-service-catalog"
    """There is no service catalog (`ops-risk`)."""

    RISK_REGISTRY_PUBLISHING_UNPROVEN = "ops-risk-registry-publishing-unproven"
    """Publishing to the registry is unproven (`ops-risk`)."""

    RISK_RAILIANCE01_OUT_OF_REACH = "ops-risk-railiance01-out-of-reach"
    """Railiance01 cannot be reached by its operator (`ops-risk`)."""

    RISK_INTER_HUB_BEHIND_ITS_SOURCE = "ops-risk-inter-hub-behind-its-source"
    """Inter-Hub in production is older than its source (`ops-risk`)."""

    RISK_BACKUPS_UNKNOWN = "ops-risk-backups-unknown"
    """Nobody knows whether data could be restored (`ops-risk`)."""

    READINESS_DNS_AND_TLS = "ops-readiness-dns-and-tls"
    """DNS and TLS are codified (`ops-readiness-gate`)."""

    READINESS_SERVICE_CATALOG = "ops-readiness-service-catalog"
    """Service catalog entries exist (`ops-readiness-gate`)."""

    READINESS_BACKUP_AND_RESTORE = "ops-readiness-backup-and-restore"
    """Persistent data has evidence of backup and restore (`ops-readiness-gate`)."""

    READINESS_SECRETS = "ops-readiness-secrets"
    """Secrets and SOPS/age keys are governed (`ops-readiness-gate`)."""

    READINESS_CLUSTER_AND_PLATFORM = "ops-readiness-cluster-and-platform"
    """Cluster runtime and platform services are recreated (`ops-readiness-gate`)."""

    READINESS_ROLLBACK = "ops-readiness-rollback"
    """The rollback path is documented (`ops-readiness-gate`)."""

    READINESS_RUNBOOKS = "ops-readiness-runbooks"
    """Operator runbooks exist (`ops-readiness-gate`)."""
