"""Espalier's surgery in one Java process that stays, asked line by line."""
import json
import os
import pathlib
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent


class Refused(Exception):
    """The one line that a user would get."""


class Crashed(Exception):
    """A defect: what no user may ever see."""


class Surgery:
    def __init__(self, log):
        cli = ROOT / "espalier-cli" / "target"
        path = os.environ.get("ZOO_CLASS_PATH", f"{cli}/test-classes:{cli}/lib/*")
        java = os.path.join(os.environ["JAVA_HOME"], "bin", "java") if "JAVA_HOME" in os.environ else "java"
        self.process = subprocess.Popen(
            [java, "-XX:+UseSerialGC", "-Xmx" + os.environ.get("ZOO_HEAP", "2g"), "-cp", path, "io.espalier.zoo.ZooServer"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True)

    def ask(self, op, model, **request):
        request = {k: str(v) if isinstance(v, pathlib.Path) else v for k, v in request.items()}
        self.process.stdin.write(json.dumps({"op": op, "model": model, **request}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise Crashed(f"the process ended at {op}, see the log")
        answer = json.loads(line)
        if "refused" in answer:
            raise Refused(answer["refused"])
        if "crashed" in answer:
            raise Crashed(answer["crashed"])
        return answer["ok"]

    def cpu_seconds(self):
        """Of this process and the surgery's: steadier than the clock on a busy machine. The clock where there is no /proc."""
        try:
            fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            return time.monotonic()
        return sum(os.times()[:2]) + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def close(self):
        self.process.stdin.close()
        self.process.wait()
