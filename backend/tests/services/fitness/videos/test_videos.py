"""Videos over HTTP: bytes really go to and come from the local AWS."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient
from tests.object_store import FILM, ObjectStage
from tests.services.fitness.accounts import Json, problem

from coachwork.chassis.resources import Resources

VIDEOS = "/api/v1/videos"
PATH = "exercises/barbell-back-squat/beginner.mp4"


def wanted(**changes: object) -> Json:
    """Return the body that announces the film."""
    return {"path": PATH, "content_type": "video/mp4", "size_bytes": len(FILM), **changes}


def posted(upload: Json, content: bytes = FILM) -> int:
    """Post the form as a browser would."""
    files = {"file": ("film.mp4", content, "video/mp4")}
    return httpx.post(upload["url"], data=upload["fields"], files=files, trust_env=False).status_code


class TestUpload:
    """POST /videos."""

    def test_what_goes_up_comes_down(self, admin: TestClient, caller: TestClient) -> None:
        """An administrator uploads; any user downloads the same bytes, as a video."""
        answer = admin.post(VIDEOS, json=wanted())
        assert 201 == answer.status_code
        assert (PATH, 900, 20_000) == tuple(answer.json()[name] for name in ("path", "expires_in_seconds", "max_bytes"))
        assert 204 == posted(answer.json()["upload"])

        film = httpx.get(caller.get(f"{VIDEOS}/{PATH}").json()["url"], trust_env=False)
        assert (200, FILM, "video/mp4") == (film.status_code, film.content, film.headers["content-type"])

    def test_takes_no_larger_film_than_announced(self, admin: TestClient, stage: ObjectStage) -> None:
        """The store refuses it, and nothing is there."""
        upload = admin.post(VIDEOS, json=wanted(size_bytes=10)).json()["upload"]
        assert 400 == posted(upload)
        assert [] == stage.keys()

    def test_refuses_a_size_beyond_the_limit(self, admin: TestClient) -> None:
        """Before anything is signed."""
        answer = admin.post(VIDEOS, json=wanted(size_bytes=20_001))
        assert (422, "video-too-large") == problem(answer)
        assert [{"location": "body/size_bytes", "message": "is at most 20000"}] == answer.json()["errors"]

    @pytest.mark.parametrize(
        ("changes", "location"),
        [
            ({"content_type": "text/html"}, "body/content_type"),
            ({"size_bytes": 0}, "body/size_bytes"),
            ({"path": "../secret.mp4"}, "body/path"),
            ({"path": ""}, "body/path"),
            ({"acl": "public-read"}, "body/acl"),
        ],
    )
    def test_refuses_values(self, admin: TestClient, changes: Json, location: str) -> None:
        """Each names its place."""
        answer = admin.post(VIDEOS, json=wanted(**changes))
        assert 422 == answer.status_code
        assert [location] == [error["location"] for error in answer.json()["errors"]]

    def test_is_for_administrators(self, caller: TestClient) -> None:
        """A user is told so."""
        assert (403, "forbidden") == problem(caller.post(VIDEOS, json=wanted()))

    def test_needs_a_token(self, client: TestClient) -> None:
        """Nobody is told nothing."""
        assert (401, "unauthenticated") == problem(client.post(VIDEOS, json=wanted()))


class TestRead:
    """GET /videos/{path}."""

    def test_describes_it(self, caller: TestClient, stage: ObjectStage) -> None:
        """Everything a player wants to know, and the URL is kept in no cache."""
        stage.put(f"videos/{PATH}", FILM)

        answer = caller.get(f"{VIDEOS}/{PATH}")
        body = answer.json()
        assert (200, "no-store") == (answer.status_code, answer.headers["cache-control"])
        assert (PATH, len(FILM), "video/mp4", 120) == (
            body["path"],
            body["size_bytes"],
            body["content_type"],
            body["expires_in_seconds"],
        )
        assert "X-Amz-Expires=120" in body["url"]
        assert body["updated_at"].endswith("Z")

    @pytest.mark.parametrize("spelling", ["exercises%2Fa%20b+%C3%BC.mp4", "exercises/a b+ü.mp4"])
    def test_takes_any_encoding_of_a_path(self, caller: TestClient, stage: ObjectStage, spelling: str) -> None:
        """An encoded slash is a slash, as encoding a whole path makes it."""
        stage.put("videos/exercises/a b+ü.mp4", FILM)

        answer = caller.get(f"{VIDEOS}/{spelling}")
        assert (200, "exercises/a b+ü.mp4") == (answer.status_code, answer.json()["path"])
        assert FILM == httpx.get(answer.json()["url"], trust_env=False).content

    def test_of_nothing(self, caller: TestClient) -> None:
        """It is not there, though the role may list but one prefix."""
        assert (404, "video-not-found") == problem(caller.get(f"{VIDEOS}/{PATH}"))

    def test_head(self, caller: TestClient, stage: ObjectStage) -> None:
        """HEAD says whether it is there."""
        stage.put(f"videos/{PATH}")
        answers = [caller.head(f"{VIDEOS}/{PATH}"), caller.head(f"{VIDEOS}/else.mp4")]
        assert [(200, b""), (404, b"")] == [(answer.status_code, answer.content) for answer in answers]

    @pytest.mark.parametrize(
        "path",
        [
            "%2e%2e/secret.mp4",
            "a/%2e%2e/%2e%2e/secret.mp4",
            "..%2F..%2Fsecret.mp4",
            "%252e%252e/secret.mp4",
            "%2Fsecret.mp4",
            "a/%2e/b.mp4",
            "a//b.mp4",
            "a/",
            "a%5C..%5Cb.mp4",
            "a%00.mp4",
            "a%09b.mp4",
            "a%E2%80%AEb.mp4",
            "x" * 513,
            "%C3%BC" * 257,
        ],
    )
    def test_refuses_what_is_no_path(self, caller: TestClient, stage: ObjectStage, path: str) -> None:
        """Neither up, nor around, nor beyond."""
        stage.put("secret.mp4")
        assert (422, "invalid-video-path") == problem(caller.get(f"{VIDEOS}/{path}"))

    def test_needs_a_token(self, client: TestClient) -> None:
        """A URL is for users."""
        assert (401, "unauthenticated") == problem(client.get(f"{VIDEOS}/{PATH}"))


class TestList:
    """GET /videos."""

    def test_pages_cover_the_videos_once(self, caller: TestClient, stage: ObjectStage) -> None:
        """By path; what is no video is left out, and a page never ends the list early."""
        paths = [f"{letter}/{'ü' * 200}.mp4" for letter in "abcde"]
        for path in paths:
            stage.put(f"videos/{path}", FILM)
        stage.put("videos/c/", b"")
        stage.put("else/z.mp4")
        found: list[Json] = []
        cursor = None
        while True:
            page = caller.get(VIDEOS, params={"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
            found += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        assert [(path, len(FILM)) for path in paths] == [(one["path"], one["size_bytes"]) for one in found]

    def test_keeps_to_the_prefix(self, caller: TestClient, stage: ObjectStage) -> None:
        """A prefix is a beginning."""
        for path in ("a/1.mp4", "b/2.mp4"):
            stage.put(f"videos/{path}")
        page = caller.get(VIDEOS, params={"prefix": "b/"}).json()
        assert (["b/2.mp4"], None) == ([one["path"] for one in page["items"]], page["next_cursor"])

    @pytest.mark.parametrize("prefix", ["../", "\n", "\ufffe", "%"])
    def test_no_prefix_leads_out(self, caller: TestClient, stage: ObjectStage, prefix: str) -> None:
        """A prefix no path has finds none."""
        stage.put("secret.mp4")
        answer = caller.get(VIDEOS, params={"prefix": prefix})
        assert (200, []) == (answer.status_code, answer.json()["items"])

    @pytest.mark.parametrize("cursor", ["x", "WzFd", "WyJcdTAwMDAiXQ"])
    def test_refuses_a_forged_cursor(self, caller: TestClient, cursor: str) -> None:
        """A cursor is one of ours."""
        assert 422 == caller.get(VIDEOS, params={"cursor": cursor}).status_code


class TestDelete:
    """DELETE /videos/{path}."""

    def test_removes_it(self, admin: TestClient, stage: ObjectStage) -> None:
        """Once; then there is none."""
        stage.put(f"videos/{PATH}")
        assert 204 == admin.delete(f"{VIDEOS}/{PATH}").status_code
        assert [] == stage.keys()
        assert (404, "video-not-found") == problem(admin.delete(f"{VIDEOS}/{PATH}"))

    def test_is_for_administrators(self, caller: TestClient, stage: ObjectStage) -> None:
        """A user is told so, and it stays."""
        stage.put(f"videos/{PATH}")
        assert (403, "forbidden") == problem(caller.delete(f"{VIDEOS}/{PATH}"))
        assert [f"videos/{PATH}"] == stage.keys()


class TestOfAnExercise:
    """GET /exercises/{slug}/videos."""

    def test_lists_its_levels(self, caller: TestClient, stage: ObjectStage) -> None:
        """The easiest first; others' and unconventional ones are not among them."""
        folder = "videos/exercises/barbell-back-squat"
        for name in ("intermediate.mp4", "beginner.mp4", "expert.mp4", "beginner.webm", "old/advanced.mp4"):
            stage.put(f"{folder}/{name}")
        stage.put(f"{folder}-to-box/advanced.mp4")

        items = caller.get("/api/v1/exercises/barbell-back-squat/videos").json()["items"]
        assert ["beginner", "intermediate"] == [one["level"] for one in items]
        assert PATH == items[0]["path"]

    def test_of_one_without(self, caller: TestClient) -> None:
        """No videos is an empty list."""
        answer = caller.get("/api/v1/exercises/barbell-back-squat/videos")
        assert (200, {"items": []}) == (answer.status_code, answer.json())

    def test_of_an_unknown_one(self, caller: TestClient) -> None:
        """No exercise is a 404."""
        assert (404, "exercise-not-found") == problem(caller.get("/api/v1/exercises/moon-walk/videos"))


class TestWithoutAStore:
    """What users see when the deployment is not whole."""

    def test_no_bucket(
        self, resources: Resources, client_for: Callable[..., TestClient], sign_in: Callable[..., Any]
    ) -> None:
        """A 503 that says what is missing."""
        client = client_for(resources)
        answer = client.get(f"{VIDEOS}/{PATH}", headers=sign_in(client))
        assert (503, "object-store-unavailable") == problem(answer)
        assert "S3_BUCKET_NAME" in answer.json()["detail"]

    def test_no_rights(
        self,
        resources: Resources,
        stage: ObjectStage,
        client_for: Callable[..., TestClient],
        sign_in: Callable[..., Any],
    ) -> None:
        """A role that may do nothing is the deployment's fault, not the caller's."""
        powerless = stage.as_role({"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"})
        client = client_for(replace(resources, blobs=lambda _purpose: powerless))
        answer = client.get(f"{VIDEOS}/{PATH}", headers=sign_in(client))
        assert (503, "object-store-unavailable") == problem(answer)
