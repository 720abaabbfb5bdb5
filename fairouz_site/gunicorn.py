"""How gunicorn serves the site. Each worker loads its own memory-mapped indexes after fork (no preload)."""

import os

worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 60
graceful_timeout = 30
keepalive = 5
errorlog = "-"
loglevel = "warning"
# One thread per query: more only fight over the cores.
raw_env = ["OMP_NUM_THREADS=1", "OPENBLAS_NUM_THREADS=1"]
