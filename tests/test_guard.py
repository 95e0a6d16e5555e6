"""What another page of the operator's browser could send is refused before Dagster sees it."""

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from dagster_project.ui.guard import Guard

OWN = "http://127.0.0.1:3000"
JSON = {"content-type": "application/json"}
LINK = {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document", "sec-fetch-site": "cross-site"}


async def answer(request):
    return PlainTextResponse("reached")


async def talk(socket):
    await socket.accept("graphql-transport-ws")
    await socket.send_text("reached")
    await socket.close()


@pytest.fixture(scope="module")
def client():
    routes = [
        Route("/{path:path}", answer, methods=["GET", "POST", "PUT", "OPTIONS"]),
        WebSocketRoute("/graphql", talk),
    ]
    return TestClient(Guard(Starlette(routes=routes), 3000, ["warehouse.example"]), base_url=OWN)


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", "/", {}),
        ("GET", "/gates/index.html", {"sec-fetch-site": "same-origin"}),
        ("GET", "/asset-groups", {"sec-fetch-site": "none", "sec-fetch-mode": "navigate"}),
        ("GET", "/runs/1", LINK),
        ("GET", "/graphql", {}),
        ("POST", "/graphql", JSON),
        ("POST", "/graphql", {"content-type": "application/json; charset=utf-8", "origin": OWN}),
        ("POST", "/graphql", {**JSON, "host": "localhost:3000", "origin": "http://localhost:3000"}),
        ("POST", "/graphql", {**JSON, "host": "[::1]:3000", "sec-fetch-site": "same-origin"}),
        ("POST", "/graphql", {**JSON, "host": "warehouse.example", "origin": "https://warehouse.example"}),
    ],
)
def test_its_own_pages_and_local_programs_get_through(client, method, path, headers):
    assert client.request(method, path, headers=headers).text == "reached"


@pytest.mark.parametrize(
    ("method", "path", "headers", "reason"),
    [
        ("GET", "/", {"host": "evil.example:3000"}, "Host"),
        ("GET", "/", {"host": "127.0.0.1:3001"}, "Host"),
        ("GET", "/", {"host": "127.0.0.1"}, "Host"),
        ("POST", "/graphql", {**JSON, "origin": "http://127.0.0.1:8000"}, "Origin"),
        ("POST", "/graphql", {**JSON, "origin": "http://evil.example"}, "Origin"),
        ("POST", "/graphql", {**JSON, "origin": "null"}, "Origin"),
        ("POST", "/graphql", {**JSON, "origin": "file://"}, "Origin"),
        ("POST", "/graphql", {**JSON, "origin": "http://127.0.0.1:3000.evil.example"}, "Origin"),
        ("POST", "/graphql", {**JSON, "sec-fetch-site": "cross-site"}, "Sec-Fetch-Site"),
        ("POST", "/graphql", {**JSON, "sec-fetch-site": "same-site"}, "Sec-Fetch-Site"),
        ("GET", "/logs/1", {"sec-fetch-site": "cross-site", "sec-fetch-dest": "image"}, "Sec-Fetch-Site"),
        ("GET", "/", {**LINK, "sec-fetch-dest": "iframe"}, "Sec-Fetch-Site"),
        ("POST", "/runs/1", LINK, "Sec-Fetch-Site"),
        ("GET", "/graphql?query=mutation", {}, "GraphQL by GET"),
        ("GET", "/graphql?query=mutation", LINK, "GraphQL by GET"),
        ("GET", "/GraphQL/?query=mutation", {}, "GraphQL by GET"),
        ("HEAD", "/graphql?query=mutation", {}, None),
        ("POST", "/graphql", {}, "Content-Type"),
        ("POST", "/graphql?query=mutation", {"content-type": "text/plain"}, "Content-Type"),
        ("POST", "/graphql", {"content-type": "application/x-www-form-urlencoded"}, "Content-Type"),
        ("POST", "/graphql", {"content-type": "multipart/form-data; boundary=x"}, "Content-Type"),
        ("POST", "/graphql", {"content-type": "text/plain; application/json"}, "Content-Type"),
        ("POST", "/report_asset_materialization/published/tongcheng", JSON, "only come from runs"),
        ("POST", "/report_asset_check/marts/fct_event?check_name=x&passed=true", {}, "only come from runs"),
        ("POST", "/report_asset_observation/raw/areas", JSON, "only come from runs"),
    ],
)
def test_what_no_page_of_its_own_asks_for_is_refused_with_the_reason(client, method, path, headers, reason):
    response = client.request(method, path, headers=headers)
    assert response.status_code == 403
    assert reason is None or reason in response.text


def test_a_doubled_header_matches_nothing(client):
    for name, other in (("host", "127.0.0.1:3000"), ("origin", "http://evil.example")):
        headers = [("host", "127.0.0.1:3000"), ("origin", OWN), ("content-type", "application/json")]
        assert client.post("/graphql", headers=headers).status_code == 200
        assert client.post("/graphql", headers=[*headers, (name, other)]).status_code == 403


@pytest.mark.parametrize("headers", [{}, {"origin": OWN}, {"origin": "http://localhost:3000"}])
def test_its_own_page_may_open_a_socket(client, headers):
    with client.websocket_connect(
        f"ws{OWN[4:]}/graphql", ["graphql-transport-ws"], headers=headers
    ) as socket:
        assert socket.receive_text() == "reached"


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://127.0.0.1:8000"},
        {"origin": "null"},
        {"host": "evil.example"},
        {"origin": OWN, "sec-fetch-site": "cross-site", "sec-fetch-mode": "websocket"},
    ],
)
def test_another_page_may_not_open_a_socket(client, headers):
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect(f"ws{OWN[4:]}/graphql", ["graphql-transport-ws"], headers=headers),
    ):
        pass
