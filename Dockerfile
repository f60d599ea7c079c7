# Node fetches the pinned styles and scripts; nothing of it goes into the image.
FROM node:24-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund --ignore-scripts

FROM python:3.13-slim AS python
ENV PATH=/opt/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
RUN python -m venv /opt/venv
COPY requirements/run.txt /tmp/run.txt
RUN pip install -q --no-cache-dir --no-deps --only-binary :all: --require-hashes -r /tmp/run.txt

# Styles and scripts, hashed and compressed, and the Welsh texts.
FROM python AS assets
WORKDIR /app
COPY . .
COPY --from=packages /app/node_modules node_modules
RUN mkdir -p .build/assets && export SECRET_KEY=read-by-the-settings-and-kept-nowhere \
    && python manage.py build_assets && python manage.py collectstatic --noinput -v 0

FROM python
RUN useradd --system --uid 10001 --no-create-home contacthub
WORKDIR /app
COPY . .
COPY --from=assets /app/.build/static .build/static
COPY --from=assets /app/.build/locale .build/locale
RUN mkdir .build/assets && install -d -o contacthub /data
ENV DATA_DIR=/data
USER contacthub
EXPOSE 8000
CMD ["gunicorn", "contacthub.wsgi", "--bind", "0.0.0.0:8000", "-w", "2", "-k", "gthread", "--threads", "4", "--no-control-socket", "--preload"]
