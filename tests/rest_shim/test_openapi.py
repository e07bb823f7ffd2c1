"""The OpenAPI document: valid, whole, and what a client that believes it finds."""

import asyncio
import re
import sys
from pathlib import Path
from typing import Any

from openapi_spec_validator import OpenAPIV31SpecValidator

from app.serving import application
from app.settings import Settings
from rest_shim import openapi_document
from tests.rest_shim.documented import Documented
from tests.rest_shim.serving import serving
from tests.rest_shim.test_auth import PUBLIC
from tests.world import World

# And 429 everywhere: requests are limited on every route.
CONTRACT: dict[str, set[int]] = {
    "GET /api/tools": {200, 400, 401},
    "GET /api/tools/{slug}": {200, 400, 401, 404},
    "GET /api/tools/{slug}/data": {200, 400, 401, 403, 404},
    "POST /api/tools/{slug}/data": {200, 201, 400, 401, 403, 404, 409, 413, 415},
    "POST /api/tools/{slug}/submit": {200, 400, 401, 403, 404, 409, 413, 415},
    "GET /api/tools/{slug}/dependencies": {200, 400, 401, 404},
    "GET /api/tools/{slug}/dependencies/metadata": {200, 400, 401, 404},
    "GET /api/tools/{slug}/export": {200, 202, 400, 401, 403, 404, 413, 429, 503},
    "GET /api/tools/{slug}/export/status/{job_id}": {200, 400, 401, 404},
    "POST /api/user/programme-book": {202, 400, 401, 403, 404, 413, 415},
    "GET /api/user/programme-book/status/{job_id}": {200, 400, 401, 404},
    "GET /api/data/{field_id}": {200, 400, 401, 404},
    "GET /api/data/{field_id}/history": {200, 400, 401, 404},
    "GET /api/data/{field_id}/lineage": {200, 400, 401, 404},
    "GET /api/data/{field_id}/impact": {200, 400, 401, 404},
    "POST /api/data/batch": {200, 400, 401, 403, 413, 415},
    "GET /api/user/progress": {200, 401},
    "GET /api/user/next-tool": {200, 401},
    "GET /api/user/stats": {200, 401},
    "GET /api/auth/me": {200, 401},
    "GET /api/toolsave/questions": {200, 400, 401, 404},
    "GET /api/toolsave/load": {200, 400, 401, 404},
    "POST /api/toolsave/save": {200, 400, 401, 403, 404, 413, 415},
    "GET /api/toolsave/dependency": {200, 400, 401, 404},
    "POST /api/toolsave/complete": {200, 400, 401, 403, 404, 409, 413, 415},
    "GET /api/toolsave/completions": {200, 400, 401, 404},
    "GET /api/toolsave/team-unlock": {200, 400, 401, 404},
    "GET /api/auth/permissions": {200, 400, 401},
    "POST /api/auth/refresh": {200, 400, 401, 403, 413, 415},
    "POST /api/auth/logout": {200, 400, 401, 403, 413, 415},
    "POST /api/auth/login": {200, 400, 401, 403, 413, 415},
    "POST /api/auth/forgot": {200, 400, 401, 403, 413, 415},
    "POST /api/auth/reset": {200, 400, 401, 403, 413, 415},
    "POST /api/auth/password": {200, 400, 401, 403, 413, 415},
    "POST /api/auth/register": {200, 400, 401, 403, 413, 415},
    "POST /api/toolsave/identify": {200, 400, 401, 403, 413, 415},
    "POST /api/auth/sso": {201, 400, 401, 403, 413, 415, 503},
    "GET /api/auth/sso": {302, 400, 401, 403},
    "POST /api/learnworlds/webhook": {200, 400, 401, 403, 404, 413, 415, 503},
    "POST /api/ai/help": {200, 400, 401, 403, 404, 413, 415, 502, 503, 504},
    "POST /api/ai/challenge": {200, 400, 401, 403, 404, 413, 415, 502, 503, 504},
    "GET /api/ai/usage": {200, 400, 401, 403},
    "GET /api/dashboard/progress": {200, 401},
    "GET /api/dashboard/submission": {200, 400, 401, 404},
}
REQUIRED = {
    "POST /api/auth/login": {"body", "email", "password"},
    "POST /api/auth/forgot": {"body", "email"},
    "POST /api/auth/reset": {"body", "token", "password"},
    "POST /api/ai/help": {"body", "tool_slug", "question"},
    "POST /api/ai/challenge": {"body", "user_id", "tool_slug"},
    "POST /api/auth/password": {"body", "current_password", "new_password"},
    "POST /api/auth/register": {"body", "token", "name", "password"},
    "POST /api/tools/{slug}/data": {"slug", "body", "data"},
    "POST /api/data/batch": {"body", "field_ids"},
    "POST /api/auth/sso": {"body", "user_id", "email", "name", "timestamp", "signature"},
    "POST /api/learnworlds/webhook": {"body"},
    "GET /api/toolsave/questions": {"tool_slug"},
    "GET /api/toolsave/load": {"tool_slug", "user_id"},
    "POST /api/toolsave/save": {"body", "user_id", "responses"},
    "GET /api/toolsave/dependency": {"reference_key", "user_id"},
    "POST /api/toolsave/complete": {"body", "user_id", "tool_slug"},
    "GET /api/toolsave/completions": {"user_id"},
    "GET /api/toolsave/team-unlock": {"tool_slug", "user_id"},
    "GET /api/dashboard/submission": {"tool_slug"},
}
"""What a request must give; where a route is not named, only what stands in its path."""


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Every operation under its method and path."""
    return {
        f"{method.upper()} {path}": operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def test_the_document_is_valid(documented: Documented) -> None:
    """OpenAPI 3.1, by the letter."""
    assert documented.document["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(documented.document).iter_errors()) == []


def test_the_document_served_is_the_one_generated(documented: Documented, world: World) -> None:
    """What `python -m app openapi` prints."""
    assert documented.document == openapi_document(world.gateway.graph)


def test_every_route_is_there_with_every_status(documented: Documented) -> None:
    """The paths of the contract that there are, no other, and what each may answer."""
    found = {
        name: {int(status) for status in operation["responses"]}
        for name, operation in operations(documented.document).items()
    }
    assert found == {name: statuses | {403, 429} for name, statuses in CONTRACT.items()}


def test_what_is_required_is_marked(documented: Documented) -> None:
    """Parameters, bodies and their members, as the gateway insists on them."""
    for name, operation in operations(documented.document).items():
        body = operation.get("requestBody", {"required": False, "content": {}})
        members: list[str] = next((media["schema"].get("required", []) for media in body["content"].values()), [])
        found = {p["name"] for p in operation["parameters"] if p["required"]} | set(members)
        found |= {"body"} if body["required"] else set()
        assert found == REQUIRED.get(name, set(re.findall(r"{(\w+)}", name))), name


def test_limits_of_the_contract_are_told(documented: Documented) -> None:
    """1 to 50 field ids, field ids by their grammar, versions as whole numbers, which routes are public."""
    found = operations(documented.document)
    batch = found["POST /api/data/batch"]["requestBody"]["content"]["application/json"]["schema"]
    field_ids = batch["properties"]["field_ids"]
    assert (field_ids["minItems"], field_ids["maxItems"]) == (1, 50)
    assert field_ids["items"] == found["GET /api/data/{field_id}"]["parameters"][0]["schema"]
    parameters = {p["name"]: p["schema"] for p in found["POST /api/tools/{slug}/data"]["parameters"]}
    assert parameters["If-Match"]["type"] == "integer"
    public = {name for name, operation in found.items() if {} in operation["security"]}
    assert {name.split()[1] for name in public} == PUBLIC
    for operation in found.values():
        headers = operation["responses"]["429"]["headers"]
        assert headers.keys() >= {"Retry-After", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"}


def test_service_keys_are_told_where_they_may_ask(documented: Documented) -> None:
    """With the person for whom they ask, beside a token; sessions, passwords, help and jobs are for people."""
    schemes = documented.document["components"]["securitySchemes"]
    assert {scheme["name"] for scheme in schemes.values() if scheme["type"] == "apiKey"} == {
        "X-Api-Key",
        "X-On-Behalf-Of",
    }
    for name, operation in operations(documented.document).items():
        for_people = (
            re.search(r"/api/(ai/|auth/(?!me)|learnworlds/|toolsave/identify|user/programme-book)|export/status/", name)
            is not None
        )
        assert ({"apiKey": [], "onBehalfOf": []} in operation["security"]) is not for_people, name


async def test_docs_is_a_page_that_shows_the_document(world: World) -> None:
    """GET /docs, from this host alone."""
    page = await world.client.get("/docs")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "https://" not in page.text


# Every check but one: positive_data_acceptance takes "valid by its schema" for "acceptable", which an unknown question
# id or a rating of 11 is not.
CHECKS = ["--checks", "all", "--exclude-checks", "positive_data_acceptance"]


async def test_schemathesis_finds_nothing(world: World, settings: Settings, tmp_path: Path) -> None:
    """Generated requests, right and wrong, as a person with progress: no 5xx, nothing undocumented, no misfit."""
    person = await world.person(await world.organization(), name="Zoë Ångström")
    await world.complete_before(person, "values")
    told = f"[parameters]\n'query.user_id' = '{person.id}'\n"
    # Without an assistant, help is 503 with the tool's own guidance: that is its answer.
    told += "[[operations]]\ninclude-path = '/api/ai/help'\n"
    told += "checks.not_a_server_error.expected-statuses = ['2xx', '4xx', '503']\n"
    tmp_path.joinpath("schemathesis.toml").write_text(told, "utf-8")
    async with serving(application(world.gateway, settings, world.storage)) as (host, port):
        run = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "schemathesis.cli", "--no-color", "run", f"http://{host}:{port}/openapi.json"),
            *("--header", f"Authorization: Bearer {person.token}", *CHECKS, "--continue-on-failure"),
            *("--max-examples", "5", "--generation-database", "none", "--warnings", "off"),
            cwd=tmp_path,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await run.communicate()
    assert run.returncode == 0, output.decode()
    assert f"Tested: {len(CONTRACT)}" in output.decode()
