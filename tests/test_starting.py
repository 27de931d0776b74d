"""Starting: the demo with its figures, and every way not to start, each told in one sentence."""

import json
import os
import socket
import stat
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from app import cli, generated
from app.demo.running import ACCOUNTS, DATABASE, demo_accounts, demo_settings, make_demo
from app.main import create_app
from app.opening import opened_register
from app.people.codes import Role
from tests.databases import ROOT
from tests.world import ok, refused

TIAOJIE = Path(sys.executable).with_name("tiaojie")
PLACES = ROOT / "app/demo/places.csv"


def run(*arguments: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [TIAOJIE, *arguments],
        cwd=folder,
        env=_environment(folder, environment),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def _environment(folder: Path, more: dict[str, str]) -> dict[str, str]:
    own = {"TIAOJIE_DATABASE_URL": f"sqlite+aiosqlite:///{folder}/register.db", "TIAOJIE_PORT": str(free_port())}
    return {"PATH": os.environ["PATH"], "PYTHONUTF8": "1"} | own | more


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def says_why(result: subprocess.CompletedProcess[str], *words: str) -> None:
    """One line, in both languages, and no traceback."""
    assert result.returncode != 0
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, result.stderr
    assert lines[0].startswith("tiaojie: ")
    assert all(word in lines[0] for word in words), lines[0]


@pytest.fixture
def register(tmp_path: Path) -> Path:
    """A folder with a register in it."""
    assert run("places", str(PLACES), folder=tmp_path).returncode == 0
    return tmp_path


def test_a_taken_port(register: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        says_why(run("serve", folder=register, TIAOJIE_PORT=port), port, "TIAOJIE_PORT")


def test_a_register_in_use(register: Path) -> None:
    with serving(register):
        says_why(run("places", str(PLACES), folder=register), "正被另一进程使用", "in use by another process")


def test_a_generated_register(tmp_path: Path) -> None:
    made = run("generate", "--cases", "100", folder=tmp_path)
    assert made.returncode == 0, made.stderr
    assert [line.split()[2] for line in made.stdout.splitlines()][:2] == ["clerk.town1", "clerk.town2"]
    says_why(run("generate", "--cases", "100", folder=tmp_path), "只能在新建的空库中生成", "generate into a new one")
    says_why(run("serve", folder=tmp_path), "此数据库是演示库", "is the demo")
    with serving(tmp_path, "--demo") as address:
        assert httpx.get(f"{address}/readyz").status_code == 200


def test_a_real_register_is_not_generated_into(register: Path) -> None:
    says_why(run("generate", "--cases", "100", folder=register), "正式登记簿", "a real register")


def test_a_missing_a_wrong_and_a_broken_key(register: Path) -> None:
    key = register / "register.key"
    kept = key.read_bytes()
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    key.unlink()
    says_why(run("serve", folder=register), "缺少字段密钥文件", "is missing")
    for other in (kept[::-1], b"junk", b""):
        key.write_bytes(other)
        says_why(run("serve", folder=register), "与此数据库不符", "is not the one")
    key.write_bytes(kept)
    assert run("places", str(PLACES), folder=register).returncode == 0


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    url = f"sqlite+aiosqlite:///{tmp_path}/file/register.db"
    says_why(run("serve", folder=tmp_path, TIAOJIE_DATABASE_URL=url), "无法写入文件夹", "cannot write")


def test_a_broken_database(tmp_path: Path) -> None:
    (tmp_path / "register.db").write_bytes(b"this is no database" * 100)
    says_why(run("serve", folder=tmp_path), "无法打开数据库", "cannot open the database")


def test_settings_that_cannot_be(tmp_path: Path) -> None:
    says_why(run("serve", folder=tmp_path, TIAOJIE_PORT="many"), "TIAOJIE_PORT")
    says_why(run("serve", folder=tmp_path, TIAOJIE_DATABASE_URL="mysql://x"), "TIAOJIE_DATABASE_URL")


def test_a_places_file_that_cannot_be_taken(tmp_path: Path) -> None:
    says_why(run("places", "nowhere.csv", folder=tmp_path), "无法读取")
    (tmp_path / "bad.csv").write_text("code,name\n1,x\n")
    says_why(run("places", "bad.csv", folder=tmp_path), "首行缺少列")


def test_an_administrator_is_made_once(register: Path) -> None:
    first = run("account", "500114000000", "admin.qianjiang", "殷某乙", folder=register)
    assert "Initial password" in first.stdout
    says_why(run("account", "500114000000", "admin.qianjiang", "殷某乙", folder=register), "已被使用")
    says_why(run("account", "500999000000", "admin.other", "殷某乙", folder=register), "所指的地区")


def test_a_real_register_is_not_run_as_the_demo(tmp_path: Path) -> None:
    own = {"TIAOJIE_DATABASE_URL": _url(), "TIAOJIE_KEY_FILE": "var/demo.key"}
    assert run("places", str(PLACES), folder=tmp_path, **own).returncode == 0
    says_why(run("demo", "--port", str(free_port()), folder=tmp_path), "正式登记簿", "not the demo")


def test_documents_that_are_not_current(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The check says which, in one sentence; and nothing where all are as the code makes them."""
    (tmp_path / "docs").mkdir()
    monkeypatch.setattr(generated, "ROOT", tmp_path)
    monkeypatch.setattr(sys, "argv", ["tiaojie", "docs"])
    cli.main()
    monkeypatch.setattr(sys, "argv", ["tiaojie", "docs", "--check"])
    cli.main()
    with (tmp_path / "docs/settings.md").open("a") as page:
        page.write("x")
    (tmp_path / "openapi.json").unlink()
    with pytest.raises(SystemExit, match=r"^tiaojie: openapi.json, settings.md 已过时.* / .* not current: [^\n]*$"):
        cli.main()


@contextmanager
def serving(folder: Path, *options: str, **environment: str) -> Iterator[str]:
    """A server of its own process; answers its address, and must end in order."""
    environment = _environment(folder, environment)
    address = f"http://127.0.0.1:{environment['TIAOJIE_PORT']}"
    server = subprocess.Popen([TIAOJIE, "serve", *options], cwd=folder, env=environment, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            try:
                if httpx.get(f"{address}/readyz", timeout=1).status_code == 200:
                    break
            except httpx.TransportError:
                assert server.poll() is None, "the server did not start"
        yield address
    finally:
        server.terminate()
        assert server.wait(20) == 0


def test_a_stopped_server_leaves_one_whole_file(register: Path) -> None:
    with serving(register) as address:
        assert httpx.get(f"{address}/healthz").json() == {"status": "ok"}
    assert not (register / "register.db-wal").exists()


@pytest.fixture
def demo_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


async def test_the_demo_is_the_register_of_2020(demo_folder: Path) -> None:
    await make_demo(8000)
    assert stat.S_IMODE(ACCOUNTS.stat().st_mode) == 0o600
    made = DATABASE.stat().st_mtime_ns
    await make_demo(8000)
    assert DATABASE.stat().st_mtime_ns == made
    accounts = {account.username: account for account in demo_accounts()}
    assert {account.role for account in accounts.values()} == set(Role)
    async with opened_register(demo_settings(8000), demo=True) as kernel:
        app = create_app(kernel)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://tests/api/v1") as client:
            password = accounts["clerk.lishui"].password
            form = {"grant_type": "password", "username": "clerk.lishui", "password": password}
            tokens = await ok(client.post("/oauth/token", data=form))
            client.headers["Authorization"] = f"Bearer {tokens['access_token']}"
            await _figures(client)
            await _aftermath(client)
            await _claim(client)
            await _cases(client)
            await _patrols(client)
    says_why(run("serve", folder=demo_folder, TIAOJIE_DATABASE_URL=_url(), TIAOJIE_KEY_FILE="var/demo.key"), "演示库")


def _url() -> str:
    return f"sqlite+aiosqlite:///{DATABASE}"


async def _figures(client: httpx.AsyncClient) -> None:
    figures = await ok(client.get("/statistics", params={"from": "2020-01-01", "to": "2020-12-31"}))
    values = figures["rows"][0]["values"]
    counts = {name: values[name]["value"] for name in ("received", "handled", "closed", "succeeded", "failed")}
    assert counts == {"received": 41, "handled": 41, "closed": 41, "succeeded": 40, "failed": 1}
    assert values["open_at_end"]["value"] == 0
    for rate, numerator, percent in (("handling_rate", 41, "100.00"), ("success_rate", 40, "97.56")):
        found = values[rate]
        assert (found["numerator"], found["denominator"], found["percent"]) == (numerator, 41, percent)
    months = await ok(client.get("/statistics", params={"from": "2020-01-01", "to": "2020-12-31", "by": "month"}))
    assert all(row["values"]["received"]["value"] > 0 for row in months["rows"])
    assert len(months["rows"]) == 12


async def _aftermath(client: httpx.AsyncClient) -> None:
    """What came of the agreements: rates with their terms, harms, and what is left undone."""
    rates = {
        "performance_rate": (34, 35, "97.14"),
        "return_visit_rate": (35, 38, "92.11"),
        "satisfaction_rate": (35, 36, "97.22"),
        "confirmation_application_rate": (3, 40, "7.50"),
        "confirmation_rate": (2, 3, "66.67"),
    }
    harms = {
        "petitions_prevented": 1,
        "people_in_petitions_prevented": 12,
        "crimes_prevented": 1,
        "people_in_crimes_prevented": 2,
        "fights_prevented": 0,
        "suicides_prevented": 0,
    }
    asked = {"from": "2020-01-01", "to": "2020-12-31", "indicator": ",".join([*rates, *harms])}
    values = (await ok(client.get("/statistics", params=asked)))["rows"][0]["values"]
    found = {name: (values[name]["numerator"], values[name]["denominator"], values[name]["percent"]) for name in rates}
    assert found == rates
    assert {name: values[name]["value"] for name in harms} == harms
    await _left_undone(client)


async def _left_undone(client: httpx.AsyncClient) -> None:
    overdue = await ok(client.get("/cases", params={"overdue": "true", "total": "exact"}))
    assert overdue["total"] == 4
    refused = await ok(client.get("/obligations", params={"status": "refused", "total": "exact"}))
    assert refused["total"] == 1
    open_ones = await ok(client.get("/obligations", params={"status": "performing", "total": "exact"}))
    assert open_ones["total"] == 0
    handed = await ok(client.get("/referrals", params={"state": "acknowledged", "total": "exact"}))
    assert handed["total"] == 15


async def _claim(client: httpx.AsyncClient) -> None:
    """No whole number of 41 prints as 99 %."""
    claim = {"count": 41, "percent": "99", "from": "2020-01-01", "to": "2020-12-31"}
    answer = await ok(client.post("/statistics/claims", json=claim))
    assert answer["possible"] == []
    assert [(n["numerator"], n["percent"]) for n in answer["nearest"]] == [(40, "97.56"), (41, "100.00")]
    assert answer["register"]["agrees"] is False


async def _cases(client: httpx.AsyncClient) -> None:
    page: dict[str, Any] = await ok(client.get("/cases", params={"limit": "200", "total": "exact"}))
    assert page["total"] == 41
    cases = page["items"]
    assert len({c["place"] for c in cases}) == 6
    assert {"people", "police", "arbitration", "lawyer"} <= {c["method"] for c in cases}
    routes = Counter("referral" if c["source"].startswith("referral") else c["source"] for c in cases)
    assert set(routes) == {"application", "proactive", "referral"}
    assert "id_number" not in json.dumps(cases)
    nowhere = client.get("/cases/00000000-0000-4000-8000-000000000000")
    await refused(nowhere, 404, "not-found")


async def _patrols(client: httpx.AsyncClient) -> None:
    """Of February one village has reported, that it found nothing; the others have not reported."""
    year = await ok(client.get("/inspections/coverage", params={"from": "2020-01-01", "to": "2020-12-31"}))
    names = ("patrols", "zero_reports", "findings", "cases", "prevented")
    assert {name: sum(row[name] for row in year["rows"]) for name in names} == dict(
        zip(names, (8, 3, 5, 3, 1), strict=True)
    )
    february = await ok(client.get("/inspections/coverage", params={"from": "2020-02-01", "to": "2020-02-29"}))
    assert [(row["place"], row["zero_reports"]) for row in february["rows"] if row["reported"]] == [("500114109200", 1)]
    assert len(february["rows"]) == 6
