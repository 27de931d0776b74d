#!/bin/sh
# Makes .venv exactly what the locked requirements say; does nothing, in a few hundredths of a second, when it is so already.
#
#     scripts/environment.sh runtime    what `make run` and `make serve` need
#     scripts/environment.sh dev        that and the tools of `make test` and `make check`
#
# Stamps inside .venv say what it was made from: the lock files, the project's own metadata and the folder it was made in
# (an environment cannot be moved). They are taken away before a change and put back after it, so that an interrupted
# change, a moved or copied folder, a new lock or a Python that has gone all end in a new environment.
set -eu
cd "$(dirname "$0")/.."
kind=${1:-runtime}

stop() { # stop 中文 English
    printf '%s\n%s\n' "$1" "$2" >&2
    exit 1
}

fingerprint() {
    { pwd -P && cat "$@"; } | cksum
}

fits() { # fits STAMP FINGERPRINT
    [ -f ".venv/$1.stamp" ] && [ "$(cat ".venv/$1.stamp")" = "$2" ]
}

usable() {
    fits runtime "$runtime" && { fits dev "$dev" || [ ! -e .venv/dev.stamp ]; } &&
        .venv/bin/python -c '' 2>/dev/null && [ -x .venv/bin/tiaojie ]
}

wanted() {
    fits project "$project" && { [ "$kind" = runtime ] || fits dev "$dev"; }
}

find_python() {
    for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    stop "需要 Python 3.11 或更高版本：请安装后重试，或用 make PYTHON=/路径/python3.11 指定。" \
        "Python 3.11 or newer is needed: install it, or name it with make PYTHON=/path/to/python3.11."
}

make_new() {
    python=$(find_python)
    "$python" -c 'import ensurepip, venv' 2>/dev/null || stop \
        "这个 Python（$python）缺少 venv 模块：请先安装（Debian、Ubuntu：apt install python3-venv）再重试。" \
        "This Python ($python) lacks its venv module: install it (Debian, Ubuntu: apt install python3-venv) and try again."
    rm -rf .venv 2>/dev/null || stop \
        "无法更换 .venv：它属于别的用户，请由该用户执行 make clean，或把项目复制到自己的文件夹。" \
        "Cannot replace .venv, which belongs to another user: have them run make clean, or copy the project to a folder of yours."
    echo "正在准备运行环境，约需一分钟。 Preparing the environment, about a minute." >&2
    "$python" -m venv .venv >/dev/null 2>&1 || stop \
        "无法建立 .venv：请检查磁盘空间和写权限（只读文件夹请先复制到可写处）。" \
        "Cannot make .venv: check the free space and that this folder is writable (copy a read-only one elsewhere)."
    install --require-hashes -r requirements.txt
}

install() {
    # Wheels only: a source package would be built with tools that no hash vouches for. PIP_ONLY_BINARY= lifts this where
    # a processor has no wheels.
    PIP_ONLY_BINARY=${PIP_ONLY_BINARY-:all:} .venv/bin/python -m pip install --no-input --disable-pip-version-check \
        --quiet "$@" >.venv/install.log 2>&1 || {
        grep '^ERROR' .venv/install.log | tail -n 3 >&2 || true
        stop "安装依赖未成功：请检查网络、软件源和磁盘空间后重试；详见 .venv/install.log。" \
            "Installing the requirements failed: check the network, the package index and the free space, then try again; see .venv/install.log."
    }
}

# One at a time, where flock is there: a second terminal waits and then finds the work done.
if command -v flock >/dev/null; then exec 9<requirements.txt && flock 9 || true; fi

runtime=$(fingerprint requirements.txt)
dev=$(fingerprint requirements.txt requirements-dev.txt)
project=$(fingerprint pyproject.toml)

if usable && wanted; then
    exit 0
fi
[ -w . ] || stop \
    "文件夹不可写，无法准备运行环境：请把项目复制到可写的文件夹再重试。" \
    "This folder cannot be written, so the environment cannot be made: copy the project to a writable folder and try again."
usable || make_new
with_dev=$([ "$kind" = dev ] || [ -e .venv/dev.stamp ] && echo yes || true)
need_dev=$([ "$kind" = dev ] && ! fits dev "$dev" && echo yes || true)
rm -f .venv/*.stamp
if [ -n "$need_dev" ]; then
    echo "正在安装测试与检查工具。 Installing the tools of tests and checks." >&2
    install --require-hashes -r requirements-dev.txt
fi
install --no-deps --no-build-isolation --no-index --editable .
echo "$project" >.venv/project.stamp
[ -z "$with_dev" ] || echo "$dev" >.venv/dev.stamp
echo "$runtime" >.venv/runtime.stamp
