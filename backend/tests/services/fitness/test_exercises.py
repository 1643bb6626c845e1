"""The exercise library over HTTP."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

EXERCISES = "/api/v1/exercises"


def _every_page(client: TestClient, **filters: object) -> Iterator[dict]:
    cursor = None
    while True:
        page = client.get(EXERCISES, params={**filters, "limit": 37, "cursor": cursor} if cursor else filters)
        body = page.json()
        yield from body["items"]
        cursor = body["next_cursor"]
        if cursor is None:
            return


class TestList:
    """GET /exercises."""

    def test_needs_a_token(self, client: TestClient) -> None:
        """Without a token the library is closed."""
        response = client.get(EXERCISES)
        assert (401, "Bearer") == (response.status_code, response.headers["www-authenticate"])

    def test_pages_cover_the_library_once(self, caller: TestClient, library: list[dict]) -> None:
        """Following the cursors yields every exercise exactly once, by name."""
        names = [exercise["name"] for exercise in _every_page(caller, limit=37)]
        assert sorted(exercise["name"] for exercise in library) == names

    def test_muscle_is_a_primary_one(self, caller: TestClient) -> None:
        """A muscle filter finds exercises that have it among their primary muscles."""
        found = list(_every_page(caller, muscle="biceps"))
        assert found
        assert all("biceps" in exercise["primary_muscles"] for exercise in found)

    def test_values_of_a_filter_widen_it(self, caller: TestClient) -> None:
        """Two muscles find what either finds."""
        either = {one["slug"] for one in _every_page(caller, muscle=["biceps", "calves"], limit=100)}
        expected = {
            one["slug"] for muscle in ("biceps", "calves") for one in _every_page(caller, muscle=muscle, limit=100)
        }
        assert expected == either

    def test_equipment_is_what_the_caller_has(self, caller: TestClient) -> None:
        """Everything found can be done with the items named and nothing else."""
        found = list(_every_page(caller, equipment=["dumbbell", "bench"]))
        assert {"dumbbell", "bench"} == {item for exercise in found for item in exercise["equipment"]}
        assert any(not exercise["equipment"] for exercise in found)

    def test_none_is_the_body_alone(self, caller: TestClient) -> None:
        """`equipment=none` finds what needs nothing."""
        found = list(_every_page(caller, equipment="none"))
        assert found
        assert all(not exercise["equipment"] for exercise in found)

    def test_filters_narrow_together(self, caller: TestClient) -> None:
        """Each further filter has to hold as well."""
        filters = {"movement": "squat", "level": "beginner", "muscle": "quadriceps"}
        found = list(_every_page(caller, **filters))
        assert found
        assert all(
            one["movement"] == "squat" and one["level"] == "beginner" and "quadriceps" in one["primary_muscles"]
            for one in found
        )

    def test_text_finds_words_of_names_and_aliases(self, caller: TestClient, library: list[dict]) -> None:
        """Words match in any order, case and mixture of name and aliases."""
        with_alias = next(exercise for exercise in library if exercise["aliases"])
        words = f"{with_alias['aliases'][0].upper()} {with_alias['name'].split()[-1]}"
        assert with_alias["slug"] in {one["slug"] for one in _every_page(caller, q=words)}

    @pytest.mark.parametrize("text", ["%", "_", "\\", "100%_"])
    def test_text_is_no_pattern(self, caller: TestClient, text: str) -> None:
        """Characters that mean something to LIKE are looked for as they are."""
        assert [] == [one["name"] for one in _every_page(caller, q=text) if text not in one["name"]]

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("muscle", "biceps'--"),
            ("equipment", "spaceship"),
            ("level", "BEGINNER"),
            ("limit", "0"),
            ("limit", "101"),
            ("q", "a\x00b"),
            ("muscles", "biceps"),
        ],
    )
    def test_bad_filters_are_named(self, caller: TestClient, name: str, value: str) -> None:
        """A value or a filter that is none answers 422 and says where."""
        response = caller.get(EXERCISES, params={name: value})
        assert 422 == response.status_code
        assert response.json()["errors"][0]["location"].startswith(f"query/{name}")

    @pytest.mark.parametrize("cursor", ["x", "W10", "WyJhIiwgImIiXQ", "bnVsbA", "WyJcdWQ4MDAiLCAiYSJd", "[]", "é"])
    def test_bad_cursors_are_refused(self, caller: TestClient, cursor: str) -> None:
        """A cursor that was never given answers 422."""
        assert 422 == caller.get(EXERCISES, params={"cursor": cursor}).status_code


class TestRead:
    """GET /exercises/{slug_or_id}."""

    def test_by_slug_and_by_id(self, caller: TestClient, library: list[dict]) -> None:
        """Both name the same exercise, described in full."""
        by_slug = caller.get(f"{EXERCISES}/{library[0]['slug']}").json()
        by_id = caller.get(f"{EXERCISES}/{by_slug['id']}").json()
        assert by_slug == by_id
        assert library[0] == {key: by_slug[key] for key in library[0]}

    @pytest.mark.parametrize(
        "key", ["no-such-thing", "00000000-0000-0000-0000-000000000000", "Ünïcode", "..%2fprofile"]
    )
    def test_unknown(self, caller: TestClient, key: str) -> None:
        """What the library does not have answers 404."""
        assert 404 == caller.get(f"{EXERCISES}/{key}").status_code

    def test_nul_byte(self, caller: TestClient) -> None:
        """A NUL byte in the path answers 422."""
        assert 422 == caller.get(f"{EXERCISES}/a%00b").status_code


class TestFacets:
    """GET /exercises/facets."""

    def test_counts_agree_with_the_list(self, caller: TestClient, library: list[dict]) -> None:
        """Each count is the number of exercises that have the value."""
        facets = caller.get(f"{EXERCISES}/facets").json()
        counted = {facet["value"]: facet["count"] for facet in facets["muscle"]}
        expected = sum("glutes" in exercise["primary_muscles"] for exercise in library)
        assert expected == counted["glutes"]
        assert len(library) == sum(facet["count"] for facet in facets["level"])

    def test_counts_what_needs_nothing(self, caller: TestClient, library: list[dict]) -> None:
        """`none` counts the exercises without equipment."""
        equipment = {one["value"]: one["count"] for one in caller.get(f"{EXERCISES}/facets").json()["equipment"]}
        assert sum(not exercise["equipment"] for exercise in library) == equipment["none"]
