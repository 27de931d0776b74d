# syntax=docker/dockerfile:1
# The service alone: built in one stage, run in another as a user who may write nothing but /var/lib/tiaojie.
ARG PYTHON=3.13

FROM python:${PYTHON}-slim AS build
WORKDIR /srv/tiaojie
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ONLY_BINARY=:all:
COPY requirements.txt ./
RUN python -m venv .venv && .venv/bin/pip install --require-hashes -r requirements.txt
COPY pyproject.toml alembic.ini ./
COPY migrations migrations
COPY app app
RUN .venv/bin/pip install --no-deps --no-build-isolation --no-index --editable . \
    && .venv/bin/python -m compileall -q app migrations

FROM python:${PYTHON}-slim
WORKDIR /srv/tiaojie
RUN groupadd --gid 10001 tiaojie \
    && useradd --uid 10001 --gid tiaojie --no-create-home --home-dir /var/lib/tiaojie tiaojie \
    && install -d -o tiaojie -g tiaojie -m 0700 /var/lib/tiaojie
COPY --from=build /srv/tiaojie /srv/tiaojie
ENV PATH=/srv/tiaojie/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONUTF8=1 \
    TIAOJIE_HOST=0.0.0.0 \
    TIAOJIE_PORT=8000 \
    TIAOJIE_DATABASE_URL=sqlite+aiosqlite:////var/lib/tiaojie/tiaojie.db \
    TIAOJIE_FILES=/var/lib/tiaojie/files \
    TIAOJIE_KEY_FILE=/var/lib/tiaojie/tiaojie.key
USER tiaojie
VOLUME /var/lib/tiaojie
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"TIAOJIE_PORT\"]}/healthz', timeout=4)"]
CMD ["tiaojie", "serve"]
