# The dashboard in a container, as a server for visitors unless told otherwise:
#   docker build -t sgd-laboratory .
#   docker run --rm -p 8501:8501 sgd-laboratory
# docs/hosting.md says how to train in it, and what a proxy needs.
#
# For a newer base, `docker buildx imagetools inspect python:3.13-slim` says its digest.
FROM python:3.13.15-slim@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b

# The newest git of the base's own release: its fixes matter more here than its number.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends git \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 1000 visitor

# What DVC and git ask for of whoever runs them, whose number `docker run --user` may change to one without a name.
ENV HOME=/tmp USER=visitor

# The packages lie outside /app, so that a clone mounted there finds them.
ENV VIRTUAL_ENV=/opt/venv PATH=/opt/venv/bin:$PATH
COPY requirements-uv.txt requirements.txt /tmp/
RUN python -m venv /opt/venv \
    && pip install --no-cache-dir --require-hashes -r /tmp/requirements-uv.txt \
    && uv pip install --no-cache --require-hashes --compile-bytecode -r /tmp/requirements.txt

WORKDIR /app
COPY --chown=1000 . .
RUN python -m compileall -q pipeline dashboard && chown 1000 /app
USER 1000

# Within the container the server listens on every address; from outside only a port that is published leads there.
ENV SGD_READ_ONLY=1 STREAMLIT_SERVER_ADDRESS=0.0.0.0
EXPOSE 8501
VOLUME /app/data
STOPSIGNAL SIGINT
HEALTHCHECK --start-period=30s \
    CMD ["python", "-c", "import urllib.request as web; web.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=3)"]
CMD ["streamlit", "run", "dashboard"]
