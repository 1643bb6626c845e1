"""SQS, SNS, CloudWatch and its logs, and Lambda: the resource's name is in the call."""

from rehearsal.aws.authorization.calls import Call
from rehearsal.aws.authorization.permissions.identities import passing
from rehearsal.aws.authorization.permissions.permission import Permission

_COLONS_WITHOUT_QUALIFIER = 6
_LOG_GROUPS = ("logGroupName", "logGroupIdentifier", "resourceArn")
_RENAMED_FUNCTION_CALLS = {"Invoke": "InvokeFunction", "InvokeWithResponseStream": "InvokeFunction"}


def queues(call: Call) -> list[Permission]:
    """Return what an SQS call needs; a batch needs the permission of its single call."""
    action = f"sqs:{call.operation.removesuffix('Batch')}"
    name = str(call.parameters.get("QueueUrl") or call.parameters.get("QueueName") or "").rpartition("/")[2]
    return [Permission(action, call.arn(name) if name else "*")]


def topics(call: Call) -> list[Permission]:
    """Return what an SNS call needs; a message to a telephone is sent on `*`."""
    parameters = call.parameters
    action = f"sns:{call.operation.removesuffix('Batch')}"
    resource = parameters.get("TopicArn") or parameters.get("TargetArn") or parameters.get("ResourceArn")
    if not resource and call.operation == "CreateTopic":
        resource = call.arn(parameters["Name"])
    return [Permission(action, resource or "*")]


def budgets(call: Call) -> list[Permission]:
    """Return what a call to AWS Budgets needs: there are two permissions, to look and to change."""
    budget = call.parameters.get("Budget") or {}
    name = call.parameters.get("BudgetName") or budget.get("BudgetName")
    resource = f"arn:aws:budgets::{call.account}:budget/{name}" if name else call.parameters.get("ResourceARN") or "*"
    action = call.operation
    if "Resource" not in action:  # which are about tags
        action = "ViewBudget" if action.startswith("Describe") else "ModifyBudget"
    return [Permission(f"budgets:{action}", resource)]


def logs(call: Call) -> list[Permission]:
    """Return what a CloudWatch Logs call needs, on a log group's ARN with `:*`, or on one stream of it."""
    parameters = call.parameters
    group = next((parameters[name] for name in _LOG_GROUPS if parameters.get(name)), "")
    action = f"logs:{call.operation}"
    if not group:
        return [Permission(action, "*")]
    arn = group.removesuffix(":*") if group.startswith("arn:") else call.arn(f"log-group:{group}")
    stream = parameters.get("logStreamName")
    if stream and call.operation in {"PutLogEvents", "GetLogEvents", "DeleteLogStream"}:
        return [Permission(action, f"{arn}:log-stream:{stream}")]
    return [Permission(action, f"{arn}:*")]


def metrics(call: Call) -> list[Permission]:
    """Return what a CloudWatch call needs: metrics have no ARN, only a namespace to put a condition on."""
    named = _alarms_and_dashboards(call)
    if named:
        return [Permission(f"cloudwatch:{call.operation}", resource) for resource in named]
    namespace = call.parameters.get("Namespace")
    return [Permission(f"cloudwatch:{call.operation}", "*", {"cloudwatch:namespace": [namespace]} if namespace else {})]


def _alarms_and_dashboards(call: Call) -> list[str]:
    parameters = call.parameters
    alarms = parameters.get("AlarmNames") or ([parameters["AlarmName"]] if "AlarmName" in parameters else [])
    boards = parameters.get("DashboardNames") or [parameters[n] for n in ("DashboardName",) if n in parameters]
    resource = parameters.get("ResourceARN")
    return [
        *(call.arn(f"alarm:{name}") for name in alarms),
        *(f"arn:aws:cloudwatch::{call.account}:dashboard/{name}" for name in boards),
        *([resource] if resource else []),
    ]


def functions(call: Call) -> list[Permission]:
    """Return what a Lambda call needs, on the function, with the alias or version it asks for."""
    name = call.parameters.get("FunctionName") or call.parameters.get("Resource")
    action = _RENAMED_FUNCTION_CALLS.get(call.operation, call.operation)
    if not name:
        return [Permission(f"lambda:{action}", "*")]
    arn = name if name.startswith("arn:") else call.arn(f"function:{name.rpartition('function:')[2]}")
    qualifier = call.parameters.get("Qualifier") if arn.count(":") == _COLONS_WITHOUT_QUALIFIER else None
    role = str(call.parameters.get("Role") or "")
    return [
        Permission(f"lambda:{action}", f"{arn}:{qualifier}" if qualifier else arn),
        *passing(role, "lambda.amazonaws.com"),
    ]
