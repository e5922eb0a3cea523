-- Generated from hub.yaml by `vsmhub generate`. Do not edit: change hub.yaml and run `vsmhub generate` again.
--
-- Brings pol-hub into the database of an Inter-Hub, with manifest 0.1.0, its API consumer and its seed widgets:
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

-- What pol-hub is declared to be.
INSERT INTO vsmhub_document (document) SELECT CAST('{
  "hub": {
    "slug": "pol-hub",
    "hub_kind": "domain",
    "name": "Pol Hub",
    "domain": "pol.coulomb.social",
    "hub_family": "vsm",
    "vsm_function": "POL",
    "vsm_system": "S5",
    "description": "Says who the system is and what it will not do, closes what control and intelligence cannot settle between them, and hears the alarms that no level in between may hold up.",
    "consumer": "pol-hub",
    "version": "0.1.0",
    "capability": {
      "hub_family": "vsm",
      "vsm_function": "POL",
      "vsm_system": "S5",
      "scope": {
        "purpose": "Identity, values and ultimate constraints, and the decisions that close an argument",
        "includes": [
          "the identity of the whole, one at a time",
          "values, and constraints that hold whatever happens",
          "decisions where control and intelligence pull apart",
          "the posture that is acceptable now",
          "exceptions, with an end",
          "alarms, and the answer to them"
        ],
        "excludes": [
          {
            "matter": "how operations are run",
            "owner": "ops-hub"
          },
          {
            "matter": "how units get along",
            "owner": "syn-hub"
          },
          {
            "matter": "priorities and resources from day to day",
            "owner": "ctl-hub"
          },
          {
            "matter": "whether a constraint is kept",
            "owner": "aud-hub"
          },
          {
            "matter": "what the future may bring",
            "owner": "int-hub"
          },
          {
            "matter": "who is outside, and what they do",
            "owner": "env-hub"
          }
        ]
      },
      "registration": {
        "event_type": "pol-register-opened",
        "widget": "pol-charter"
      },
      "channels": [
        {
          "kind": "homeostat",
          "to": "ctl-hub",
          "carries": [
            "pol-register-opened",
            "pol-constraint-enacted",
            "pol-decision-made",
            "pol-posture-changed",
            "pol-tension-resolved",
            "pol-exception-granted"
          ],
          "description": "What closes the argument, for the side of the present"
        },
        {
          "kind": "homeostat",
          "to": "int-hub",
          "carries": [
            "pol-identity-affirmed",
            "pol-constraint-enacted",
            "pol-decision-made",
            "pol-posture-changed",
            "pol-tension-resolved"
          ],
          "description": "What closes the argument, for the side of the future"
        },
        {
          "kind": "algedonic",
          "to": "ops-hub",
          "carries": [
            "pol-alarm-acknowledged"
          ],
          "description": "The answer to an alarm"
        },
        {
          "kind": "algedonic",
          "to": "syn-hub",
          "carries": [
            "pol-alarm-acknowledged"
          ],
          "description": "The answer to an alarm"
        },
        {
          "kind": "algedonic",
          "to": "ctl-hub",
          "carries": [
            "pol-alarm-acknowledged"
          ],
          "description": "The answer to an alarm"
        },
        {
          "kind": "algedonic",
          "to": "aud-hub",
          "carries": [
            "pol-alarm-acknowledged"
          ],
          "description": "The answer to an alarm"
        },
        {
          "kind": "algedonic",
          "to": "int-hub",
          "carries": [
            "pol-alarm-acknowledged"
          ],
          "description": "The answer to an alarm"
        },
        {
          "kind": "algedonic",
          "to": "env-hub",
          "carries": [
            "pol-alarm-acknowledged"
          ],
          "description": "The answer to an alarm"
        }
      ],
      "descriptions": {
        "widget_types": {
          "pol-identity": "Who the system is, and for whom",
          "pol-value": "What the system cares about when it has to choose",
          "pol-ultimate-constraint": "What holds whatever happens",
          "pol-decision": "What was decided for the whole, and why",
          "pol-posture": "How much risk and strain is acceptable at present",
          "pol-tension": "Two rightful claims that pull apart",
          "pol-exception": "Leave to depart from a constraint, until a date"
        },
        "event_types": {
          "pol-register-opened": "A charter or register of this hub was set up",
          "pol-identity-affirmed": "Who the system is was looked at again, and stands",
          "pol-constraint-enacted": "A constraint came into force",
          "pol-decision-made": "An argument was closed by a decision",
          "pol-posture-changed": "More or less risk is acceptable now",
          "pol-tension-resolved": "Two claims that pulled apart were reconciled, or one went first",
          "pol-exception-granted": "Leave to depart from a constraint was given, until a date",
          "pol-alarm-acknowledged": "An alarm was heard, and somebody has it in hand",
          "pol-algedonic-raised": "The system itself is in question"
        },
        "annotation_categories": {
          "pol-violation": "Something done against a constraint",
          "pol-identity-conflict": "Something that does not go with who the system is",
          "pol-ambiguity": "A rule that can be read in two ways",
          "pol-exception-expired": "A departure whose leave has run out",
          "pol-value-tradeoff": "One value given up for another, knowingly"
        },
        "policy_scopes": {
          "pol-whole-system": "Holds for everyone",
          "pol-charter-change": "Holds for changes of identity and values",
          "pol-safety": "Holds where people or their data could come to harm",
          "pol-crisis": "Holds while an alarm is open"
        }
      }
    }
  },
  "names": {
    "widget_types": [
      "pol-identity",
      "pol-value",
      "pol-ultimate-constraint",
      "pol-decision",
      "pol-posture",
      "pol-tension",
      "pol-exception"
    ],
    "event_types": [
      "pol-register-opened",
      "pol-identity-affirmed",
      "pol-constraint-enacted",
      "pol-decision-made",
      "pol-posture-changed",
      "pol-tension-resolved",
      "pol-exception-granted",
      "pol-alarm-acknowledged",
      "pol-algedonic-raised"
    ],
    "annotation_categories": [
      "pol-violation",
      "pol-identity-conflict",
      "pol-ambiguity",
      "pol-exception-expired",
      "pol-value-tradeoff"
    ],
    "policy_scopes": [
      "pol-whole-system",
      "pol-charter-change",
      "pol-safety",
      "pol-crisis"
    ]
  },
  "widgets": [
    {
      "slug": "pol-charter",
      "name": "Charter",
      "widget_type": "pol-identity",
      "policy_scope": "pol-charter-change",
      "view_context": "pol-hub/charter",
      "metadata": {
        "answers": [
          "who we are",
          "for whom",
          "what we care about"
        ]
      },
      "status": "active"
    },
    {
      "slug": "pol-constraint-register",
      "name": "Register of constraints",
      "widget_type": "pol-ultimate-constraint",
      "policy_scope": "pol-whole-system",
      "view_context": "pol-hub/registers/constraints",
      "metadata": {
        "answers": [
          "what holds whatever happens",
          "which exceptions there are",
          "until when"
        ]
      },
      "status": "active"
    },
    {
      "slug": "pol-current-posture",
      "name": "Current posture",
      "widget_type": "pol-posture",
      "policy_scope": "pol-whole-system",
      "view_context": "pol-hub/posture/current",
      "metadata": {
        "answers": [
          "how much risk is acceptable now",
          "since when",
          "why"
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
