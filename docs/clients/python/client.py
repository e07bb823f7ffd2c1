"""Reads a tool with all it builds on, saves an answer, and is refused twice: refusals are data."""

import os
import sys
from pathlib import Path
from typing import Any, NotRequired, TypedDict

import httpx

GATEWAY = os.environ.get("GATEWAY", "http://127.0.0.1:8000")
OPERATIONS = Path(__file__).parents[1].joinpath("operations.graphql").read_text("utf-8")


class Named(TypedDict):
    """Whatever has a name."""

    name: str


class Dependency(TypedDict):
    """A value that a tool builds on."""

    label: str
    value: Any
    available: bool
    stale: bool
    sourceTool: Named


class Problem(TypedDict):
    """An answer that does not fit its question."""

    path: str
    message: str


class Saved(TypedDict):
    """What became of a save: ``__typename`` says which of the others are there."""

    __typename: str
    message: NotRequired[str]
    submission: NotRequired[dict[str, Any]]
    currentVersion: NotRequired[int]
    missing: NotRequired[list[dict[str, Named]]]
    problems: NotRequired[list[Problem]]


class Fault(Exception):
    """What ``errors`` holds is no refusal: an unknown field, too many requests, or our own mistake."""


class Graph:
    """The gateway, as one person asks it."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def ask(self, operation: str, **variables: Any) -> Any:
        """The data of an operation of operations.graphql. Raises ``Fault`` and what httpx raises."""
        response = self._client.post(
            "/graphql", json={"query": OPERATIONS, "operationName": operation, "variables": variables}
        )
        answer = response.json()
        if "errors" in answer:
            said = " ".join(error["message"] for error in answer["errors"])
            raise Fault(f"{response.status_code}: {said} (request {response.headers['X-Request-Id']})")
        return answer["data"]

    def sign_in(self) -> None:
        """Go on with the token of the environment, or with one for the address and the password there."""
        token = os.environ.get("TOKEN")
        if not token:
            login = self.ask("SignIn", email=os.environ.get("EMAIL", ""), password=os.environ.get("PASSWORD", ""))[
                "login"
            ]
            if login["__typename"] != "SignedIn":
                raise Fault(login["message"])
            token = login["accessToken"]
        self._client.headers["Authorization"] = f"Bearer {token}"


def told(saved: Saved) -> str:
    """The outcome, for people. A refusal that is added later has a message, too."""
    match saved["__typename"]:
        case "SubmissionSaved":
            return f"Saved: version {saved['submission']['version']}"
        case "StaleVersion":
            return f"Refused: somebody saved version {saved['currentVersion']} meanwhile"
        case "Locked":
            return f"Refused: locked until {', '.join(each['tool']['name'] for each in saved['missing'])}"
        case "InvalidAnswers":
            return "Refused: " + "; ".join(f"{each['path']} {each['message']}" for each in saved["problems"])
        case _:
            return f"Refused: {saved['message']}"


def main() -> None:
    """Read, save, save again with the version from before, save what is locked."""
    with httpx.Client(base_url=GATEWAY, timeout=10) as client:
        graph = Graph(client)
        graph.sign_in()
        viewer = graph.ask("ReadProductDevelopment")["viewer"]
        tool = viewer["productDevelopment"]
        version = tool["submission"]["version"] if tool["submission"] else 0
        print(f"{viewer['fullName']}: {tool['name']} is {tool['progress']['status']}, version {version}")
        dependencies: list[Dependency] = tool["dependencies"]
        for each in dependencies:
            notes = ("" if each["available"] else ", not there") + (", stale" if each["stale"] else "")
            print(f"  {each['label']} of {each['sourceTool']['name']}{notes}")
        answers = {"portfolio": {"keep": ["Oven planner"], "drop": ["Paper order book"]}}
        for _ in range(2):
            print(told(graph.ask("SaveProductDevelopment", answers=answers, version=version)["saveProductDevelopment"]))
        prices = {"anchorPrice": {"amount": 490, "of": "a night baker"}}
        print(told(graph.ask("SavePricing", answers=prices, version=0)["savePricing"]))


if __name__ == "__main__":
    try:
        main()
    except (Fault, httpx.HTTPError) as error:
        sys.exit(str(error))
