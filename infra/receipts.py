"""Where deletion receipts go: signed files that hold nothing personal, kept and never changed."""

from __future__ import annotations

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_s3 as s3

from infra.deployment import Deployment

_Bucket = s3.CfnBucket


def add_receipts(stack: Stack, deployment: Deployment) -> s3.CfnBucket:
    """Encrypted, versioned, closed to the public, over TLS only."""
    bucket = _Bucket(
        stack,
        "Receipts",
        bucket_name=deployment.receipts_bucket,
        bucket_encryption=_Bucket.BucketEncryptionProperty(
            server_side_encryption_configuration=[
                _Bucket.ServerSideEncryptionRuleProperty(
                    server_side_encryption_by_default=_Bucket.ServerSideEncryptionByDefaultProperty(
                        sse_algorithm="AES256"
                    )
                )
            ]
        ),
        ownership_controls=_Bucket.OwnershipControlsProperty(
            rules=[_Bucket.OwnershipControlsRuleProperty(object_ownership="BucketOwnerEnforced")]
        ),
        public_access_block_configuration=_Bucket.PublicAccessBlockConfigurationProperty(
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
        ),
        versioning_configuration=_Bucket.VersioningConfigurationProperty(status="Enabled"),
    )
    bucket.apply_removal_policy(RemovalPolicy.RETAIN)
    s3.CfnBucketPolicy(
        stack,
        "ReceiptsPolicy",
        bucket=bucket.ref,
        policy_document={
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "OnlyOverTls",
                    "Effect": "Deny",
                    "Principal": "*",
                    "Action": "s3:*",
                    "Resource": [bucket.attr_arn, f"{bucket.attr_arn}/*"],
                    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                }
            ],
        },
    )
    return bucket
