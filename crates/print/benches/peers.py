"""The same document through other programs, for the benchmark `papers`. Prints one JSON object: milliseconds per document and bytes
of one PDF for each program that is there; a program that is missing is left out.

usage: peers.py FORM.html FORM.docx DOCUMENTS FOLDER
"""

import base64
import json
import pathlib
import shutil
import statistics
import subprocess
import sys
import time
import urllib.request


def timed(action):
    start = time.perf_counter()
    result = action()
    return (time.perf_counter() - start) * 1000, result


def warm(action, documents):
    """The median of `documents` rounds after a first one that loads fonts and code."""
    action()
    rounds = [timed(action) for _ in range(documents)]
    return {"ms": statistics.median(took for took, _ in rounds), "bytes": len(rounds[-1][1])}


def weasyprint(html, documents):
    try:
        from weasyprint import HTML
    except ImportError:
        return None
    text = html.read_text(encoding="utf-8")
    return warm(lambda: HTML(string=text).write_pdf(), documents)


def chromium(html, documents, folder):
    driver = shutil.which("chromedriver")
    if driver is None:
        return None
    log = open(folder / "chromedriver.log", "w")
    program = subprocess.Popen([driver, "--port=0"], stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        port = next(line.rsplit(" ", 1)[1].strip(" .\n") for line in program.stdout if "started successfully on port" in line)
        base = f"http://127.0.0.1:{port}"

        def call(path, body):
            request = urllib.request.Request(
                base + path, json.dumps(body).encode(), {"Content-Type": "application/json"}, method="POST"
            )
            with urllib.request.urlopen(request, timeout=120) as answer:
                return json.load(answer)["value"]

        options = {"args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
                            "--disable-component-update", "--disable-sync", "--no-first-run",
                            f"--user-data-dir={folder / 'chromium'}"]}
        session = call("/session", {"capabilities": {"alwaysMatch": {"goog:chromeOptions": options}}})["sessionId"]

        def document():
            call(f"/session/{session}/url", {"url": html.as_uri()})
            return base64.b64decode(call(f"/session/{session}/print", {"background": True}))

        return warm(document, documents)
    finally:
        program.terminate()


def libreoffice(docx, documents, folder):
    if shutil.which("soffice") is None:
        return None
    files = []
    for number in range(documents):
        files.append(folder / f"copy-{number}.docx")
        shutil.copy(docx, files[-1])

    def convert(some):
        subprocess.run(
            ["soffice", f"-env:UserInstallation=file://{folder / 'office'}", "--headless", "--convert-to", "pdf",
             "--outdir", str(folder), *map(str, some)],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )

    convert(files[:1])
    took, _ = timed(lambda: convert(files))
    return {"ms": took / documents, "bytes": files[0].with_suffix(".pdf").stat().st_size}


def main():
    html, docx, folder = (pathlib.Path(sys.argv[place]).resolve() for place in (1, 2, 4))
    documents = int(sys.argv[3])
    found = {
        "WeasyPrint": weasyprint(html, documents),
        "Chromium": chromium(html, documents, folder),
        "LibreOffice": libreoffice(docx, documents, folder),
    }
    print(json.dumps({name: figures for name, figures in found.items() if figures}))


main()
