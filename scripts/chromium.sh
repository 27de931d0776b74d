#!/bin/sh
# Says where Chromium is. Where it or a Chinese font is missing and this is root on a Debian or Ubuntu, it is installed first.
#
#     CHROMIUM=/path/to/chrome scripts/chromium.sh    takes that one
set -eu

found() {
    for candidate in ${CHROMIUM:-chromium chromium-browser google-chrome}; do
        command -v "$candidate" && return
    done
    return 1
}

has_chinese() {
    command -v fc-list >/dev/null && [ -n "$(fc-list :lang=zh-cn family)" ]
}

if ! { found && has_chinese; } >/dev/null; then
    if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
        {
            apt-get update -qq
            DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium fontconfig fonts-noto-cjk
        } >&2
    fi
fi
if ! { found && has_chinese; } >/dev/null; then
    cat >&2 <<'END'
浏览器测试需要 Chromium 和中文字体：请安装（Debian：apt install chromium fontconfig fonts-noto-cjk），
或用 CHROMIUM=/路径/chrome 指定。
The browser tests need Chromium and a Chinese font: install them (Debian: apt install chromium fontconfig
fonts-noto-cjk), or name a browser with CHROMIUM=/path/to/chrome.
END
    exit 1
fi
found
