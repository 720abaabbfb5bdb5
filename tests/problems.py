"""The one shape of every error of the API."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any


def problem(response, status: int) -> dict[str, Any]:
    """The body of an error, its shape checked."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert set(body) - {"errors", "request_id"} == {"title", "status", "detail"}
    assert ("request_id" in body) == (status == 500)
    assert (body["title"], body["status"]) == (HTTPStatus(status).phrase, status)
    assert body["detail"].strip()
    for sentences in body.get("errors", {}).values():
        assert sentences
        assert all(isinstance(sentence, str) and sentence.strip() for sentence in sentences)
    assert "Traceback" not in response.content.decode()
    return body
