"""Policy evaluation: as AWS documents it."""

import pytest

from rehearsal.aws.conditions import UnknownOperator, holds
from rehearsal.aws.policies import MalformedPolicy, Request, bounded, decide, statements_of

BUCKET = "arn:aws:s3:::videos"
KEY = f"{BUCKET}/users/1/a.mp4"
ROLE_SESSION = "arn:aws:sts::123456789012:assumed-role/coach/session"


def is_allowed(statements: object, action: str, resource: str, **context: str) -> bool:
    """Whether a document with `statements` allows an action."""
    keys = {name.replace("__", ":").lower(): [value] for name, value in context.items()}
    request = Request(action, resource, keys, ROLE_SESSION)
    return decide(statements_of("policy", {"Statement": statements}), request).is_allowed


def allow(action: object = "s3:GetObject", resource: object = f"{BUCKET}/*", **more: object) -> dict[str, object]:
    """Return an Allow."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: object, resource: object = "*", **more: object) -> dict[str, object]:
    """Return a Deny."""
    return {**allow(action, resource, **more), "Effect": "Deny"}


class TestBounded:
    """A permissions boundary."""

    @pytest.mark.parametrize(
        ("boundary", "expected"),
        [
            ([allow("s3:*", "*")], True),
            ([allow("sqs:*", "*")], False),
            ([], False),
            ([allow("s3:*", "*"), deny("s3:GetObject")], False),
        ],
    )
    def test_takes(self, boundary: list[dict[str, object]], expected: bool) -> None:
        """What a boundary does not allow, or denies, is not allowed."""
        request = Request("s3:GetObject", KEY)
        own, limit = (decide(statements_of("policy", {"Statement": said}), request) for said in ([allow()], boundary))
        assert expected == bounded(own, limit).is_allowed

    def test_gives_nothing(self) -> None:
        """A boundary allows nothing by itself, and is not what forbids it then."""
        request = Request("s3:GetObject", KEY)
        decision = bounded(decide((), request), decide(statements_of("boundary", {"Statement": allow()}), request))
        assert (False, False) == (decision.is_allowed, decision.is_out_of_bounds)


class TestDecide:
    """Default deny, explicit deny, and what a statement names."""

    def test_nothing_said(self) -> None:
        """What no statement allows is denied."""
        assert not is_allowed([], "s3:GetObject", KEY)

    def test_allowed(self) -> None:
        """A statement with the action and the resource allows."""
        assert is_allowed([allow()], "s3:GetObject", KEY)

    def test_single_statement(self) -> None:
        """A document may hold a statement by itself instead of a list."""
        assert is_allowed(allow(), "s3:GetObject", KEY)

    def test_explicit_deny(self) -> None:
        """A Deny outweighs every Allow, wherever it stands."""
        assert not is_allowed([deny("s3:*"), allow()], "s3:GetObject", KEY)
        assert not is_allowed([allow(), deny("s3:*")], "s3:GetObject", KEY)

    def test_deny_of_something_else(self) -> None:
        """A Deny that does not match takes nothing away."""
        assert is_allowed([allow(), deny("s3:DeleteObject")], "s3:GetObject", KEY)

    def test_deciding_statements(self) -> None:
        """The statements that decided are named, by policy and Sid, or by place where they have no Sid."""
        statements = statements_of("inline", {"Statement": [allow(Sid="Read"), allow("s3:Get*"), deny("sqs:*")]})
        decision = decide(statements, Request("s3:GetObject", KEY))
        assert ["Read", "statement 2"] == [one.sid for one in decision.allowing]
        assert {"inline"} == {one.policy for one in decision.allowing}
        assert () == decision.denying

    @pytest.mark.parametrize("action", ["s3:GetObject", "S3:getobject", "s3:Get*", "s3:*", "*", "s3:GetObjec?"])
    def test_actions(self, action: str) -> None:
        """Actions ignore case and take wildcards."""
        assert is_allowed([allow(action)], "s3:GetObject", KEY)

    @pytest.mark.parametrize("action", ["s3:GetObjectVersion", "s3:Get", "dynamodb:*", "s3.GetObject"])
    def test_other_actions(self, action: str) -> None:
        """An action is matched whole, and a dot is a dot."""
        assert not is_allowed([allow(action)], "s3:GetObject", KEY)

    def test_not_action(self) -> None:
        """NotAction names everything else."""
        statement = {"Effect": "Allow", "NotAction": ["iam:*", "s3:Delete*"], "Resource": "*"}
        assert is_allowed([statement], "s3:GetObject", KEY)
        assert not is_allowed([statement], "s3:DeleteObject", KEY)

    @pytest.mark.parametrize("resource", ["*", KEY, f"{BUCKET}/*", "arn:aws:s3:::*", f"{BUCKET}/users/?/*.mp4"])
    def test_resources(self, resource: str) -> None:
        """Resources take wildcards, which span slashes."""
        assert is_allowed([allow(resource=[resource, "arn:aws:s3:::other"])], "s3:GetObject", KEY)

    @pytest.mark.parametrize("resource", [BUCKET, f"{BUCKET}/Users/*", "arn:aws:s3:::video/*", "arn:aws:*", ""])
    def test_other_resources(self, resource: str) -> None:
        """Resources mind case, a bucket is not its objects, and an ARN has six parts."""
        assert not is_allowed([allow(resource=resource)], "s3:GetObject", KEY)

    def test_wildcard_keeps_to_its_part(self) -> None:
        """A wildcard in the account does not reach into the resource's name."""
        statement = allow("sqs:SendMessage", "arn:aws:sqs:*:queue")
        assert not is_allowed([statement], "sqs:SendMessage", "arn:aws:sqs:us-east-1:1:queue")

    def test_not_resource(self) -> None:
        """NotResource names every other resource."""
        statement = {"Effect": "Deny", "Action": "s3:*", "NotResource": f"{BUCKET}/users/*"}
        everything = allow("s3:*", "*")
        assert is_allowed([everything, statement], "s3:GetObject", KEY)
        assert not is_allowed([everything, statement], "s3:GetObject", f"{BUCKET}/else")

    def test_variable(self) -> None:
        """A policy variable takes the request's value; where it has none, the statement does not match."""
        statement = allow(resource=f"{BUCKET}/users/${{aws:PrincipalTag/user}}/*")
        assert not is_allowed([statement], "s3:GetObject", KEY)
        keys = {"aws:principaltag/user": ["1"]}
        request = Request("s3:GetObject", KEY, keys)
        assert decide(statements_of("policy", {"Statement": statement}), request).is_allowed


class TestPrincipal:
    """Statements of resource policies, which name whom they speak of."""

    @pytest.mark.parametrize(
        "principal",
        [
            "*",
            {"AWS": "*"},
            {"AWS": ["arn:aws:iam::123456789012:role/coach"]},
            {"AWS": "arn:aws:iam::123456789012:root"},
            {"AWS": "123456789012"},
            {"AWS": ROLE_SESSION},
        ],
    )
    def test_named(self, principal: object) -> None:
        """A session answers to everyone, its own name, its role and its account."""
        assert is_allowed([allow(Principal=principal)], "s3:GetObject", KEY)

    @pytest.mark.parametrize("principal", [{"AWS": "arn:aws:iam::123456789012:role/else"}, {"Service": "*"}, "else"])
    def test_not_named(self, principal: object) -> None:
        """It does not answer to other names."""
        assert not is_allowed([allow(Principal=principal)], "s3:GetObject", KEY)

    def test_not_principal(self) -> None:
        """NotPrincipal speaks of everyone else."""
        spared = {"AWS": "arn:aws:iam::123456789012:role/coach"}
        statement = {"Effect": "Deny", "NotPrincipal": spared, "Action": "*", "Resource": "*"}
        assert is_allowed([allow(), statement], "s3:GetObject", KEY)


class TestConditions:
    """Condition operators."""

    @pytest.mark.parametrize(
        ("operator", "expected", "actual"),
        [
            ("StringEquals", ["a", "b"], ["b"]),
            ("StringNotEquals", ["a", "b"], ["c"]),
            ("StringNotEquals", "a", None),
            ("StringEqualsIgnoreCase", "A", ["a"]),
            ("StringLike", "users/*", ["users/1/a"]),
            ("StringNotLike", "users/*", ["else"]),
            ("ArnLike", "arn:aws:lambda:*:*:function:*", ["arn:aws:lambda:us-east-1:1:function:coach"]),
            ("ArnNotEquals", "arn:aws:sns:*:*:a", ["arn:aws:sns:us-east-1:1:b"]),
            ("Bool", "true", ["true"]),
            ("Bool", True, ["true"]),
            ("BoolIfExists", "true", None),
            ("StringEqualsIfExists", "a", None),
            ("Null", "true", None),
            ("Null", "false", ["a"]),
            ("NumericLessThanEquals", "10", ["10"]),
            ("NumericGreaterThan", 5, ["10"]),
            ("NumericNotEquals", "10", ["9"]),
            ("DateLessThan", "2030-01-01T00:00:00Z", ["2026-01-01T00:00:00+00:00"]),
            ("DateGreaterThan", "0", ["2026-01-01"]),
            ("IpAddress", "127.0.0.0/8", ["127.0.0.1"]),
            ("NotIpAddress", "10.0.0.0/8", ["127.0.0.1"]),
            ("ForAnyValue:StringEquals", ["a", "b"], ["c", "a"]),
            ("ForAllValues:StringEquals", ["a", "b"], ["b", "a"]),
            ("ForAllValues:StringEquals", ["a"], None),
        ],
    )
    def test_holds(self, operator: str, expected: object, actual: list[str] | None) -> None:
        """It holds."""
        context = {} if actual is None else {"the:key": actual}
        assert holds({operator: {"The:Key": expected}}, context)

    @pytest.mark.parametrize(
        ("operator", "expected", "actual"),
        [
            ("StringEquals", "a", None),
            ("StringEquals", "a", ["A"]),
            ("StringNotEquals", ["a", "b"], ["b"]),
            ("StringLike", "users/*", ["Users/1"]),
            ("ArnLike", "arn:aws:sns:*:topic", ["arn:aws:sns:us-east-1:1:topic"]),
            ("Bool", "true", ["false"]),
            ("Bool", "false", None),
            ("Null", "false", None),
            ("NumericLessThan", "10", ["10"]),
            ("NumericEquals", "10", ["ten"]),
            ("DateLessThan", "2026-01-01", ["tomorrow"]),
            ("IpAddress", "10.0.0.0/8", ["127.0.0.1"]),
            ("IpAddress", "10.0.0.0/8", ["here"]),
            ("ForAnyValue:StringEquals", ["a"], None),
            ("ForAllValues:StringEquals", ["a"], ["a", "c"]),
        ],
    )
    def test_does_not_hold(self, operator: str, expected: object, actual: list[str] | None) -> None:
        """It does not."""
        context = {} if actual is None else {"the:key": actual}
        assert not holds({operator: {"The:Key": expected}}, context)

    def test_all_of_them(self) -> None:
        """Every operator and every key must hold."""
        conditions = {"StringEquals": {"a": "1", "b": "2"}}
        assert holds(conditions, {"a": ["1"], "b": ["2"]})
        assert not holds(conditions, {"a": ["1"], "b": ["3"]})

    def test_unknown_operator(self) -> None:
        """An operator that IAM does not have is an error, never a silent yes."""
        with pytest.raises(UnknownOperator, match="StringSounds"):
            holds({"StringSounds": {"a": "b"}}, {"a": ["b"]})

    def test_in_a_statement(self) -> None:
        """A statement matches only where its conditions hold."""
        insecure = {"Bool": {"aws:SecureTransport": "false"}}
        statements = [allow(), deny("s3:*", Condition=insecure)]
        assert is_allowed(statements, "s3:GetObject", KEY, aws__SecureTransport="true")
        assert not is_allowed(statements, "s3:GetObject", KEY, aws__SecureTransport="false")


class TestStatementsOf:
    """Reading documents."""

    @pytest.mark.parametrize(
        "document",
        [
            "no json",
            "{}",
            "[]",
            {"Statement": [{"Effect": "Maybe", "Action": "*", "Resource": "*"}]},
            {"Statement": [{"Effect": "Allow", "Action": "*"}]},
            {"Statement": [{"Effect": "Allow", "Action": "*", "NotAction": "*", "Resource": "*"}]},
        ],
    )
    def test_malformed(self, document: object) -> None:
        """What is no policy is refused by its name."""
        with pytest.raises(MalformedPolicy, match="the policy"):
            statements_of("the policy", document)  # type: ignore[arg-type]  # wrong on purpose
