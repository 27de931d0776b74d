"""The limit to measure by: Starlette and asyncpg, one statement a request, whose JSON the database makes.

No sign-in, no checks, no encryption: what any service on this stack must do, and nothing else.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from typing import Any

import asyncpg
import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from uuid_utils.compat import uuid7

_FIELDS = """c.id, c.version, c.number, c.status, c.outcome, c.method, c.place, c.source, c.category, c.occurred_on,
 c.reported_on, c.accepted_on AS received_on, c.closed_on, c.merged_into, c.channel, c.title, c.summary, c.location,
 c.people_count, (c.amount_claimed / 100.0)::text AS amount_claimed, c.difficulty, c.risk_level, c.forecast,
 string_to_array(nullif(trim(BOTH ',' FROM c.special_groups), ''), ',') AS special_groups, c.organization_id,
 c.external_ids, c.registered_by, c.decline_reason, c.failure_reason, c.remedy_notice_on, c.archived_at"""
_PARTY = """p.id, p.side, p.kind, p.name, p.unknown, p.id_kind, p.sex, p.born_on, p.address, p.consent"""
GET = f"""
SELECT row_to_json(x)::text FROM (SELECT {_FIELDS}, c.refusal_note, c.closure_note,
 (SELECT coalesce(json_agg(m.mediator_id ORDER BY m.position), '[]') FROM case_mediators m WHERE m.case_id = c.id)
 AS mediators,
 (SELECT json_agg(y) FROM (SELECT {_PARTY} FROM parties p WHERE p.case_id = c.id ORDER BY p.position) y) AS parties
 FROM cases c WHERE c.id = $1 AND c.district = $2 AND c.township = $3) x"""
LIST = f"""
SELECT json_build_object('items', coalesce(json_agg(x), '[]'))::text FROM (SELECT {_FIELDS},
 (SELECT json_agg(y) FROM (SELECT p.id, p.side, p.name FROM parties p WHERE p.case_id = c.id ORDER BY p.position) y)
 AS parties
 FROM cases c WHERE c.district = $1 AND c.township = $2 ORDER BY c.reported_on DESC, c.id DESC LIMIT 50) x"""
POST = f"""
WITH c AS (INSERT INTO cases (id, district, township, place, content_hash, version, recorded_at, changed_at, status,
  source, category, title, summary, reported_on, special_groups, external_ids)
 VALUES ($1, left($2, 6), left($2, 9), $2, '-', 1, $3, $3, 'registered', $4, $5, $6, $7, $8, ',', '[]') RETURNING *),
p AS (INSERT INTO parties (id, district, township, place, case_id, position, side, kind, name, unknown, consent)
 SELECT u.id, c.district, c.township, c.place, c.id, u.position - 1, u.side, 'natural_person', u.name, false, 'pending'
 FROM c, unnest($9::uuid[], $10::text[], $11::text[]) WITH ORDINALITY u (id, side, name, position) RETURNING *),
a AS (INSERT INTO audit_records (id, district, township, place, seq, recorded_at, action, role, target_type, target_id,
  target_version, fields)
 SELECT $12, district, township, place, nextval('bench_seq'), $3, 'register_case', 'bench', 'case', id, 1, '[]' FROM c),
e AS (INSERT INTO events (id, district, township, place, seq, type, subject_type, subject_id, recorded_at, facts)
 SELECT $13, district, township, place, nextval('bench_seq'), 'case.registration', 'case', id, $3, '{{}}' FROM c)
SELECT row_to_json(x)::text FROM (SELECT {_FIELDS},
 (SELECT json_agg(y) FROM (SELECT {_PARTY} FROM p ORDER BY p.position) y) AS parties FROM c) x"""


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    async with asyncpg.create_pool(os.environ["BENCH_POSTGRES"], min_size=10, max_size=10) as pool:
        app.state.pool = pool
        yield


def _json(text: str | None, status: int = 200) -> Response:
    return Response(text or "{}", status if text else 404, media_type="application/json")


async def get_case(request: Request) -> Response:
    id, township = request.path_params["id"], request.query_params["township"]
    return _json(await request.app.state.pool.fetchval(GET, id, township[:6], township[:9]))


async def list_cases(request: Request) -> Response:
    township = request.query_params["township"]
    return _json(await request.app.state.pool.fetchval(LIST, township[:6], township[:9]))


async def post_case(request: Request) -> Response:
    body: dict[str, Any] = orjson.loads(await request.body())
    parties = body["parties"]
    values = (
        *(uuid7(), body["place"], datetime.now(UTC), body["source"], body["category"], body["title"], body["summary"]),
        *(date.fromisoformat(body["reported_on"]), [uuid7() for _ in parties], [party["side"] for party in parties]),
        *([party["name"] for party in parties], uuid7(), uuid7()),
    )
    return _json(await request.app.state.pool.fetchval(POST, *values), 201)


app = Starlette(
    routes=[
        Route("/cases", list_cases),
        Route("/cases", post_case, methods=["POST"]),
        Route("/cases/{id:uuid}", get_case),
    ],
    lifespan=lifespan,
)
