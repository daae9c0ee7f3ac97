"""Evaluates many templates as ansible-core does. JSON rows on stdin, a JSON list of answers on stdout."""

import datetime
import json
import sys
import warnings

warnings.simplefilter('ignore')

from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import init_plugin_loader
from ansible.template import Templar, trust_as_template

init_plugin_loader([])
loader = DataLoader()

NATIVE = (bool, int, float, str, list, tuple, dict, bytes, datetime.datetime, datetime.date)


def bare(value):
    """Ansible's tagged and lazy types as Python's own."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, dict):
        return {bare(key): bare(item) for key, item in value.items()}
    if isinstance(value, (list, set, frozenset)):
        return [bare(item) for item in value]
    if isinstance(value, tuple):
        return tuple(bare(item) for item in value)
    if isinstance(value, (datetime.datetime, datetime.date)):
        return str(value)
    for native in (int, float, str, bytes):
        if isinstance(value, native):
            return native(value)
    return str(value)


def trusted(value):
    if isinstance(value, str):
        return trust_as_template(value)
    if isinstance(value, list):
        return [trusted(item) for item in value]
    if isinstance(value, dict):
        return {key: trusted(item) for key, item in value.items()}
    return value


def kind_of(value):
    return 'NoneType' if value is None else next((t.__name__ for t in NATIVE if isinstance(value, t)), type(value).__name__)


templars = {}


def templar_for(row):
    """One for all rows with the same variables: reading them takes longer than a row."""
    key = json.dumps([row.get('vars'), row.get('facts')])
    if key not in templars:
        given = row.get('vars') or {}
        given = (loader.load(trust_as_template(given)) or {}) if isinstance(given, str) else trusted(given)
        templars[key] = Templar(loader, variables={**given, **(row.get('facts') or {})})
    return templars[key]


def evaluate(row):
    templar = templar_for(row)
    source = trust_as_template(row['expr'])
    match row.get('as', 'value'):
        case 'value':
            return templar.template(source)
        case 'expression':
            return templar.evaluate_expression(source)
        case 'condition':
            return templar.evaluate_conditional(source)
        case 'file':
            options = {'trim_blocks': True, 'lstrip_blocks': False, 'newline_sequence': '\n', **(row.get('overrides') or {})}
            made = templar.template(source, escape_backslashes=False, overrides=options)
            return '' if made is None else str(made)


def answer(row):
    try:
        found = evaluate(row)
        value = bare(found)
        return {'ok': True, 'type': kind_of(found), 'repr': repr(value), 'value': jsonable(value)}
    except RecursionError as error:
        return {'ok': False, 'error': str(error)}
    except Exception as error:
        return {'ok': False, 'error': f'{type(error).__name__}: {error}'}


def jsonable(value):
    if isinstance(value, dict):
        return {str(key): jsonable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [jsonable(item) for item in value]
    if isinstance(value, float) and (value != value or value in (float('inf'), float('-inf'))):
        return str(value)
    return value.decode('latin1') if isinstance(value, bytes) else value


rows = json.load(sys.stdin)
sys.stdout.write(json.dumps([answer(row) for row in rows]))
