"""What a deployment finds around it: AWS, and the services outside it that the functions speak to."""

import json
import secrets
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import psycopg

from deployment.children import Children
from rehearsal.aws import LocalAws
from rehearsal.postgres import EmbeddedPostgres, PostgresError
from rehearsal.scenarios.errors import StepFailed
from rehearsal.scenarios.workspace import PROJECT, Workspace
from rehearsal.vendors.chroma_cloud import running_chroma_cloud
from rehearsal.vendors.chroma_server import ChromaServerError, running_chroma
from rehearsal.vendors.gotrue import GoTrue, serving
from rehearsal.vendors.openai_api import running_openai

ADMIN_EMAIL = "operator@example.com"
_SYSTEM = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ")
_LOGIN = "coachwork_app"


class Dependencies:
    """Local AWS, Postgres as Supabase would run it, Chroma behind a key, Supabase Auth, OpenAI; all on 127.0.0.1.

    Args:
        workspace: where they keep their data and logs.
        children: who ends their processes.
        shell: the user's environment, of which they see what a program needs to run.
    """

    def __init__(self, workspace: Workspace, children: Children, shell: Mapping[str, str]) -> None:
        self._workspace = workspace
        self._children = children
        self._stack = ExitStack()
        self._postgres = EmbeddedPostgres(
            workspace.postgres, durable=False, children=children, log=workspace.log("postgres")
        )
        self._password = secrets.token_urlsafe(24)
        self._values: dict[str, str] = {}
        self.admin_password = secrets.token_urlsafe(24)
        self.aws: LocalAws
        self.system = {name: shell[name] for name in _SYSTEM if shell.get(name)}

    def start_aws(self, minute_seconds: float) -> None:
        """Start the local AWS, a minute of whose deployments and alarms lasts so long; `aws.wait()` till it answers."""
        pace = ["--minute-seconds", str(minute_seconds)]
        self.aws = LocalAws.start(self._children, log=self._workspace.log("aws"), env=self.system, options=pace)

    def start_vendors(self) -> None:
        """Start everything else, migrate the database, load exercises and knowledge, and make an operator's account.

        Raises:
            StepFailed: a part did not start, or a tool failed.
        """
        try:
            self._postgres.start()
            chroma = self._stack.enter_context(running_chroma(self._workspace.folder / "chroma", self._children))
        except (PostgresError, ChromaServerError) as error:
            raise StepFailed("Starting the services outside AWS", str(error)) from error
        chroma_key, openai_key = secrets.token_urlsafe(24), f"sk-{secrets.token_urlsafe(24)}"
        door = self._stack.enter_context(running_chroma_cloud(chroma, chroma_key))
        openai = self._stack.enter_context(running_openai(api_key=openai_key))
        gotrue = GoTrue(users_table=self._postgres.url())
        self._stack.enter_context(serving(gotrue))
        self._values = {
            "AUTH_PROVIDER": "supabase",
            "CHROMA_HTTP_TOKEN": chroma_key,
            "CHROMA_HTTP_URL": door,
            "DATABASE_URL": self._postgres.url(user=_LOGIN, password=self._password),
            "MIGRATION_DATABASE_URL": self._postgres.url(),
            "OPENAI_API_KEY": openai_key,
            "OPENAI_BASE_URL": openai.url,
            "SUPABASE_KEY": gotrue.api_key,
            "SUPABASE_SERVICE_ROLE_KEY": gotrue.service_role_key,
            "SUPABASE_URL": gotrue.url,
        }
        self._run_tool("coachwork.tools.migrate")
        self._run_tool("coachwork.tools.seed")
        self._make_operator(gotrue)

    @property
    def secret_values(self) -> Mapping[str, str]:
        """What the deployment's secret is to hold: where these services are, and the keys to them."""
        return self._values

    @property
    def owner_url(self) -> str:
        """The login of the database's owner, who migrates it."""
        return self._postgres.url()

    def forget_failed_logins(self) -> None:
        """Empty the count of failed logins, which many smoke tests from one address would fill."""
        with psycopg.connect(self._postgres.url(), autocommit=True) as connection:
            connection.execute("delete from coachwork.login_attempts")

    def stop(self) -> None:
        """End what runs in this process; `children` ends the rest."""
        self._stack.close()

    def _run_tool(self, module: str) -> None:
        environment = {
            **self.system,
            **self._values,
            "ENVIRONMENT": "production",
            "PYTHONPATH": str(PROJECT / "backend" / "src"),
        }
        log, backend = self._workspace.log(module.rpartition(".")[2]), PROJECT / "backend"
        tool = self._children.start(module, [sys.executable, "-m", module], log=log, env=environment, cwd=backend)
        status = tool.process.wait()
        self._children.forget(tool)
        if status:
            raise StepFailed(module, tool.last_lines())

    def _make_operator(self, gotrue: GoTrue) -> None:
        """Sign an account up and make it an administrator, as the project's owner does."""
        account = {"email": ADMIN_EMAIL, "password": self.admin_password}
        user_id = _ask(gotrue.url, "POST", "/auth/v1/signup", account, gotrue.api_key)["user"]["id"]
        admin = {"app_metadata": {"role": "admin"}}
        _ask(gotrue.url, "PUT", f"/auth/v1/admin/users/{user_id}", admin, gotrue.service_role_key)


def _ask(url: str, method: str, path: str, body: object, key: str) -> Any:
    connection = HTTPConnection(urlsplit(url).netloc, timeout=10)
    try:
        headers = {"apikey": key, "authorization": f"Bearer {key}", "content-type": "application/json"}
        connection.request(method, path, json.dumps(body), headers)
        response = connection.getresponse()
        answer = response.read()
        if response.status != 200:
            raise StepFailed("Making the operator's account", answer.decode(errors="replace"))
        return json.loads(answer)
    finally:
        connection.close()
