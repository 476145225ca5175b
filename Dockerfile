# Serves the dashboard. TensorFlow is not in it: the networks and measures are compiled files.
FROM python:3.13-slim

RUN useradd --create-home --uid 10001 penumbra
WORKDIR /app

COPY requirements-serve.txt .
RUN pip install --no-cache-dir --disable-pip-version-check -r requirements-serve.txt

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

# Decisions of the label audit are kept beside the app, studies on a volume.
RUN mkdir /studies && chown penumbra:penumbra /app /studies
ENV PENUMBRA_STUDIES=/studies
USER penumbra

# Each visitor has a thread, and glibc and Arrow keep memory for each: 15 MB less. OpenBLAS's own
# threads wait by spinning, which takes the processor from other visitors.
ENV MALLOC_ARENA_MAX=2 ARROW_DEFAULT_MEMORY_POOL=system OPENBLAS_NUM_THREADS=1
EXPOSE 8501
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=2)"]
CMD ["python", "-m", "streamlit", "run", "app.py", "--server.port=8501", "--server.address=0.0.0.0"]
