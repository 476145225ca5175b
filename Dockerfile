# The dashboard, without TensorFlow.
#   docker build -t penumbra . && docker run --rm -p 8501:8501 -v penumbra:/decisions penumbra
FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1

WORKDIR /app
COPY requirements-serve.txt .
RUN pip install --no-cache-dir --requirement requirements-serve.txt

RUN useradd --create-home --uid 10001 penumbra
COPY . .
USER penumbra

EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]
CMD ["python", "-m", "streamlit", "run", "app.py", "--server.address=0.0.0.0", "--server.port=8501"]
