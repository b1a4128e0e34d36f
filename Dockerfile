# Production image: the portal's three processes (web, worker, beat). Built by docker compose, see docs/operations.md.
FROM python:3.13-slim-bookworm AS base
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DJANGO_SETTINGS_MODULE=iprof.settings.prod
# What WeasyPrint draws the PDFs with; what the headings of scanned pages are read with.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
       tesseract-ocr tesseract-ocr-fra \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /srv/iprof

FROM base AS build
COPY requirements-prod.txt .
RUN python -m venv /opt/venv && /opt/venv/bin/pip install --no-cache-dir --require-hashes --no-deps -r requirements-prod.txt
COPY . .
# Style sheets and scripts are hashed and compressed once, here. The keys only have to be there: nothing is signed.
RUN SECRET_KEY=build-only NUMEN_KEY=build-only LOOKUP_KEY=build-only JOURNAL_KEY=build-only ALLOWED_HOSTS=localhost \
    /opt/venv/bin/python manage.py collectstatic --noinput --verbosity 0 \
    -i analytics -i component -i core -i layout -i legacy -i scheme -i utility -i "dsfr/dist/dsfr/*" \
    -i dsfr.min.css -i dsfr.legacy.min.css -i dsfr.print.min.css -i "dsfr.*module.min.js"

FROM base AS portal
RUN useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin iprof
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv/iprof /srv/iprof
RUN install -d -o iprof /srv/status && install -d -m 700 -o iprof /srv/documents
# The file system is read-only save /tmp: the cache of fonts goes there.
ENV PATH=/opt/venv/bin:$PATH XDG_CACHE_HOME=/tmp
USER iprof
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s --retries=3 CMD ["python", "deploy/healthcheck.py"]
CMD ["gunicorn", "iprof.wsgi:application", "--bind", "0.0.0.0:8000", "--worker-tmp-dir", "/dev/shm", \
     "--max-requests", "5000", "--max-requests-jitter", "500", "--no-control-socket"]

# A relay that accepts mail from the portal alone, keeps it on its own volume and hands it to the académie's server.
FROM debian:bookworm-slim AS mail
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends postfix ca-certificates \
    && rm -rf /var/lib/apt/lists/*
COPY deploy/mail.sh /usr/local/bin/mail.sh
EXPOSE 25
HEALTHCHECK --interval=30s --timeout=5s CMD ["postfix", "status"]
CMD ["sh", "/usr/local/bin/mail.sh"]
