# The bot as an image: hashed dependencies, wheels only, an unprivileged user, one folder that is written to.
# tests/dockerfile_steps.py runs these steps in an empty Debian root where there is no Docker.

FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ONLY_BINARY=:all:
WORKDIR /build
# The tools that build our wheel stay in this stage.
COPY requirements-build.lock requirements.lock ./
RUN python -m venv /opt/build \
    && /opt/build/bin/pip install --quiet --require-hashes -r requirements-build.lock
RUN python -m venv /opt/debrief \
    && /opt/debrief/bin/pip install --quiet --require-hashes -r requirements.lock
COPY . .
RUN /opt/build/bin/pip wheel --quiet --no-deps --no-build-isolation --wheel-dir /build/dist . \
    && /opt/debrief/bin/pip install --quiet --no-deps --no-index /build/dist/debrief-*.whl

FROM python:3.11-slim
# git: approved postmortems are committed to a repository.
RUN apt-get update -qq \
    && apt-get install -qq -y --no-install-recommends git \
    && rm -rf /var/lib/apt/lists/*
RUN groupadd --system --gid 10001 debrief \
    && useradd --system --uid 10001 --gid debrief --home-dir /var/lib/debrief --create-home debrief
COPY --from=build /opt/debrief /opt/debrief
ENV PATH=/opt/debrief/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONUNBUFFERED=1 \
    DEBRIEF_DATABASE_URL=sqlite:////var/lib/debrief/debrief.db \
    DEBRIEF_KEY_FILE=/var/lib/debrief/debrief.key \
    DEBRIEF_HTTP_HOST=0.0.0.0 \
    DEBRIEF_HTTP_PORT=8080
WORKDIR /var/lib/debrief
USER debrief
VOLUME ["/var/lib/debrief"]
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ['DEBRIEF_HTTP_PORT'] + '/healthz', timeout=4)"]
CMD ["debrief", "serve"]
