"""The strict stand-in for KMS: the tests of the vault are worth what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from app.vault.ports import CannotOpen
from tests.stand_ins.kms import INSTANCE, SETTINGS, Call, StrictKms, StrictKmsClient, role_arn

CONTEXT = {"app": "a", "instance": "i", "part": "consent"}


def test_d6_the_stand_in_binds_each_pair_of_the_context_with_its_length() -> None:
    kms = StrictKms()
    made = kms.make(INSTANCE, {"a": "bc"})
    assert len(made.wrapped) == 184
    assert kms.open(made.key_id, made.wrapped, {"a": "bc"}).reveal() == made.plain.reveal()
    for context in ({"ab": "c"}, {"a": "b"}, {}, {"a": "bc", "d": ""}):
        with pytest.raises(CannotOpen):
            kms.open(made.key_id, made.wrapped, context)


def test_the_stand_in_refuses_every_changed_byte_and_another_key() -> None:
    kms = StrictKms()
    made = kms.make(INSTANCE, CONTEXT)
    for place in range(len(made.wrapped)):
        changed = bytearray(made.wrapped)
        changed[place] ^= 1
        with pytest.raises(CannotOpen):
            kms.open(made.key_id, bytes(changed), CONTEXT)
    with pytest.raises(CannotOpen):
        kms.open(kms.add_key("alias/other"), made.wrapped, CONTEXT)


def made(client: StrictKmsClient, key_id: str = INSTANCE) -> bytes:
    answer = client.generate_data_key(KeyId=key_id, KeySpec="AES_256", EncryptionContext=CONTEXT)
    wrapped: bytes = answer["CiphertextBlob"]
    return wrapped


def opening(client: StrictKmsClient, **changed: Any) -> dict[str, Any]:
    asked = {"KeyId": INSTANCE, "EncryptionContext": CONTEXT, **changed}
    return client.decrypt(**asked)


def moving(client: StrictKmsClient, **changed: Any) -> dict[str, Any]:
    asked = {
        "SourceKeyId": INSTANCE,
        "SourceEncryptionContext": CONTEXT,
        "DestinationKeyId": SETTINGS,
        "DestinationEncryptionContext": CONTEXT,
        **changed,
    }
    return client.re_encrypt(**asked)


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(ClientError) as error:
        call()
    return error.value.response["Error"]["Code"]


def test_every_refusal_has_the_name_that_aws_gives_it() -> None:
    kms = StrictKms()
    client, wrapped = kms.client("web"), made(kms.client("web"))
    other = kms.add_key("alias/other")
    assert refused(lambda: opening(client, CiphertextBlob=wrapped, KeyId=other)) == (
        "IncorrectKeyException"
    )
    assert refused(lambda: opening(client, CiphertextBlob=wrapped, EncryptionContext={})) == (
        "InvalidCiphertextException"
    )
    assert refused(lambda: opening(client, CiphertextBlob=b"x")) == "InvalidCiphertextException"
    assert refused(lambda: opening(client, CiphertextBlob=wrapped, KeyId="alias/none")) == (
        "NotFoundException"
    )
    large = {"part": "x" * 9000}
    assert refused(lambda: opening(client, CiphertextBlob=wrapped, EncryptionContext=large)) == (
        "ValidationException"
    )


def test_a_disabled_key_and_one_that_waits_for_its_deletion_do_nothing_but_are_still_there() -> (
    None
):
    kms = StrictKms()
    client, wrapped = kms.client("web"), made(kms.client("web"))
    for state, code in (
        ("Disabled", "DisabledException"),
        ("PendingDeletion", "KMSInvalidStateException"),
    ):
        kms.set_state(INSTANCE, state)  # type: ignore[arg-type]
        assert refused(lambda: made(client)) == code
        assert refused(lambda: opening(client, CiphertextBlob=wrapped)) == code
        assert refused(lambda: moving(client, CiphertextBlob=wrapped)) == code
        other = made(client, SETTINGS)
        back = {"SourceKeyId": SETTINGS, "DestinationKeyId": INSTANCE}
        assert (
            refused(lambda other=other, back=back: moving(client, CiphertextBlob=other, **back))
            == code
        )  # type: ignore[misc]
        found = client.describe_key(KeyId=INSTANCE)["KeyMetadata"]
        assert found == {"Arn": kms.key(INSTANCE).arn, "KeyState": state}
    kms.set_state(INSTANCE, "Enabled")
    assert opening(client, CiphertextBlob=wrapped)["KeyId"] == kms.key(INSTANCE).arn


def test_a_reencrypt_takes_one_context_and_gives_another() -> None:
    kms = StrictKms()
    client, wrapped = kms.client("any"), made(kms.client("any"))
    plain = opening(client, CiphertextBlob=wrapped)["Plaintext"]
    renamed = {**CONTEXT, "part": "entra"}
    moved = moving(client, CiphertextBlob=wrapped, DestinationEncryptionContext=renamed)
    assert len(moved["CiphertextBlob"]) == 184
    assert (moved["SourceKeyId"], moved["KeyId"]) == (kms.key(INSTANCE).arn, kms.key(SETTINGS).arn)
    asked = {"KeyId": SETTINGS, "CiphertextBlob": moved["CiphertextBlob"]}
    assert client.decrypt(**asked, EncryptionContext=renamed)["Plaintext"] == plain
    assert refused(lambda: client.decrypt(**asked, EncryptionContext=CONTEXT)) == (
        "InvalidCiphertextException"
    )
    wrong = {"SourceEncryptionContext": renamed}
    assert refused(lambda: moving(client, CiphertextBlob=wrapped, **wrong)) == (
        "InvalidCiphertextException"
    )


def test_a_reencrypt_needs_the_yes_of_both_keys() -> None:
    kms = StrictKms()
    wrapped = made(kms.client("any"))

    def allowing(action: str) -> dict[str, Any]:
        statement = {
            "Effect": "Allow",
            "Principal": {"AWS": role_arn("mover")},
            "Action": f"kms:{action}",
            "Resource": "*",
        }
        return {"Version": "2012-10-17", "Statement": [statement]}

    mover = kms.client("mover")
    for source, target, works in (
        ("ReEncryptFrom", "ReEncryptTo", True),
        ("ReEncryptTo", "ReEncryptTo", False),
        ("ReEncryptFrom", "ReEncryptFrom", False),
        ("Decrypt", "Encrypt", False),
    ):
        kms.put_policy(INSTANCE, allowing(source))
        kms.put_policy(SETTINGS, allowing(target))
        if works:
            assert moving(mover, CiphertextBlob=wrapped)
        else:
            assert refused(lambda: moving(mover, CiphertextBlob=wrapped)) == "AccessDeniedException"
        assert refused(lambda: moving(kms.client("web"), CiphertextBlob=wrapped)) == (
            "AccessDeniedException"
        )


def test_every_call_is_written_down_also_the_refused_and_those_nobody_answers() -> None:
    kms = StrictKms()
    client, wrapped = kms.client("web"), made(kms.client("web"))
    moving(client, CiphertextBlob=wrapped)
    refused(lambda: opening(client, CiphertextBlob=b"x"))
    kms.down = True
    with pytest.raises(EndpointConnectionError):
        client.describe_key(KeyId=SETTINGS)
    assert kms.log == [
        Call("web", "GenerateDataKey", INSTANCE, CONTEXT),
        Call("web", "ReEncrypt", SETTINGS, CONTEXT, INSTANCE),
        Call("web", "Decrypt", INSTANCE, CONTEXT),
        Call("web", "DescribeKey", SETTINGS, {}),
    ]


def test_a_call_that_sends_more_than_its_parameters_is_a_fault() -> None:
    client = StrictKms().client("web")
    with pytest.raises(AssertionError):
        client.describe_key(KeyId=SETTINGS, GrantTokens=["x"])
