"""The command line: `serve`, `demo`, `generate`, `places`, `account`, `rotate-key`, `rollup`, `area`,
`reindex`, `sweep-files`, `forms`, `docs`. The features do the work."""

import argparse
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import uvloop

from app import generated
from app.core.auth import OPERATOR
from app.core.jurisdiction import Subtree
from app.core.locale import Language
from app.core.logs import configure_logs
from app.core.metrics import watch_connections
from app.core.problems import Problem
from app.core.settings import Settings
from app.core.unit_of_work import operate
from app.demo.generating import Scale, generate
from app.demo.running import demo_accounts, demo_settings, make_demo, welcome
from app.documents.extra import write_templates
from app.intake.reindexing import reindex
from app.intake.sweeping import sweep_files
from app.main import create_app
from app.opening import CannotStart, opened_register
from app.people.accounts import first_administrator
from app.places.csv_file import BadPlaces, read_places
from app.places.service import load_places
from app.rollups import add_commands, folded_meanwhile
from app.rotation import Progress, rotate
from app.serving import bound_socket, serve, served_metrics


def main() -> None:
    arguments = _parser().parse_args()
    configure_logs("WARNING")
    try:
        uvloop.run(arguments.run(arguments))
    except (CannotStart, BadPlaces) as reason:
        sys.exit(f"tiaojie: {reason}")
    except Problem as problem:
        sys.exit(f"tiaojie: {_words(problem)}")
    except OSError as error:
        sys.exit(
            f"tiaojie: 无法读写 {error.filename}，请检查权限和磁盘空间 / cannot use {error.filename}: check permissions"
        )
    except KeyboardInterrupt:
        sys.exit(130)


def _words(problem: Problem) -> str:
    """What is wrong, argument by argument where that is known."""
    if problem.errors:
        return "; ".join(f"{error.pointer.strip('/')}: {error.zh} {error.en}" for error in problem.errors)
    return f"{problem.says(Language.ZH)} {problem.says(Language.EN)}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tiaojie", description="调解 mediation cases of a township")
    commands = parser.add_subparsers(required=True, metavar="command")
    serving = commands.add_parser("serve", help="运行 serve the register at TIAOJIE_DATABASE_URL")
    serving.add_argument("--demo", action="store_true", help="a register that generate has made")
    serving.set_defaults(run=_serve)
    demo = commands.add_parser("demo", help="示范 serve the demo township from var/demo.db")
    demo.add_argument("--port", type=int, default=8000)
    demo.set_defaults(run=_demo)
    generating = commands.add_parser(
        "generate", help="生成 fill a new register at TIAOJIE_DATABASE_URL with sample cases"
    )
    generating.add_argument("--cases", type=int, required=True, help="how many, from 100 on")
    generating.add_argument("--seed", type=int, default=1, help="the same seed and day make the same register")
    generating.add_argument("--district", default="500114000000", help="12-digit code")
    generating.add_argument(
        "--until", type=date.fromisoformat, default=None, help="last day, such as 2026-06-30; today"
    )
    generating.set_defaults(run=_generate)
    _add_upkeep(commands)
    docs = commands.add_parser("docs", help="文档 write the generated documents")
    docs.add_argument("--check", action="store_true", help="only say whether they are current")
    docs.set_defaults(run=_docs)
    return parser


def _add_upkeep(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    places = commands.add_parser("places", help="区划 load a tree of places from a CSV file")
    places.add_argument("file", type=Path)
    places.set_defaults(run=_places)
    account = commands.add_parser("account", help="账号 make an administrator of a district, such as its first")
    account.add_argument("district", help="12-digit code, such as 500114000000")
    account.add_argument("username")
    account.add_argument("name")
    account.set_defaults(run=_account)
    rotate_key = commands.add_parser("rotate-key", help="换密钥 a new field key, and every sealed field under it")
    rotate_key.set_defaults(run=_rotate_key)
    add_commands(commands)
    reindex = commands.add_parser("reindex", help="重建检索 write anew what the search of cases reads")
    reindex.set_defaults(run=_reindex)
    sweep = commands.add_parser("sweep-files", help="清理附件 remove files that no attachment names")
    sweep.set_defaults(run=_sweep_files)
    forms = commands.add_parser("forms", help="文书 write our templates of the official forms into a folder")
    forms.add_argument("folder", type=Path)
    forms.set_defaults(run=_forms)


def _settings() -> Settings:
    try:
        return Settings()
    except ValueError as error:
        names = ", ".join(f"TIAOJIE_{fault['loc'][0]}".upper() for fault in error.errors())  # type: ignore[attr-defined]
        raise CannotStart(f"设置有误：{names}，见 docs/settings.md", f"check {names}, see docs/settings.md") from None


async def _serve(arguments: argparse.Namespace) -> None:
    settings = _settings()
    configure_logs(settings.log_level)
    with bound_socket(settings) as listening, served_metrics(settings):
        async with opened_register(settings, demo=arguments.demo) as kernel:
            watch_connections(kernel.database)
            async with folded_meanwhile(kernel):
                await serve(create_app(kernel, docs=settings.docs, origins=settings.origins), settings, listening)


async def _generate(arguments: argparse.Namespace) -> None:
    scale = Scale(arguments.cases, arguments.seed, arguments.district, arguments.until)
    async with opened_register(_settings(), demo=True) as kernel:
        for account in await generate(kernel, scale):
            print(account)


async def _demo(arguments: argparse.Namespace) -> None:
    settings = demo_settings(arguments.port)
    with bound_socket(settings) as listening:
        await make_demo(arguments.port)
        async with opened_register(settings, demo=True) as kernel:
            print(welcome(settings, demo_accounts()), flush=True)
            async with folded_meanwhile(kernel):
                await serve(create_app(kernel, origins=settings.origins), settings, listening)


async def _places(arguments: argparse.Namespace) -> None:
    try:
        content = arguments.file.read_bytes()
    except OSError:
        raise CannotStart(f"无法读取 {arguments.file}", f"cannot read {arguments.file}") from None
    rows = read_places(content)
    async with opened_register(_settings()) as kernel, operate(kernel, OPERATOR, "load_places") as work:
        work.acting_as(replace(OPERATOR, jurisdiction=Subtree(f"{rows[0].code[:6]}000000")))
        loaded = await load_places(work, rows)
    print(f"新增 {loaded.added}，修改 {loaded.changed}，未变 {loaded.unchanged}。", end=" ")
    print(f"Added {loaded.added}, changed {loaded.changed}, unchanged {loaded.unchanged}.")


async def _rotate_key(_: argparse.Namespace) -> None:
    settings = _settings()
    await rotate(settings, lambda progress: _tell_rotation(settings, progress))


def _tell_rotation(settings: Settings, progress: Progress) -> None:
    current = progress.key.current
    if progress.done == 0 and not progress.is_over:
        print(f"新密钥已写入 The new key stands in {settings.key_path}", flush=True)
    if sys.stderr.isatty():
        share = 1 if progress.is_over else min(1, progress.done / (progress.total or 1))
        print(f"\r[{'#' * int(share * 40):40}] {share:4.0%}", end="\n" * progress.is_over, file=sys.stderr, flush=True)
    if progress.is_over:
        print(f"完成：{progress.done} 行已归密钥 {current.number}（{current.suite}）。", end=" ")
        print(f"Done: {progress.done} rows are under key {current.number} ({current.suite}). Back up the key file now.")


async def _account(arguments: argparse.Namespace) -> None:
    async with opened_register(_settings()) as kernel, operate(kernel, OPERATOR, "first_administrator") as work:
        password = await first_administrator(work, arguments.district, arguments.username, arguments.name)
    print(f"初始密码（只显示这一次） Initial password, shown this once: {password}")


async def _reindex(_: argparse.Namespace) -> None:
    async with opened_register(_settings()) as kernel, operate(kernel, OPERATOR, "reindex") as work:
        written = await reindex(work)
    print(f"已重建 {written} 件案件的检索。 The search of {written} cases was written anew.")


async def _sweep_files(_: argparse.Namespace) -> None:
    async with opened_register(_settings()) as kernel, operate(kernel, OPERATOR, "sweep_files") as work:
        swept = await sweep_files(work)
    print(f"已清理 {swept} 个文件。 {swept} files were removed.")


async def _forms(arguments: argparse.Namespace) -> None:
    written = write_templates(arguments.folder)
    print(f"已写出 {written} 个模板。 {written} templates were written.")


async def _docs(arguments: argparse.Namespace) -> None:
    if not arguments.check:
        generated.write()
    elif stale := generated.outdated():
        names = ", ".join(path.name for path in stale)
        raise CannotStart(f"{names} 已过时，请运行 make docs", f"{names} not current: run make docs")
