"""The KMS adapter: the calls as boto3 sends them, and refusals told apart from silence.

moto shows the wiring only; what AWS enforces beyond it, the strict stand-in enforces.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, EndpointConnectionError
from botocore.stub import Stubber

from app.errors import OwnServiceUnreachable, ServiceUnreachable
from app.outside.aws.kms import KmsDataKeys
from app.vault.ports import CannotOpen
from tests.stand_ins.kms import INSTANCE

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

REGION = "eu-north-1"  # the sandbox's keys lie in another
CONTEXT = {"app": "a", "instance": "i", "part": "consent"}


def made_client(endpoint: str | None = None) -> KMSClient:
    return boto3.client(
        "kms",
        region_name=REGION,
        endpoint_url=endpoint,
        aws_access_key_id="none",
        aws_secret_access_key="none",
        config=Config(retries={"total_max_attempts": 1}),
    )


@pytest.fixture
def client(moto_url: str) -> Iterator[KMSClient]:
    made = made_client(moto_url)
    key = made.create_key()["KeyMetadata"]["KeyId"]
    made.create_alias(AliasName=INSTANCE, TargetKeyId=key)
    yield made
    made.delete_alias(AliasName=INSTANCE)


@pytest.mark.aws
def test_a_data_key_is_made_and_opened_under_its_full_name(client: KMSClient) -> None:
    keys = KmsDataKeys(client)
    made = keys.make(INSTANCE, CONTEXT)
    assert len(made.plain) == 32
    assert made.key_id == keys.resolve(INSTANCE)
    assert made.key_id.startswith("arn:")
    opened = keys.open(made.key_id, made.wrapped, CONTEXT)
    assert opened.reveal() == made.plain.reveal()


@pytest.mark.aws
@pytest.mark.parametrize("context", [{}, {**CONTEXT, "part": "entra"}, {**CONTEXT, "more": "x"}])
def test_d6_another_context_opens_nothing(client: KMSClient, context: dict[str, str]) -> None:
    keys = KmsDataKeys(client)
    made = keys.make(INSTANCE, CONTEXT)
    with pytest.raises(CannotOpen):
        keys.open(made.key_id, made.wrapped, context)


@pytest.mark.aws
def test_another_key_or_a_changed_blob_opens_nothing(client: KMSClient) -> None:
    keys = KmsDataKeys(client)
    made = keys.make(INSTANCE, CONTEXT)
    other = client.create_key()["KeyMetadata"]["Arn"]
    with pytest.raises(CannotOpen):
        keys.open(other, made.wrapped, CONTEXT)
    for place in range(len(made.wrapped)):
        changed = bytearray(made.wrapped)
        changed[place] ^= 1
        with pytest.raises(CannotOpen):
            keys.open(made.key_id, bytes(changed), CONTEXT)
    with pytest.raises(CannotOpen):
        keys.open(made.key_id, b"", CONTEXT)


@pytest.mark.aws
def test_a_key_that_is_wrapped_anew_opens_under_the_other_key_only(client: KMSClient) -> None:
    keys = KmsDataKeys(client)
    made = keys.make(INSTANCE, CONTEXT)
    other = client.create_key()["KeyMetadata"]["Arn"]
    wrapped = keys.rewrap(made.key_id, made.wrapped, other, CONTEXT)
    assert keys.open(other, wrapped, CONTEXT).reveal() == made.plain.reveal()
    with pytest.raises(CannotOpen):
        keys.open(made.key_id, wrapped, CONTEXT)
    for context in ({}, {**CONTEXT, "part": "entra"}):
        with pytest.raises(CannotOpen):
            keys.rewrap(made.key_id, made.wrapped, other, context)


@pytest.mark.aws
def test_an_alias_that_is_not_there_is_a_refusal(client: KMSClient) -> None:
    with pytest.raises(CannotOpen):
        KmsDataKeys(client).resolve("alias/gone")
    with pytest.raises(OwnServiceUnreachable):
        KmsDataKeys(client).make("alias/gone", CONTEXT)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("AccessDeniedException", CannotOpen),
        ("IncorrectKeyException", CannotOpen),
        ("InvalidCiphertextException", CannotOpen),
        ("DisabledException", CannotOpen),
        ("KMSInvalidStateException", CannotOpen),
        ("ThrottlingException", OwnServiceUnreachable),
        ("KMSInternalException", OwnServiceUnreachable),
        ("DependencyTimeoutException", OwnServiceUnreachable),
        ("ExpiredTokenException", OwnServiceUnreachable),
    ],
)
def test_a_refusal_is_told_apart_from_nobody_answering(code: str, kind: type[Exception]) -> None:
    client = made_client()
    with Stubber(client) as stub:
        stub.add_client_error("decrypt", code)
        with pytest.raises((CannotOpen, ServiceUnreachable)) as error:
            KmsDataKeys(client).open("k", b"w", CONTEXT)
        assert type(error.value) is kind
        stub.add_client_error("generate_data_key", code)
        with pytest.raises(OwnServiceUnreachable) as error:
            KmsDataKeys(client).make("k", CONTEXT)
        assert type(error.value) is OwnServiceUnreachable
        for operation, call in (
            ("describe_key", lambda: KmsDataKeys(client).resolve("k")),
            ("re_encrypt", lambda: KmsDataKeys(client).rewrap("k", b"w", "arn", CONTEXT)),
        ):
            stub.add_client_error(operation, code)
            with pytest.raises((CannotOpen, ServiceUnreachable)) as error:
                call()
            assert type(error.value) is kind


def test_each_call_names_its_key_and_its_context_and_sends_nothing_else() -> None:
    client = made_client()
    with Stubber(client) as stub:
        plain = {"Plaintext": b"k" * 32, "KeyId": "arn"}
        stub.add_response(
            "generate_data_key",
            {**plain, "CiphertextBlob": b"w"},
            {"KeyId": "k", "KeySpec": "AES_256", "EncryptionContext": CONTEXT},
        )
        stub.add_response(
            "decrypt",
            plain,
            {"KeyId": "arn", "CiphertextBlob": b"w", "EncryptionContext": CONTEXT},
        )
        stub.add_response(
            "re_encrypt",
            {"CiphertextBlob": b"v", "SourceKeyId": "k", "KeyId": "arn"},
            {
                "CiphertextBlob": b"w",
                "SourceKeyId": "k",
                "SourceEncryptionContext": CONTEXT,
                "DestinationKeyId": "arn",
                "DestinationEncryptionContext": CONTEXT,
            },
        )
        keys = KmsDataKeys(client)
        assert keys.make("k", CONTEXT).key_id == "arn"
        assert keys.open("arn", b"w", CONTEXT).reveal() == b"k" * 32
        assert keys.rewrap("k", b"w", "arn", CONTEXT) == b"v"
        stub.assert_no_pending_responses()


MADE = {"Plaintext": b"k" * 32, "CiphertextBlob": b"w", "KeyId": "arn"}


@pytest.mark.parametrize(
    ("name", "value"),
    [("Plaintext", b"k" * 31), ("Plaintext", b"k" * 33), ("Plaintext", b""), ("Plaintext", None),
     ("CiphertextBlob", b""), ("CiphertextBlob", b"w" * 6145), ("CiphertextBlob", None),
     ("KeyId", ""), ("KeyId", None)],
)  # fmt: skip
def test_an_answer_that_is_no_data_key_is_no_answer(name: str, value: object) -> None:
    answer = {key: each for key, each in {**MADE, name: value}.items() if each is not None}
    keys = KmsDataKeys(Says(answer))  # type: ignore[arg-type]
    with pytest.raises(OwnServiceUnreachable):
        keys.make("k", CONTEXT)
    if name == "Plaintext":
        with pytest.raises(OwnServiceUnreachable):
            keys.open("arn", b"w", CONTEXT)
    else:
        with pytest.raises(OwnServiceUnreachable):
            keys.rewrap("k", b"w", "arn", CONTEXT)


def test_what_another_key_opened_or_wrapped_is_not_believed() -> None:
    keys = KmsDataKeys(Says({**MADE, "KeyId": "another"}))  # type: ignore[arg-type]
    with pytest.raises(CannotOpen):
        keys.open("arn", b"w", CONTEXT)
    with pytest.raises(OwnServiceUnreachable):
        keys.rewrap("k", b"w", "arn", CONTEXT)


def test_a_key_without_a_full_name_is_no_answer() -> None:
    for answer in ({}, {"KeyMetadata": {}}, {"KeyMetadata": {"Arn": ""}}):
        with pytest.raises(OwnServiceUnreachable):
            KmsDataKeys(Says(answer)).resolve("k")  # type: ignore[arg-type]


class Says:
    """A client that gives one answer to every call."""

    def __init__(self, answer: dict[str, object]) -> None:
        self._answer = answer

    def __getattr__(self, name: str) -> object:
        return lambda **_: self._answer


class Unplugged:
    """A client without a network."""

    def __getattr__(self, name: str) -> object:
        def call(**_: object) -> object:
            raise EndpointConnectionError(endpoint_url="https://kms.example.com")

        return call


def test_without_a_network_nobody_answers() -> None:
    keys = KmsDataKeys(Unplugged())  # type: ignore[arg-type]
    for call in (
        lambda: keys.make("k", CONTEXT),
        lambda: keys.open("k", b"w", CONTEXT),
        lambda: keys.resolve("k"),
        lambda: keys.rewrap("k", b"w", "arn", CONTEXT),
    ):
        with pytest.raises(OwnServiceUnreachable) as error:
            call()
        assert type(error.value) is OwnServiceUnreachable


def test_no_error_of_the_client_passes_through_the_adapter() -> None:
    client = made_client()
    with Stubber(client) as stub:
        stub.add_client_error("decrypt", "AccessDeniedException", "arn:aws:iam::1:role/x may not")
        with pytest.raises(CannotOpen) as error:
            KmsDataKeys(client).open("k", b"w", {"secret-ish": "x"})
    assert "arn" not in str(error.value)
    assert error.value.__cause__ is None
    assert not isinstance(error.value, ClientError)
