"""The handler with SnapStart: what a snapshot of it holds, and what is new in every copy."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any
from uuid import uuid4

import boto3
import psycopg
import pytest
from psycopg import sql
from tests.conftest import APP_PASSWORD, SEEDS, TestDatabase
from tests.lambda_events import rest_api

from coachwork.bootstrap import bootstrap
from coachwork.chassis.settings import Settings
from coachwork.services.fitness.domain.knowledge import COLLECTION
from coachwork.services.fitness.service.library import load_passages, read_passages
from deployment.children import Children
from rehearsal.aws import LocalAws
from rehearsal.runtime import Credentials, ExecutionEnvironment, Function, RestoreError
from rehearsal.vendors.chroma_server import running_chroma
from rehearsal.vendors.openai_api import running_openai
from rehearsal.vendors.openai_script import Behaviour, tool_call

REGION = "eu-central-1"
SECRET = "settings-of-the-snapshots"
PROBE = """
    import gc, random, sys
    import snapshot_restore_py as hooks
    from coachwork.aws_lambda import app, handler as serve
    from coachwork.chassis.http.schemas import ResponseSchema
    from coachwork.chassis.settings import Settings

    def unbuilt(schema):
        mine = [] if schema.__pydantic_complete__ else [schema.__name__]
        return mine + [name for below in schema.__subclasses__() for name in unbuilt(below)]

    random.seed(7)
    seen = {"registered": len(hooks.get_before_snapshot())}

    def look():
        gc.unfreeze()
        kept = [found for found in gc.get_objects() if isinstance(found, Settings)]
        seen.update(settings=len(kept), state=sorted(app.state))

    hooks.get_before_snapshot().insert(0, (look, (), {}))  # the last to run: the order is the reverse

    def handler(event, context):
        if "probe" not in event:
            return serve(event, context)
        told = {"modules": sorted(sys.modules), "chance": random.random(), "loaded": sorted(app.state.loaded)}
        return {**seen, **told, "unbuilt": unbuilt(ResponseSchema)}
"""
HEAVY = {
    "argon2",
    "botocore",
    "coachwork.services.fitness.endpoints.workouts",
    "coachwork.services.knowledge.endpoints.chat",
    "jwt",
    "langgraph.graph",
    "lets_plot",
    "openai",
    "psycopg",
    "psycopg_pool",
}
AN_EMBEDDING = Behaviour()
ACCOUNT = {"password": "a password of a snapshot"}


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """Yield a local AWS."""
    with Children() as children:
        started = LocalAws.start(children, log=tmp_path_factory.mktemp("aws") / "log")
        started.wait()
        yield started
        started.stop()


class Secret:
    """A secret of the local AWS that holds settings."""

    def __init__(self, client: Any, values: dict[str, str]) -> None:
        self._client = client
        self.values = values
        self.name = f"{SECRET}-{uuid4()}"
        client.create_secret(Name=self.name, SecretString=json.dumps(values))

    def rotate(self, **values: str) -> None:
        """Change some of the values."""
        self.values |= values
        self._client.put_secret_value(SecretId=self.name, SecretString=json.dumps(self.values))

    def remove(self) -> None:
        """Delete it at once."""
        self._client.delete_secret(SecretId=self.name, ForceDeleteWithoutRecovery=True)


@pytest.fixture
def secret(aws: LocalAws, environ: dict[str, str]) -> Secret:
    """Return a secret with what the function may not find in its environment."""
    keys = {"aws_access_key_id": "local", "aws_secret_access_key": "local", "region_name": REGION}
    values = {name: environ[name] for name in ("DATABASE_URL", "AUTH_SIGNING_KEYS")} | {"OPENAI_API_KEY": "local"}
    return Secret(boto3.client("secretsmanager", endpoint_url=aws.url, **keys), values)


@pytest.fixture
def function(aws: LocalAws, secret: Secret, lambda_environ: dict[str, str], tmp_path: Path) -> Callable[..., Function]:
    """Return a maker of functions whose secrets are the secret's; what they print is in `log`."""
    (tmp_path / "probed.py").write_text(dedent(PROBE))

    def make(*, has_snapshot: bool = True, **settings: str) -> Function:
        environment = {name: value for name, value in lambda_environ.items() if name not in secret.values}
        environment |= {"COACHWORK_SECRETS_NAME": secret.name, "AWS_ENDPOINT_URL": aws.url} | settings
        return Function(
            "probed.handler",
            Path(sys.executable),
            tmp_path,
            environment,
            region=REGION,
            timeout_seconds=60,
            has_snapshot=has_snapshot,
            credentials=Credentials("local", "local", "local"),
            log=tmp_path / "log",
        )

    return make


@pytest.fixture
def other_login(test_database: TestDatabase) -> Iterator[str]:
    """Yield the name of a login that may do what the application's may, with the same password."""
    name = f"other_{uuid4().hex}"
    with psycopg.connect(test_database.owner_url, autocommit=True) as connection:
        statement = "create role {} login password {} in role coachwork_app"
        connection.execute(sql.SQL(statement).format(sql.Identifier(name), sql.Literal(APP_PASSWORD)))
        yield name
        connection.execute(sql.SQL("drop role {}").format(sql.Identifier(name)))


def load_library(environ: dict[str, str]) -> None:
    """Let the vector index of these settings have a few passages."""
    resources = bootstrap(Settings.load(environ))
    load_passages(resources.vector_index(COLLECTION), resources.embedder(), read_passages(SEEDS)[:5])
    resources.close()


def email() -> str:
    """Return an address nobody has."""
    return f"{uuid4()}@example.com"


def asked(environment: ExecutionEnvironment) -> dict[str, Any]:
    """Return what the probe tells."""
    told: dict[str, Any] = json.loads(environment.invoke(b'{"probe": true}').payload)
    return told


def sent(environment: ExecutionEnvironment, method: str, path: str, body: Any, **headers: str) -> tuple[int, Any]:
    """Return the status and the body of a request."""
    event = rest_api(method, path, body=json.dumps(body))
    for name, value in {"Content-Type": "application/json", **headers}.items():
        event["headers"][name], event["multiValueHeaders"][name] = value, [value]
    answer = json.loads(environment.invoke(json.dumps(event).encode()).payload)
    return answer["statusCode"], json.loads(answer["body"])


class TestBefore:
    """What a snapshot holds."""

    def test_holds_what_requests_want(self, function: Callable[..., Function]) -> None:
        """Every service and every SDK is there before the first request."""
        with ExecutionEnvironment(function(OPENAI_API_KEY="local")) as environment:
            told = asked(environment)

        assert set() == HEAVY - set(told["modules"])
        assert {"/api/v1/chat", "/api/v1/knowledge/chat"} <= set(told["loaded"])
        assert [] == told["unbuilt"]

    def test_holds_no_secret(self, function: Callable[..., Function]) -> None:
        """No settings, no resources, no counters, and no connection."""
        with ExecutionEnvironment(function()) as environment:
            told = asked(environment)

        assert (0, ["loaded", "services"]) == (told["settings"], told["state"])
        assert 0 == environment.snapshot_connections

    def test_on_demand(self, function: Callable[..., Function]) -> None:
        """Without a snapshot nothing is registered, nor imported or built for it."""
        with ExecutionEnvironment(function(has_snapshot=False)) as environment:
            told = asked(environment)

        assert 0 == told["registered"]
        assert "coachwork.chassis.snapshots" not in told["modules"]
        assert set() == (HEAVY - {"botocore"}) & set(told["modules"])
        assert told["unbuilt"]


class TestAfter:
    """What is new in every copy."""

    def test_reads_secrets_anew(
        self, function: Callable[..., Function], secret: Secret, test_database: TestDatabase, other_login: str
    ) -> None:
        """A login that took the first one's place after the snapshot is the one that the new pool uses."""
        environment = ExecutionEnvironment(function())
        environment.start()
        secret.rotate(DATABASE_URL=test_database.server.url(user=other_login, password=APP_PASSWORD))
        with environment:
            status, body = sent(environment, "POST", "/api/v1/users/register", ACCOUNT | {"email": email()})
            with psycopg.connect(test_database.owner_url) as connection:
                query = "select count(*) from pg_stat_activity where usename = %s"
                [(connections,)] = connection.execute(query, [other_login]).fetchall()

        assert (201, 1) == (status, connections), body

    def test_imports_nothing_for_a_chat(
        self, function: Callable[..., Function], environ: dict[str, str], tmp_path: Path
    ) -> None:
        """An answer and a plan find everything in place: what they would import belongs into the snapshot."""
        with running_openai() as openai, running_chroma(tmp_path / "chroma") as chroma_url:
            vendors = {"OPENAI_BASE_URL": openai.url, "CHROMA_HTTP_URL": chroma_url}
            load_library({**environ, **vendors, "OPENAI_API_KEY": "local", "CHROMA_PATH": ""})
            described = function(**vendors)
            with ExecutionEnvironment(described) as environment:
                before = set(asked(environment)["modules"])
                account = ACCOUNT | {"email": email()}
                sent(environment, "POST", "/api/v1/users/register", account)
                _, signed_in = sent(environment, "POST", "/api/v1/users/login", account)
                token = {"Authorization": f"Bearer {signed_in['access_token']}"}
                answers = [sent(environment, "POST", "/api/v1/chat/send", {"message": "How deep?"}, **token)]
                openai.script(AN_EMBEDDING, tool_call("build_plan", {"days_per_week": 3}))
                answers += [sent(environment, "POST", "/api/v1/chat/send", {"message": "A plan, please."}, **token)]
                after = set(asked(environment)["modules"])

        assert [200, 200] == [status for status, _ in answers], answers
        assert [[], ["build_plan"]] == [[run["name"] for run in body["tool_runs"]] for _, body in answers]
        assert [] == sorted(after - before), "\n".join(sorted(after - before))

    def test_has_randomness_of_its_own(self, function: Callable[..., Function]) -> None:
        """A generator seeded before the snapshot is seeded again."""
        with ExecutionEnvironment(function()) as one, ExecutionEnvironment(function()) as other:
            assert asked(one)["chance"] != asked(other)["chance"]

    def test_a_secret_that_is_gone(self, function: Callable[..., Function], secret: Secret) -> None:
        """Without its settings a copy does not wake, and says which variable is to blame."""
        environment = ExecutionEnvironment(function())
        environment.start()
        secret.remove()
        with pytest.raises(RestoreError, match="COACHWORK_SECRETS_NAME"), environment:
            pass


class TestCopies:
    """Two copies of one snapshot."""

    def test_differ(self, lambda_environ: dict[str, str]) -> None:
        """Forked after the hooks before, with the state of each generator as it was, they agree on nothing."""
        program = """
            import json, os, random, sys
            import coachwork.aws_lambda
            from awslambdaric.lambda_runtime_hooks_runner import run_after_restore, run_before_snapshot
            run_before_snapshot()
            from coachwork.chassis.ids import uuid7
            state = random.getstate()
            for copy in range(2):
                reading, writing = os.pipe()
                if not (pid := os.fork()):
                    random.setstate(state)  # a fork is given a seed of its own; a copy of a machine is not
                    run_after_restore()
                    os.write(writing, json.dumps([random.random(), str(uuid7())[-12:]]).encode())
                    os._exit(0)
                os.waitpid(pid, 0)
                print("told", os.read(reading, 1000).decode(), flush=True)
        """
        environ = {
            **lambda_environ,
            "AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start",
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        asked = [sys.executable, "-W", "ignore", "-c", dedent(program)]
        told = subprocess.run(asked, env=environ, capture_output=True, text=True, check=True).stdout
        one, other = [json.loads(line.removeprefix("told ")) for line in told.splitlines() if line.startswith("told ")]

        assert [] == [same for same in zip(one, other, strict=True) if same[0] == same[1]]
