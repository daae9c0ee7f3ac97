"""Runs many small playbooks with ansible-core, two at a time. JSON runs on stdin, a JSON list of results on stdout."""

import contextlib
import json
import os
import pathlib
import sys
import tempfile

scratch = tempfile.TemporaryDirectory(prefix='mlplay-oracle-')
os.environ.update(
    ANSIBLE_CALLBACK_PLUGINS=str(pathlib.Path(__file__).parent / 'callback'),
    ANSIBLE_STDOUT_CALLBACK='record',
    ANSIBLE_HOME=str(pathlib.Path(scratch.name) / 'home'),
    ANSIBLE_REMOTE_TEMP=str(pathlib.Path(scratch.name) / 'remote'),
    ANSIBLE_LOCALHOST_WARNING='false',
    ANSIBLE_NOCOLOR='1',
    ANSIBLE_RETRY_FILES_ENABLED='false',
    ANSIBLE_DEPRECATION_WARNINGS='false',
    ANSIBLE_PYTHON_INTERPRETER=sys.executable,
)

# Importing is most of the time of a short run: it is done once, and each run is a fork of this process.
from ansible.cli.playbook import PlaybookCLI
import ansible.executor.playbook_executor, ansible.executor.task_queue_manager, ansible.executor.module_common  # noqa: E401


def child(run, folder, events):
    os.chdir(folder)
    for name, text in run['files'].items():
        path = pathlib.Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    os.environ['MLPLAY_ORACLE_EVENTS'] = events
    os.environ.update(run.get('env') or {})
    said = os.open('said', os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for stream in (1, 2):
        os.dup2(said, stream)
    os.dup2(os.open('/dev/null', os.O_RDONLY), 0)
    args = ['ansible-playbook', '-i', run.get('inventory', 'localhost,'), *run.get('args', []), run.get('playbook', 'site.yml')]
    try:
        PlaybookCLI.cli_executor(args)
    except SystemExit as left:
        return int(left.code or 0)
    return 0


def start(run):
    folder = tempfile.mkdtemp(dir=scratch.name)
    pid = os.fork()
    if pid == 0:
        code = 250
        with contextlib.suppress(BaseException):
            code = child(run, folder, folder + '.events')
        os._exit(code)
    return pid, folder


def answer(run, folder, status):
    records = [json.loads(line) for line in read(folder + '.events').splitlines()]
    return {
        'exitCode': os.waitstatus_to_exitcode(status),
        'tasks': [record for record in records if 'task' in record],
        'stats': next((record['stats'] for record in records if 'stats' in record), {}),
        'output': read(os.path.join(folder, 'said')),
        'kept': {name: read(os.path.join(folder, name)) for name in run.get('keep', [])},
    }


def read(path):
    return pathlib.Path(path).read_text() if os.path.exists(path) else ''


AT_ONCE = 2
runs = json.load(sys.stdin)
answers = {}
waiting = list(enumerate(runs))
going = {}
while waiting or going:
    while waiting and len(going) < AT_ONCE:
        at, run = waiting.pop(0)
        pid, folder = start(run)
        going[pid] = (at, folder)
    pid, status = os.wait()
    at, folder = going.pop(pid)
    answers[at] = answer(runs[at], folder, status)
sys.stdout.write(json.dumps([answers[at] for at in range(len(runs))]))
