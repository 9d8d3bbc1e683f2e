"""The server kit: what it answers, how it fails on demand, what it remembers."""

from collections.abc import Iterator

import pytest
import requests

from sandbox.http import Fault, Service, answer, read_json


@pytest.fixture
def service() -> Iterator[Service]:
    served = Service("thing")
    served.add_route("GET", "/things/<name>", lambda _request, name: answer({"name": name}))
    served.add_route("POST", "/things", lambda request: answer(read_json(request), 201))
    served.start()
    yield served
    served.stop()


def test_a_route_answers_json_in_utf_8(service: Service) -> None:
    got = requests.get(f"{service.base_url}/things/%C3%96rn", timeout=5)
    assert got.json() == {"name": "Örn"}


def test_what_is_not_played_is_named_in_a_501(service: Service) -> None:
    got = requests.get(f"{service.base_url}/other", timeout=5)
    assert got.status_code == 501
    assert "GET /other" in got.json()["error"]


def test_the_call_log_knows_method_path_and_kind_of_credential(service: Service) -> None:
    requests.get(
        f"{service.base_url}/things/a?x=1", headers={"Authorization": "JWT abc"}, timeout=5
    )
    (call,) = service.calls_to("GET", "/things/.*")
    assert (call.path, call.auth, call.query, call.status) == ("/things/a", "jwt", "x=1", 200)


def test_the_next_two_calls_fail_and_the_third_passes(service: Service) -> None:
    service.fail_next("GET", "/things/.*", Fault.too_many("3"), times=2)
    got = [requests.get(f"{service.base_url}/things/a", timeout=5) for _ in range(3)]
    assert [g.status_code for g in got] == [429, 429, 200]
    assert got[0].headers["Retry-After"] == "3"


@pytest.mark.parametrize(
    "fault", [Fault.cut(), Fault.drop(), Fault.hang(0.01), Fault.lost_answer()]
)
def test_a_broken_connection_is_seen_by_the_caller(service: Service, fault: Fault) -> None:
    service.fail_next("POST", "/things", fault)
    with pytest.raises(requests.RequestException):
        requests.post(f"{service.base_url}/things", json={"a": 1}, timeout=5)


def test_a_late_answer_is_the_right_one(service: Service) -> None:
    service.fail_next("GET", "/things/.*", Fault.late(0.05))
    got = requests.get(f"{service.base_url}/things/a", timeout=5)
    assert got.json() == {"name": "a"}
    assert got.elapsed.total_seconds() >= 0.05


def test_a_kept_alive_connection_works_after_a_refused_body(service: Service) -> None:
    with requests.Session() as session:
        service.fail_next("POST", "/things", Fault.html(502))
        assert (
            session.post(f"{service.base_url}/things", data=b"x" * 100_000, timeout=5).status_code
            == 502
        )
        assert session.post(f"{service.base_url}/things", json={"a": 1}, timeout=5).json() == {
            "a": 1
        }


def test_a_stopped_service_answers_nobody_not_even_on_an_open_connection(service: Service) -> None:
    with requests.Session() as session:
        session.get(f"{service.base_url}/things/a", timeout=5)
        address = service.base_url
        service.stop()
        with pytest.raises(requests.RequestException):
            session.get(f"{address}/things/a", timeout=5)


def test_a_service_comes_back_on_the_same_port(service: Service) -> None:
    port = int(service.base_url.rpartition(":")[2])
    service.stop()
    assert service.start(port).endswith(str(port))
    assert requests.get(f"{service.base_url}/things/a", timeout=5).ok


def test_an_error_of_the_stand_in_itself_is_a_500_that_says_so(service: Service) -> None:
    service.add_route("GET", "/slip", lambda _request: 1 / 0)
    got = requests.get(f"{service.base_url}/slip", timeout=5)
    assert got.status_code == 500
    assert "ZeroDivisionError" in got.json()["error"]
    assert len(service.slips) == 1
