"""`make status`: what callers get, and whether it is well."""

from collections.abc import Iterator, Mapping
from typing import Any

from deployment.account import Account
from deployment.context import Context
from deployment.deployment_record import DeploymentRecord
from deployment.release.functions import Function, functions_of, image_of, live
from deployment.release.traffic_shift import TrafficShift


def status(context: Context) -> str:
    """Return it in words.

    Raises:
        NothingDeployed: there is nothing to tell of.
    """
    context.open_state()
    with context.steps.step("Looking") as note:
        outputs = context.stack.outputs()
        functions = functions_of(outputs)
        shift = TrafficShift(context.account, outputs["codedeploy_application_name"])
        lines = [line for function in functions for line in _of_function(context, shift, function)]
        ringing = _ringing(context.account, outputs["alarm_names"])
        record = DeploymentRecord(context.environment, context.account).read()
        note(f"{len(functions)} functions")
    alarms = [f"alarms    {name} RINGS" for name in ringing] or [
        f"alarms    none of {len(outputs['alarm_names'])} rings"
    ]
    head = f"\n{context.environment.folder}: {outputs['api_gateway_invoke_url']}"
    return "\n".join([head, *lines, *alarms, *_of_record(record)])


def _of_function(context: Context, shift: TrafficShift, function: Function) -> Iterator[str]:
    now = live(context.account, function)
    digest = image_of(context.account, function, now.version)
    tags = context.repository.tags_of(digest) if digest else []
    yield f"\n{function.key}: {function.name}, {function.memory_mb} MB"
    yield f"  callers   {now}"
    yield f"  image     {digest or 'unknown'}" + (f" ({', '.join(tags)})" if tags else "")
    if function.version not in {now.version, now.next_version}:
        yield f"  waiting   version {function.version} is published and no caller has it"
    if last := shift.last(function):
        yield f"  shift     {_of_deployment(last)}"


def _of_deployment(info: Mapping[str, Any]) -> str:
    at = info["createTime"].astimezone().strftime("%Y-%m-%d %H:%M")
    told = (info.get("errorInformation") or {}).get("message", "")
    return f"{info['deploymentId']} of {at}: {info['status']}{f', {told}' if told else ''}"


def _of_record(record: Mapping[str, Any]) -> list[str]:
    if not record:
        return []
    migration = [f"database  at {record['migration']}"] if record.get("migration") else []
    return [f"deployed  {record['at']} by {record['by']}: {record['outcome']}", *migration]


def _ringing(account: Account, names: list[str]) -> list[str]:
    client = account.client("cloudwatch")
    found: list[Mapping[str, Any]] = []
    for begin in range(0, len(names), 100):
        page = client.describe_alarms(
            AlarmNames=names[begin : begin + 100], AlarmTypes=["MetricAlarm", "CompositeAlarm"]
        )
        found += [*page["MetricAlarms"], *page.get("CompositeAlarms", ())]
    return sorted(alarm["AlarmName"] for alarm in found if alarm["StateValue"] == "ALARM")
