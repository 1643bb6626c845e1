"""Tables of documents in DynamoDB, through botocore's own client."""

from coachwork.chassis.documents.dynamodb.failures import dynamodb_client
from coachwork.chassis.documents.dynamodb.table import DynamoDBTable

__all__ = ["DynamoDBTable", "dynamodb_client"]
