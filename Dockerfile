# syntax=docker/dockerfile:1
FROM python:3.12-slim AS build
WORKDIR /app
COPY . .
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir '.[audio,postgres]'

FROM python:3.12-slim
RUN useradd --system --uid 10001 --create-home fairouz && install -d -o fairouz /var/lib/fairouz
COPY --from=build /venv /venv
COPY . /app
WORKDIR /app
USER fairouz
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 FAIROUZ_VAR=/var/lib/fairouz
VOLUME /var/lib/fairouz
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["python", "manage.py", "serve", "--host", "0.0.0.0"]
