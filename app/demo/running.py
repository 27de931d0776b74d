"""Making the demo once and greeting whoever starts it: the accounts, and three requests that end with the rates."""

import os
from collections.abc import Iterable
from pathlib import Path

from app.core.settings import Settings
from app.demo.township import CLERK, DemoAccount, load_township
from app.opening import CannotStart, opened_register

FOLDER = Path("var")
DATABASE, KEY, ACCOUNTS = FOLDER / "demo.db", FOLDER / "demo.key", FOLDER / "demo-accounts.txt"


def demo_settings(port: int, database: Path = DATABASE) -> Settings:
    return Settings(database_url=f"sqlite+aiosqlite:///{database}", key_file=KEY, host="127.0.0.1", port=port)


async def make_demo(port: int) -> None:
    """Nothing to do where it stands. It is made aside and put in place whole, so that a broken start leaves no half."""
    if _stands():
        return
    building = _cleared()
    async with opened_register(demo_settings(port, building), demo=True) as kernel:
        accounts = await load_township(kernel)
    _keep(accounts)
    building.replace(DATABASE)


def _stands() -> bool:
    return DATABASE.exists()


def _cleared() -> Path:
    """Where the demo is made, free of what an interrupted start left."""
    building = DATABASE.with_name("demo-building.db")
    for stale in (*FOLDER.glob("demo-building.*"), KEY, ACCOUNTS):
        stale.unlink(missing_ok=True)
    return building


def _keep(accounts: Iterable[DemoAccount]) -> None:
    descriptor = os.open(ACCOUNTS, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.writelines(f"{account}\n" for account in accounts)


def demo_accounts() -> list[DemoAccount]:
    try:
        return [DemoAccount(*line.split()) for line in ACCOUNTS.read_text(encoding="utf-8").splitlines()]
    except (OSError, TypeError):
        raise CannotStart(
            f"缺少演示账号文件 {ACCOUNTS}，请删除 {DATABASE} 后重新运行",
            f"the file of demo accounts {ACCOUNTS} is missing: delete {DATABASE} and run again",
        ) from None


def welcome(settings: Settings, accounts: list[DemoAccount]) -> str:
    address = f"http://{settings.host}:{settings.port}"
    clerk = next(account for account in accounts if account.username == CLERK)
    sign_in = f"curl -s {address}/api/v1/oauth/token -d grant_type=password -d username={clerk.username}"
    figures = "from=2020-01-01&to=2020-12-31&indicator=received,handling_rate,success_rate"
    lines = [
        "调解 tiaojie：黎水镇 2020 年演示登记簿  The demo register of 黎水镇, 2020",
        f"看板 dashboard: {address}/?from=2020-01-01&to=2020-12-31",
        f"文档 documentation: {address}/docs",
        "",
        "账号 Accounts (role place username password):",
        *(str(account) for account in accounts),
        "",
        "试一试，最后一条是全年调处率和成功率 Try: the last one gives the rates of the year",
        f'TOKEN=$({sign_in} -d password={clerk.password} | sed \'s/.*"access_token":"\\([^"]*\\).*/\\1/\')',
        f'curl -sw "\\n" "{address}/api/v1/cases?limit=2" -H "Authorization: Bearer $TOKEN"',
        f'curl -sw "\\n" "{address}/api/v1/statistics?{figures}" -H "Authorization: Bearer $TOKEN"',
    ]
    return "\n".join(lines)
