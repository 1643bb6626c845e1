"""The functions that are measured."""

import json
from dataclasses import replace

import pytest
from benchmarks.image_environment import VARIANTS, event, function

from rehearsal.runtime import ExecutionEnvironment


class TestVariants:
    """Four functions, one question."""

    @pytest.mark.parametrize("name", VARIANTS)
    def test_answer_alike(self, name: str) -> None:
        """All answer GET /health with the same, so the same work is measured."""
        patient = replace(function(VARIANTS[name]), init_timeout_seconds=60)
        with ExecutionEnvironment(patient) as environment:
            answer = json.loads(environment.invoke(event("GET", "/health")).payload)

        assert (200, {"status": "ok"}) == (answer["statusCode"], json.loads(answer["body"]))
