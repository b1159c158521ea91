"""The text of a PDF, as pdftotext of poppler finds it."""

import re
import shutil
import subprocess

import pytest


def text_of(content):
    """Return the text of a PDF; the test is skipped where pdftotext is not installed."""
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext (poppler-utils) is not installed")
    command = ["pdftotext", "-raw", "-", "-"]
    done = subprocess.run(command, input=content, capture_output=True, check=True)
    return done.stdout.decode()


def pages_of(content):
    """Return the text of each page without blanks."""
    return [squeezed(page) for page in text_of(content).split("\f")[:-1]]


def squeezed(text):
    return re.sub(r"[\s\u200b]+", "", text)
