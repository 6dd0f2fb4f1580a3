"""Asks a running chat one question a line: python examples/batch.py http://127.0.0.1:7860 < questions.txt."""

import sys

import httpx

for question in filter(None, map(str.strip, sys.stdin)):
    record = httpx.post(f"{sys.argv[1]}/api/ask", json={"question": question}, timeout=300).json()
    print(f"{question}\t{record['status']}\t{record['text']}")
