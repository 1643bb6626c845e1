"""SQS, SNS, CloudWatch and its logs, and Lambda: the resource's name is in the call."""

from rehearsal.aws.authorization.calls import Call
from rehearsal.aws.authorization.needs.need import Need


def queues(call: Call) -> list[Need]:
    """Return what an SQS call needs; a batch needs the permission of its single call."""
    action = f"sqs:{call.operation.removesuffix('Batch')}"
    name = str(call.parameters.get("QueueUrl") or call.parameters.get("QueueName") or "").rpartition("/")[2]
    return [Need(action, call.arn(name) if name else "*")]


def topics(call: Call) -> list[Need]:
    """Return what an SNS call needs; a message to a telephone is sent on `*`."""
    parameters = call.parameters
    action = f"sns:{call.operation.removesuffix('Batch')}"
    resource = parameters.get("TopicArn") or parameters.get("TargetArn") or parameters.get("ResourceArn")
    if not resource and call.operation == "CreateTopic":
        resource = call.arn(parameters["Name"])
    return [Need(action, resource or "*")]


def logs(call: Call) -> list[Need]:
    """Return what a CloudWatch Logs call needs, on a log group's ARN with `:*`, or on one stream of it."""
    parameters = call.parameters
    group = parameters.get("logGroupName") or parameters.get("logGroupIdentifier") or ""
    action = f"logs:{call.operation}"
    if not group:
        return [Need(action, "*")]
    arn = group.removesuffix(":*") if group.startswith("arn:") else call.arn(f"log-group:{group}")
    stream = parameters.get("logStreamName")
    if stream and call.operation in {"PutLogEvents", "GetLogEvents", "DeleteLogStream"}:
        return [Need(action, f"{arn}:log-stream:{stream}")]
    return [Need(action, f"{arn}:*")]


def metrics(call: Call) -> list[Need]:
    """Return what a CloudWatch call needs: metrics have no ARN, only a namespace to put a condition on."""
    namespace = call.parameters.get("Namespace")
    return [Need(f"cloudwatch:{call.operation}", "*", {"cloudwatch:namespace": [namespace]} if namespace else {})]


def functions(call: Call) -> list[Need]:
    """Return what a Lambda call needs, on the function, with the alias or version it asks for."""
    name = call.parameters.get("FunctionName")
    action = {"Invoke": "InvokeFunction", "InvokeWithResponseStream": "InvokeFunction"}.get(
        call.operation, call.operation
    )
    if not name:
        return [Need(f"lambda:{action}", "*")]
    arn = name if name.startswith("arn:") else call.arn(f"function:{name.rpartition('function:')[2]}")
    qualifier = call.parameters.get("Qualifier")
    return [Need(f"lambda:{action}", f"{arn}:{qualifier}" if qualifier else arn)]
