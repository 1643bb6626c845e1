"""Application Auto Scaling. Stock moto has no tags, which Terraform reads of every target."""

import json

from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse

from rehearsal.aws.extensions.tagging import tags_of

_stock_register = ApplicationAutoScalingResponse.register_scalable_target


def register_scalable_target(self: ApplicationAutoScalingResponse) -> str:
    """Register a target with its tags."""
    answer = _stock_register(self)
    _tag(self, json.loads(answer)["ScalableTargetARN"], self._get_param("Tags") or {})
    return answer


def list_tags_for_resource(self: ApplicationAutoScalingResponse) -> str:
    """Return a target's tags."""
    tags = tags_of(self.applicationautoscaling_backend).get_tag_dict_for_resource(self._get_param("ResourceARN"))
    return json.dumps({"Tags": tags})


def tag_resource(self: ApplicationAutoScalingResponse) -> str:
    """Add to a target's tags."""
    _tag(self, self._get_param("ResourceARN"), self._get_param("Tags"))
    return "{}"


def untag_resource(self: ApplicationAutoScalingResponse) -> str:
    """Take from a target's tags."""
    tags_of(self.applicationautoscaling_backend).untag_resource_using_names(
        self._get_param("ResourceARN"), self._get_param("TagKeys")
    )
    return "{}"


def install() -> None:
    """Put these in place of moto's own."""
    for operation in (register_scalable_target, list_tags_for_resource, tag_resource, untag_resource):
        setattr(ApplicationAutoScalingResponse, operation.__name__, operation)


def _tag(response: ApplicationAutoScalingResponse, arn: str, tags: dict[str, str]) -> None:
    listed = [{"Key": key, "Value": value} for key, value in tags.items()]
    tags_of(response.applicationautoscaling_backend).tag_resource(arn, listed)
