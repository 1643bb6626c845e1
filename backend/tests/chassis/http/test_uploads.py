"""A file in a request, by itself or in a form; and how large a body may be, by who takes it."""

from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest
from fastapi import APIRouter
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from coachwork.chassis.errors import MalformedRequest
from coachwork.chassis.http.services import Endpoints, Service
from coachwork.chassis.http.uploads import Upload, UploadedFile, parsed
from coachwork.chassis.resources import Resources
from coachwork.main import create_app

_FILE = 'Content-Disposition: form-data; name="file"\r\n\r\n'
router = APIRouter()


@router.post("/wide/echo")
@router.post("/narrow/echo")
def post_echo(upload: UploadedFile) -> int:
    """Say how many bytes the file has."""
    return len(upload.content)


@pytest.fixture
def echo(resources: Resources) -> Iterator[TestClient]:
    """Yield a client of a service, one part of which takes more than the default."""
    service = Service(
        "echo",
        (Endpoints("/wide", lambda: [router], max_request_bytes=5_000), Endpoints("/narrow", lambda: [router])),
    )
    settings = resources.settings.model_copy(update={"max_request_bytes": 1_000, "root_path": "/stage"})
    with TestClient(create_app(replace(resources, settings=settings), [service])) as client:
        yield client


def _form(boundary: str, *parts: str) -> bytes:
    return "".join(f"--{boundary}\r\n{part}\r\n" for part in parts).encode() + f"--{boundary}--\r\n".encode()


class TestForms:
    """multipart/form-data."""

    @given(st.binary(), st.text(st.characters(codec="utf-8")))
    def test_what_a_client_sends_is_read(self, content: bytes, note: str) -> None:
        """Any bytes and any text come back as they were sent, by a client of somebody else's making."""
        request = httpx.Request("POST", "http://test", files={"file": ('a;b".csv', content)}, data={"note": note})
        expected = Upload(content, {"note": note}, "a;b%22.csv")  # as HTML has it, which calls for no decoding
        assert expected == parsed(request.headers["content-type"], request.read())

    @given(st.binary(max_size=300))
    def test_any_body(self, body: bytes) -> None:
        """What is no form is refused and nothing worse."""
        for whole in (body, b"--x\r\n" + body, b'--x\r\nContent-Disposition: form-data; name="file"' + body):
            with pytest.raises(MalformedRequest):
                parsed("multipart/form-data; boundary=x", whole.replace(b"--x--", b""))

    @pytest.mark.parametrize(
        ("content_type", "body"),
        [
            ("multipart/form-data", b""),
            ("multipart/form-data; boundary=", b""),
            ("multipart/form-data; boundary=x", b"--x--\r\n"),
            ("multipart/form-data; boundary=x", _form("x", "Content-Disposition: form-data\r\n\r\nno name")),
            ("multipart/form-data; boundary=x", _form("x", "X: " + "y" * 3_000 + "\r\n\r\nlong head")),
            ("multipart/form-data; boundary=x", _form("x", *[_FILE] * 30)),
            ("multipart/form-data; boundary=x", _form("x", _FILE, _FILE)),
        ],
    )
    def test_no_whole_form(self, content_type: str, body: bytes) -> None:
        """A form says where its parts end, what they are called, has some at most, and each of them once."""
        with pytest.raises(MalformedRequest):
            parsed(content_type, body)

    @pytest.mark.parametrize("value", [b"\xff", b"x" * 200_001])
    def test_no_text(self, value: bytes) -> None:
        """Fields beside the file are short text."""
        request = httpx.Request("POST", "http://test", files={"file": b"x", "note": (None, value)})
        with pytest.raises(MalformedRequest):
            parsed(request.headers["content-type"], request.read())

    @pytest.mark.parametrize("content_type", ["", "text/csv", "text/csv; charset=utf-8", "application/json", "x"])
    def test_any_other_body_is_the_file(self, content_type: str) -> None:
        """Whatever it is said to be."""
        assert Upload(b"content") == parsed(content_type, b"content")


class TestLimits:
    """How large a body may be."""

    @pytest.mark.parametrize(
        ("path", "size", "status"),
        [
            ("/wide/echo", 5_000, 200),
            ("/stage/wide/echo", 5_000, 200),
            ("/wide/echo", 5_001, 413),
            ("/narrow/echo", 1_000, 200),
            ("/narrow/echo", 1_001, 413),
        ],
    )
    @pytest.mark.parametrize("declared", [True, False])
    def test_each_part_has_its_own(self, echo: TestClient, path: str, size: int, status: int, declared: bool) -> None:
        """A part that says how much it takes is held to that, the others to the default, declared or not."""
        content = b"x" * size if declared else (b"x" for _ in range(size))
        answer = echo.post(path, content=content)
        assert status == answer.status_code
        assert 200 == status or "application/problem+json" == answer.headers["content-type"]
