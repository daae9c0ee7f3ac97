// The blocks that no test can run, or not as a whole, and why. A block that is no longer there, or that is covered by now, fails.

/** By `page: first line`. */
export const notRun: Readonly<Record<string, string>> = {
  'docs/output.md: changed      site configuration  472 ok, 28 changed': 'output: test/report/fleet.test.ts tells it',
  'docs/rollouts.md: warning: the run stops here: in batch 2 of 3, 1 of 5 hosts failed or were unreachable (web4); 14 hosts were not touched: web7, web8, ...':
    'output: the lines of tests of a rollout',
  'docs/task-types.md: fact NAME VALUE          # one value; the same NAME again makes a list':
    'functions of a probe: the conformance suite runs them',
  'docs/role-mlflow-proxy.md: cd /srv/mlflow && docker compose up -d': 'needs docker compose and an image',
  'docs/role-mlflow-proxy.md: GOBIN="$PWD/programs" go install github.com/oauth2-proxy/oauth2-proxy/v7@v7.15.6':
    'needs Go and the network',
  'docs/role-mlflow-proxy.md: export MLFLOW_TRACKING_URI=https://mlflow.example.com/mlflow':
    'needs an account at a provider',
  'docs/role-mlflow-proxy.md: curl -u admin https://mlflow.example.com/mlflow/api/2.0/mlflow/users/create \\':
    'needs a running MLflow',
  'docs/role-mlflow-proxy.md: certbot renew --dry-run --cert-name mlplay-mlflow': 'needs a certificate of a CA',
  'docs/role-mlflow-proxy.md: MLFLOW_TRACKING_URI=https://mlflow.example.com/mlflow MLFLOW_TRACKING_CLIENT_CERT_PATH=machine.pem python train.py':
    'needs a running MLflow and a certificate',
  'docs/role-mlflow-proxy.md: curl -u prometheus:PASSWORD http://localhost:8080/mlflow/metrics':
    'needs a running MLflow',
  "docs/role-mlflow-proxy.md: jq -r 'select(.status >= 500) | [.time, .user, .request] | @tsv' /var/log/nginx/mlflow-access.log":
    'needs jq and a log',
  'docs/role-mlflow-proxy.md: fail2ban-client status mlplay-mlflow': 'needs fail2ban',
  'docs/role-mlflow-proxy.md: docker run -d --restart unless-stopped --publish 127.0.0.1:5000:5000 --volume mlflow:/data \\':
    'needs docker and an image; its command of mlplay is run',
}
