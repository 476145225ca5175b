# Serves the dashboard. TensorFlow is not in it: the networks and measures are compiled files.
# BASE has Python 3.11, 3.12 or 3.13; BUILD_BASE has the same one, with pip and venv.
ARG BASE=python:3.13-slim
ARG BUILD_BASE=${BASE}

FROM ${BUILD_BASE} AS built
COPY requirements-serve.txt deploy/image/leave_out.sh deploy/image/left-out.txt /build/
RUN python3 -m venv --without-pip /opt/penumbra \
    && python3 -m pip --python /opt/penumbra/bin/python install --no-cache-dir --no-compile \
        --disable-pip-version-check -r /build/requirements-serve.txt \
    && sh /build/leave_out.sh /build/left-out.txt /opt/penumbra/lib/python3.*/site-packages
WORKDIR /app
COPY app.py navigation.py cli.py LICENSE ./
COPY .streamlit/config.toml .streamlit/config.toml
COPY commands commands
COPY core core
COPY data data
COPY examples examples
COPY models/artifacts models/artifacts
COPY pages pages
COPY penumbra penumbra
COPY static static
COPY ui ui
COPY deploy/image/open_every_page.py /build/
RUN HOME=/tmp PYTHONPATH=/app /opt/penumbra/bin/python /build/open_every_page.py \
    && mkdir /studies /decisions && chown 10001:10001 /studies /decisions

FROM ${BASE}
COPY --from=built /opt/penumbra /opt/penumbra
COPY --from=built /app /app
COPY --from=built /studies /studies
COPY --from=built /decisions /decisions
WORKDIR /app
# A number, so that Kubernetes sees that it is not root. It writes to /studies, /decisions and /tmp
# alone, and the root file system may be read-only.
USER 10001:10001
VOLUME ["/studies", "/decisions"]
ENV PATH=/opt/penumbra/bin:$PATH HOME=/tmp PYTHONDONTWRITEBYTECODE=1 \
    PENUMBRA_STUDIES=/studies PENUMBRA_DECISIONS=sqlite:////decisions/decisions.sqlite3
# Each visitor has a thread, and glibc and Arrow keep memory for each: 15 MB less. OpenBLAS's own
# threads wait by spinning, which takes the processor from other visitors. What arrays above 1 MB
# leave behind goes back to the system: 16 MB less after every page.
ENV MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=1048576 MALLOC_TRIM_THRESHOLD_=6291456 \
    ARROW_DEFAULT_MEMORY_POOL=system OPENBLAS_NUM_THREADS=1
EXPOSE 8501
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=2)"]
CMD ["python", "-m", "streamlit", "run", "app.py", "--server.port=8501", "--server.address=0.0.0.0"]
