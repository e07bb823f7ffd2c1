# One image for serving and migrating: `docker run … serve` (the default) and `docker run … migrate`.
# Python's minor version is fixed here; the packages, with their hashes, in requirements.lock.

FROM python:3.13-slim AS packages
COPY requirements.lock .
# Wheels only: nothing is compiled, so nothing to compile with is needed. pip itself stays behind.
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --disable-pip-version-check \
      --only-binary=:all: --require-hashes -r requirements.lock \
 && /venv/bin/pip uninstall --quiet --yes pip

FROM python:3.13-slim
# For PDF: the layout of text in every script, and letters and emoji to lay out.
RUN apt-get update \
 && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
      fonts-noto-core fonts-noto-color-emoji \
 && rm -rf /var/lib/apt/lists/*
RUN groupadd --gid 10001 gateway \
 && useradd --uid 10001 --gid gateway --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin gateway
# Finished exports, which several containers share: mount a volume here, or name a bucket (EXPORT_S3_BUCKET).
RUN install --directory --owner=gateway --group=gateway --mode=0700 /data
COPY --from=packages /venv /venv
WORKDIR /gateway
COPY db db
COPY integrations integrations
COPY loaders loaders
COPY resolvers resolvers
COPY graphql_api graphql_api
COPY rest_shim rest_shim
COPY app app
RUN /venv/bin/python -m compileall -q .

ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    ENVIRONMENT=production \
    HOST=0.0.0.0 \
    DATA_DIR=/data \
    PORT=8000
USER gateway
EXPOSE 8000
# Ready means: the database answers and is migrated. No proxy stands between the process and itself.
HEALTHCHECK --interval=15s --timeout=5s --start-period=15s --retries=3 CMD ["python", "-c", "import os, urllib.request as u; u.build_opener(u.ProxyHandler({})).open('http://127.0.0.1:' + os.environ['PORT'] + '/health/ready', timeout=4)"]
ENTRYPOINT ["python", "-m", "app"]
CMD ["serve"]
