"""One real deployment, stood up once: used from another terminal, broken as somebody would break it, and put back."""

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from time import sleep
from typing import Any

import psycopg
import pytest
from tests.terraform import copied_sources, needs_terraform

from deployment.progress import Lines
from rehearsal.scenarios.background import write_environment
from rehearsal.scenarios.errors import StepFailed
from rehearsal.scenarios.rehearsal import Rehearsal
from rehearsal.scenarios.target import Target
from rehearsal.scenarios.workspace import Workspace

pytestmark = [needs_terraform, pytest.mark.long(seconds=200)]

FUNCTION = "coachwork-prod-api"
ROLE = "coachwork-prod-api-eu-central-1"
BUCKET = "coachwork-prod-videos-123456789012-eu-central-1"
SECRET = "coachwork-prod-settings"


@dataclass(frozen=True)
class Standing:
    """What stands: the rehearsal, the file another terminal sources, and the Terraform."""

    rehearsal: Rehearsal
    environment: Path
    sources: Path

    def client(self, service: str) -> Any:
        """Return a client of a service of its AWS."""
        return self.rehearsal.session.client(service, endpoint_url=self.rehearsal.aws_url)

    def terminal(self, command: str) -> "subprocess.CompletedProcess[str]":
        """Run a line in another terminal, after `. env`."""
        lines = f". {self.environment}\n{command}"
        path = {"PATH": os.environ["PATH"]}
        return subprocess.run(["/bin/sh", "-c", lines], env=path, capture_output=True, text=True, check=False)

    def complaint(self) -> str:
        """Return what the rehearsal says of what stands now."""
        with pytest.raises(StepFailed) as failed:
            self.rehearsal.require_well(lambda _: None)
        return str(failed.value)


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    """Deploy once; end it with everything it started."""
    folder = tmp_path_factory.mktemp("standing")
    workspace = Workspace(folder / "state")
    sources = copied_sources(folder / "terraform")
    with workspace.held() as lock:
        rehearsal = Rehearsal(Target(sources=sources), workspace, lock, os.environ, Lines(StringIO()))
        try:
            rehearsal.set_up()
            yield Standing(rehearsal, write_environment(rehearsal, workspace), sources)
        finally:
            rehearsal.tear_down()


@contextmanager
def changed(standing: Standing, **configuration: object) -> Iterator[None]:
    """Change the function's configuration, publish it and point its alias there; put all that back afterwards."""
    client = standing.client("lambda")
    name = {"FunctionName": FUNCTION}
    found = client.get_function_configuration(**name)
    before = {
        "Environment": {"Variables": found["Environment"]["Variables"]},
        "ImageConfig": found.get("ImageConfigResponse", {}).get("ImageConfig", {}),
        "MemorySize": found["MemorySize"],
        "Timeout": found["Timeout"],
    }
    version = client.get_alias(**name, Name="live")["FunctionVersion"]
    client.update_function_configuration(**name, **configuration)
    published = client.publish_version(**name)["Version"]
    client.update_alias(**name, Name="live", FunctionVersion=published)
    try:
        yield
    finally:
        client.update_alias(**name, Name="live", FunctionVersion=version)
        client.delete_function(**name, Qualifier=published)
        client.update_function_configuration(**name, **before)


@contextmanager
def secret_without(standing: Standing, name: str) -> Iterator[None]:
    """Take a value out of the secret, and put it back afterwards."""
    client = standing.client("secretsmanager")
    whole = client.get_secret_value(SecretId=SECRET)["SecretString"]
    kept = {key: value for key, value in json.loads(whole).items() if key != name}
    client.put_secret_value(SecretId=SECRET, SecretString=json.dumps(kept))
    try:
        yield
    finally:
        client.put_secret_value(SecretId=SECRET, SecretString=whole)


@contextmanager
def statements(standing: Standing, change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> Iterator[None]:
    """Change the statements of the role's policy, and put them back afterwards."""
    iam = standing.client("iam")
    [policy] = iam.list_role_policies(RoleName=ROLE)["PolicyNames"]
    name = {"RoleName": ROLE, "PolicyName": policy}
    document = iam.get_role_policy(**name)["PolicyDocument"]
    other = {**document, "Statement": change(document["Statement"])}
    iam.put_role_policy(**name, PolicyDocument=json.dumps(other))
    try:
        yield
    finally:
        iam.put_role_policy(**name, PolicyDocument=json.dumps(document))


class TestTryOut:
    """What stands, tried out."""

    def test_all_is_well(self, standing: Standing) -> None:
        """The smoke test passes, nothing is denied, every statement is used, and a second plan is empty."""
        [line] = standing.rehearsal.smoke_test()
        assert line.startswith(f"{FUNCTION}: ")
        assert " of 1769 MB" in line


class TestAnotherTerminal:
    """What the printed commands do."""

    def test_functions(self, standing: Standing) -> None:
        """AWS's SDK lists the function, and invoking it runs it."""
        script = (
            "import boto3, json\n"
            "client = boto3.client('lambda')\n"
            "[function] = client.list_functions()['Functions']\n"
            "event = {'httpMethod': 'GET', 'path': '/health', 'headers': {}, 'body': None, 'isBase64Encoded': False,\n"
            "         'resource': '/', 'queryStringParameters': None, 'multiValueQueryStringParameters': None,\n"
            "         'multiValueHeaders': {}, 'requestContext': {'identity': {'sourceIp': '127.0.0.1'}}}\n"
            "name = function['FunctionName']\n"
            "answer = client.invoke(FunctionName=name, Qualifier='live', Payload=json.dumps(event))\n"
            "print(name, answer['StatusCode'], answer['Payload'].read().decode())\n"
        )
        ran = standing.terminal(f"{shutil.which('python3')} - <<'END'\n{script}END")
        assert "" == ran.stderr
        assert ran.stdout.startswith(f"{FUNCTION} 200 ")

    def test_logs(self, standing: Standing) -> None:
        """Its log group has its own JSON lines, and Lambda's START and REPORT."""
        pages = (
            standing.client("logs").get_paginator("filter_log_events").paginate(logGroupName=f"/aws/lambda/{FUNCTION}")
        )
        lines = [event["message"] for page in pages for event in page["events"]]
        assert [line for line in lines if line.startswith("START RequestId: ")]
        assert [line for line in lines if line.startswith("REPORT RequestId: ") and "Init Duration: " in line]
        own = [json.loads(line) for line in lines if line.startswith("{")]
        assert {"INFO"} <= {line["level"] for line in own if "level" in line}

    def test_a_stale_lock(self, standing: Standing) -> None:
        """A killed Terraform leaves its lock: the next says whose it is, and force-unlock takes it away."""
        chdir = f"terraform -chdir={standing.sources}"
        state = {"Bucket": "coachwork-state-123456789012-eu-central-1", "Key": "prod/terraform.tfstate.tflock"}
        s3 = standing.client("s3")
        lines = f". {standing.environment}\nexec {chdir} plan -input=false"
        path = {"PATH": os.environ["PATH"]}
        with subprocess.Popen(
            ["/bin/sh", "-c", lines], env=path, stdout=subprocess.PIPE, start_new_session=True
        ) as first:
            while not s3.list_objects_v2(Bucket=state["Bucket"], Prefix=state["Key"])["KeyCount"]:
                assert first.poll() is None
                sleep(0.02)
            os.killpg(first.pid, signal.SIGKILL)
        held = json.loads(s3.get_object(**state)["Body"].read())

        refused = standing.terminal(f"{chdir} plan -input=false")
        assert 1 == refused.returncode
        assert "Error acquiring the state lock" in refused.stderr
        assert held["ID"] in refused.stderr

        unlocked = standing.terminal(f"{chdir} force-unlock -force {held['ID']}")
        assert (0, "") == (unlocked.returncode, unlocked.stderr)
        assert 0 == s3.list_objects_v2(Bucket=state["Bucket"], Prefix=state["Key"])["KeyCount"]


class TestBroken:
    """What somebody breaks is seen, and its cause told first."""

    def test_a_removed_statement(self, standing: Standing) -> None:
        """What the role may not do, and the statement that would allow it."""
        with statements(standing, lambda found: [one for one in found if one["Sid"] != "RemoveVideos"]):
            told = standing.complaint()
        assert f"denied: {ROLE} may not s3:DeleteObject on arn:aws:s3:::{BUCKET}/videos/smoke/" in told
        assert 'it would need: DeleteObject = { actions = ["s3:DeleteObject"], resources = [' in told
        assert "upload by an admin: DELETE /api/v1/videos/smoke/" in told

    def test_a_wrong_handler(self, standing: Standing) -> None:
        """The handler that cannot be loaded."""
        with changed(standing, ImageConfig={"Command": ["coachwork.aws_lambda.handel"]}):
            told = standing.complaint()
        assert told.splitlines()[1:3] == [
            f"    {FUNCTION}: its handler cannot be loaded: Handler 'handel' missing on module 'coachwork.aws_lambda'",
            "    liveness: GET /health answered 502 where 200 was expected, 3 times",
        ]

    def test_too_little_time(self, standing: Standing) -> None:
        """How long it had, and what to raise: the database is slower than that, for nobody may write to a table."""
        url = standing.rehearsal.dependencies.secret_values["DATABASE_URL"]
        with changed(standing, Timeout=4), psycopg.connect(url) as connection:
            connection.execute("set role authenticated")
            connection.execute("lock table public.workouts in share mode")
            told = standing.complaint()
        assert f"{FUNCTION}: it ran into its timeout of 4 s; give it more (timeout_seconds), or find" in told
        assert "workout: POST /api/v1/workouts-db/ answered 50" in told

    def test_a_missing_value(self, standing: Standing) -> None:
        """The variable that is missing from the secret."""
        with secret_without(standing, "DATABASE_URL"):
            told = standing.complaint()
        first, second = told.splitlines()[1:3]
        assert f"{FUNCTION}: it refuses its configuration: The configuration is not usable:" == first.strip()
        assert second.strip().startswith("DATABASE_URL: ")

    def test_a_deleted_secret(self, standing: Standing) -> None:
        """The secret that is not there."""
        client = standing.client("secretsmanager")
        client.delete_secret(SecretId=SECRET, RecoveryWindowInDays=30)
        try:
            told = standing.complaint()
        finally:
            client.restore_secret(SecretId=SECRET)
        first, second = told.splitlines()[1:3]
        assert f"{FUNCTION}: it refuses its configuration: The configuration is not usable:" == first.strip()
        assert "COACHWORK_SECRETS_NAME: could not be read: InvalidRequestException" == second.strip()

    def test_no_origins(self, standing: Standing) -> None:
        """The origin that is not let in, and the setting that would."""
        found = standing.client("lambda").get_function_configuration(FunctionName=FUNCTION)["Environment"]["Variables"]
        others = {name: value for name, value in found.items() if name != "CORS_ORIGINS"}
        with changed(standing, Environment={"Variables": others}):
            told = standing.complaint()
        words = "OPTIONS /api/v1/chat/send answered a page of https://app.example.com with 405"
        assert f"front end (CORS): {words}" == told.splitlines()[1].strip()
        assert "CORS_ORIGINS and the variable cors_origins want the front end's origin" in told

    def test_too_little_memory(self, standing: Standing) -> None:
        """How much it had, and what to raise: the first chat loads what needs more."""
        with changed(standing, MemorySize=128):
            told = standing.complaint()
        assert (
            f"{FUNCTION}: it ran out of its 128 MB of memory; give it more (memory_mb)" == told.splitlines()[1].strip()
        )
        assert "chat with citations: POST /api/v1/chat/send answered 502 where 200 was expected" in told


class TestPutBack:
    """After all that, it is as it was deployed."""

    def test_permissions(self, standing: Standing) -> None:
        """Of two statements, taken away in turn, one is not missed: the one that nobody needs.

        That is said once the smoke test passes again, with everything put back.
        """
        query = {"Sid": "QueryTables", "Effect": "Allow", "Action": "dynamodb:Query", "Resource": "*"}
        with statements(standing, lambda found: [*found, query]), pytest.raises(StepFailed) as failed:
            standing.rehearsal.verify_statements({"QueryTables", "ReadSettings"})
        told = f"Each permission is needed failed:\n    nobody missed these:\n    {ROLE}: QueryTables"
        assert told == str(failed.value)

    def test_plan(self, standing: Standing) -> None:
        """Terraform finds nothing to do."""
        planned = standing.terminal(f"terraform -chdir={standing.sources} plan -detailed-exitcode -input=false")
        assert (0, "") == (planned.returncode, planned.stderr)
        assert "No changes." in planned.stdout
