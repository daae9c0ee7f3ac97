"""Writes what each task came to as a line of JSON."""

import json
import os

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: record
type: stdout
short_description: one line of JSON for each result
description: one line of JSON for each result
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = 'stdout'
    CALLBACK_NAME = 'record'

    def write(self, record):
        with open(os.environ['MLPLAY_ORACLE_EVENTS'], 'a') as file:
            file.write(json.dumps(record, default=str) + '\n')

    def result(self, status, result, ignored=False):
        task = result._task
        given = json.loads(json.dumps(dict(result._result), default=str))
        self.write(
            {
                'task': task.get_name(),
                'action': task.action,
                'handler': type(task).__name__ == 'Handler',
                'host': result._host.get_name(),
                'status': 'ignored' if ignored else status,
                'result': given,
            }
        )

    def v2_runner_on_ok(self, result):
        self.result('changed' if result._result.get('changed') else 'ok', result)

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self.result('failed', result, ignore_errors)

    def v2_runner_on_skipped(self, result):
        self.result('skipped', result)

    def v2_runner_on_unreachable(self, result):
        self.result('unreachable', result)

    def v2_playbook_on_stats(self, stats):
        self.write({'stats': {host: stats.summarize(host) for host in sorted(stats.processed)}})
