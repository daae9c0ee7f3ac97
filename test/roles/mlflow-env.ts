import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseYaml } from '../../src/load/yaml/yaml.ts'

const role = join(import.meta.dirname, '../../roles/mlflow-proxy')
export const template = join(role, 'templates/mlflow.env.j2')
const derived = parseYaml(readFileSync(join(role, 'vars/main.yml'), 'utf8'), 'vars').value as Readonly<
  Record<string, string>
>

/** Values as YAML writes them, and what the service is to see. */
export const values: readonly (readonly [yaml: string, seen: string])[] = [
  [`"postgresql://ml:o'brien\\x40db/ml"`, "postgresql://ml:o'brien@db/ml"],
  [`'say "hello"'`, 'say "hello"'],
  [`'C:\\temp\\new'`, 'C:\\temp\\new'],
  [`'ends with \\'`, 'ends with \\'],
  [`'\\"'`, '\\"'],
  [`'$HOME \${HOME} $(id) \`id\`'`, '$HOME ${HOME} $(id) `id`'],
  ['"two\\nlines"', 'two\nlines'],
  ['"ends with a line\\n"', 'ends with a line\n'],
  ['"a\\ttab"', 'a\ttab'],
  ['" blanks "', ' blanks '],
  [`'# no comment'`, '# no comment'],
  [`'; no comment'`, '; no comment'],
  [`'%n %%'`, '%n %%'],
  [`'a=b'`, 'a=b'],
  [`'!history'`, '!history'],
  ['ü😀', 'ü😀'],
  ['""', ''],
  ['null', ''],
  ['1.0', '1.0'],
  ['0', '0'],
  ['true', 'True'],
]

/** The role's variables with these values as V0, V1, ... */
export const variables = `vars:
  mlflow_server_backend_store_uri: "sqlite:////srv/it's.db"
  mlflow_server_artifacts_destination: /srv/a b
  mlflow_server_allowed_hosts: [a, b]
  mlflow_server_cors_origins: []
  mlflow_server_telemetry: false
  mlflow_server_jobs: true
  mlflow_proxy_metrics: true
  mlflow_server_s3: {}
  mlflow_server_home: /srv/mlflow
  mlflow_server_environment: ${JSON.stringify(derived['mlflow_server_environment'])}
  mlflow_server_env: { ${values.map(([yaml], i) => `V${i}: ${yaml}`).join(', ')} }
  mlflow_server_env_secret: { AWS_SECRET_ACCESS_KEY: "a'b" }`

/** What the service is to see, by name. */
export const seen: Readonly<Record<string, string>> = {
  ...Object.fromEntries(values.map(([, value], i) => [`V${i}`, value])),
  MLFLOW_BACKEND_STORE_URI: "sqlite:////srv/it's.db",
  MLFLOW_ARTIFACTS_DESTINATION: '/srv/a b',
  MLFLOW_SERVER_ALLOWED_HOSTS: 'a,b',
  MLFLOW_SERVER_CORS_ALLOWED_ORIGINS: '',
  DO_NOT_TRACK: 'true',
  MLFLOW_EXPOSE_PROMETHEUS: '/srv/mlflow/metrics',
  AWS_SECRET_ACCESS_KEY: "a'b",
}
