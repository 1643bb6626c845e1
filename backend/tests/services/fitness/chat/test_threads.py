"""Conversations with the coach: listed, read, renamed and deleted, over HTTP."""

import pytest
from starlette.testclient import TestClient
from tests.services.fitness.turn_calls import NewCaller, ask, threads_of


class TestThreads:
    """Listing, reading, renaming and deleting conversations."""

    def test_two_users_cannot_see_each_other(self, new_caller: NewCaller) -> None:
        """Somebody else's thread does not exist: to read, rename, delete or continue."""
        alice, bob = new_caller(), new_caller()
        thread_id = ask(alice, "How much protein?")["thread_id"]
        url = f"/api/v1/chat/threads/{thread_id}"
        tried = [
            bob.get(url),
            bob.patch(url, json={"title": "Mine"}),
            bob.delete(url),
            bob.post("/api/v1/chat/send", json={"message": "Hi", "thread_id": thread_id}),
        ]
        assert [404] * 4 == [response.status_code for response in tried]
        assert [] == threads_of(bob)
        assert [thread_id] == [thread["id"] for thread in threads_of(alice)]

    def test_pages_follow_one_another(self, caller: TestClient) -> None:
        """The last used first, each once."""
        asked = [ask(caller, f"Question {number} about sleep")["thread_id"] for number in range(3)]
        first = caller.get("/api/v1/chat/threads?limit=2").json()
        rest = caller.get(f"/api/v1/chat/threads?limit=2&cursor={first['next_cursor']}").json()
        assert asked[::-1] == [thread["id"] for thread in [*first["items"], *rest["items"]]]
        assert rest["next_cursor"] is None

    def test_turns_are_paged_too(self, caller: TestClient) -> None:
        """The newest turn first."""
        first = ask(caller, "How much sleep?")
        second = ask(caller, "How much protein?", thread_id=first["thread_id"])
        url = f"/api/v1/chat/threads/{first['thread_id']}"
        page = caller.get(f"{url}?limit=1").json()
        rest = caller.get(f"{url}?limit=1&cursor={page['next_cursor']}").json()
        assert [second["turn_id"], first["turn_id"]] == [turn["turn_id"] for turn in [*page["items"], *rest["items"]]]

    def test_a_thread_is_renamed(self, caller: TestClient) -> None:
        """Only the title changes."""
        url = f"/api/v1/chat/threads/{ask(caller, 'How much sleep?')['thread_id']}"
        assert "Sleep" == caller.patch(url, json={"title": " Sleep "}).json()["title"]
        assert "Sleep" == caller.get(url).json()["thread"]["title"]

    def test_a_deleted_thread_is_gone(self, caller: TestClient) -> None:
        """With its turns, at once."""
        url = f"/api/v1/chat/threads/{ask(caller, 'How much sleep?')['thread_id']}"
        assert [204, 404, 404] == [
            caller.delete(url).status_code,
            caller.get(url).status_code,
            caller.delete(url).status_code,
        ]

    @pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "cursor=forged", "cursor="])
    def test_a_bad_page_is_refused(self, caller: TestClient, query: str) -> None:
        """Each is a 422."""
        assert 422 == caller.get(f"/api/v1/chat/threads?{query}").status_code
