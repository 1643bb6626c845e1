"""API Gateway's domains. Stock moto

- leaves out a domain's state, and the address and zone it leads to, which Terraform waits for and reads;
- shows mutual TLS where none was asked for;
- takes a certificate that is not issued, or is none;
- maps a domain to HTTP APIs alone.
"""

from hashlib import sha256
from typing import Any

from moto.apigatewayv2 import models
from moto.apigatewayv2.exceptions import BadRequestException
from moto.apigatewayv2.models import ApiGatewayV2Backend
from moto.backends import get_backend

_ZONE_ID = "Z1U9ULNL0V5AJ3"
"""API Gateway's own zone of Frankfurt, which stands here for every region's."""
_stock_create = ApiGatewayV2Backend.create_domain_name
_stock_map = ApiGatewayV2Backend.create_api_mapping


class Domain(models.DomainName):
    """A domain that is ready, and leads somewhere."""

    def to_json(self) -> dict[str, Any]:
        """Return it as API Gateway shows it."""
        shown = {key: value for key, value in super().to_json().items() if value != {} or key == "tags"}
        region = self.domain_name_arn.split(":")[3]
        label = sha256(self.domain_name.encode()).hexdigest()[:10]
        ready = {
            "apiGatewayDomainName": f"d-{label}.execute-api.{region}.amazonaws.com",
            "domainNameStatus": "AVAILABLE",
            "hostedZoneId": _ZONE_ID,
            "ipAddressType": "ipv4",
        }
        return {**shown, "domainNameConfigurations": [{**ready, **one} for one in self.domain_name_configurations]}


def create_domain_name(self: ApiGatewayV2Backend, **given: Any) -> models.DomainName:
    """Create a domain whose certificates are issued."""
    for configuration in given["domain_name_configurations"]:
        _require_issued(configuration.get("certificateArn", ""))
    return _stock_create(self, **given)


def create_api_mapping(
    self: ApiGatewayV2Backend, api_id: str, api_mapping_key: str, domain_name: str, stage: str
) -> models.ApiMapping:
    """Map a domain to an API of either kind."""
    rest_apis = get_backend("apigateway")[self.account_id][self.region_name].apis
    if api_id not in rest_apis or domain_name not in self.domain_names:
        return _stock_map(self, api_id, api_mapping_key, domain_name, stage)
    if stage not in rest_apis[api_id].stages:
        raise BadRequestException(f"Invalid stage identifier specified {stage}")
    mapping_id = sha256(f"{domain_name}/{api_mapping_key}".encode()).hexdigest()[:6]
    self.api_mappings[mapping_id] = models.ApiMapping(api_id, api_mapping_key, mapping_id, domain_name, stage)
    return self.api_mappings[mapping_id]


def install() -> None:
    """Put these in place of moto's own."""
    models.DomainName = Domain  # type: ignore[misc]  # moto makes its domains by this name
    for operation in (create_domain_name, create_api_mapping):
        setattr(ApiGatewayV2Backend, operation.__name__, operation)


def _require_issued(arn: str) -> None:
    _, partition, service, region, account, *_ = [*arn.split(":"), "", "", "", "", ""]
    known = partition and service == "acm" and arn in get_backend("acm")[account][region]._certificates
    if not known or get_backend("acm")[account][region].get_certificate(arn).status != "ISSUED":
        raise BadRequestException(f"The certificate {arn} is not issued, or not of this region")
