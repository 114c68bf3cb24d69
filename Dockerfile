# One image for every process. The command selects the process: api (the default), worker.py,
# migrate.py or codec_server.py.
ARG PYTHON_VERSION=3.11
ARG NODE_VERSION=24

FROM node:${NODE_VERSION}-slim AS web
WORKDIR /web
COPY web/.npmrc web/package.json web/package-lock.json ./
RUN npm ci --no-progress
COPY web ./
RUN npm run --silent build

FROM python:${PYTHON_VERSION}-slim AS build
WORKDIR /app
RUN python -m venv /venv
COPY requirements/model.txt requirements/model.txt
RUN /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements/model.txt
COPY activities activities
COPY api api
COPY copilot copilot
COPY db db
COPY domain domain
COPY notifications notifications
COPY observability observability
COPY payments payments
COPY pictures pictures
COPY rebuild rebuild
COPY settings settings
COPY temporal temporal
COPY workers workers
COPY workflows workflows
COPY codec_server.py health_check.py migrate.py retire_links.py worker.py ./
# The file system of a running container is read-only, so nothing can be compiled there.
RUN /venv/bin/python -m compileall -q .

FROM python:${PYTHON_VERSION}-slim
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="event-wizard" \
      org.opencontainers.image.description="An event-creation wizard whose every session is a durable Temporal workflow" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}"
COPY --from=build /venv /venv
COPY --from=build /app /app
COPY --from=web /web/dist /app/web/dist
# A volume that is mounted here gets this owner.
RUN install -d -o 10001 -g 10001 /var/lib/pictures
WORKDIR /app
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    API_HOST=0.0.0.0 \
    CODEC_HOST=0.0.0.0 \
    WORKER_READY_FILE=/tmp/worker-ready
# A numeric id: an orchestrator that refuses root (runAsNonRoot) cannot resolve a name.
USER 10001:10001
EXPOSE 8000 8200
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD ["python", "health_check.py", "api"]
CMD ["python", "-m", "api"]
