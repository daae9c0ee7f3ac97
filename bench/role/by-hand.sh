set -e
export DEBIAN_FRONTEND=noninteractive
apt-get -qq update
apt-get -qq -y --no-install-recommends install nginx apache2-utils >/dev/null
mkdir -p /etc/nginx/auth
chown root:www-data /etc/nginx/auth
chmod 750 /etc/nginx/auth
cat >/etc/nginx/auth/app.htpasswd <<'X'
admin:$6$benchmarks$pRF86x1yl/5UWPTH8W.kCpVMPUDQGzC47E93V6bchVT1gbIOEnPxCUKAaRLMXxjZhXEEqKN6piHA9qCCuDko81
X
chown root:www-data /etc/nginx/auth/app.htpasswd
chmod 640 /etc/nginx/auth/app.htpasswd
cat >/etc/nginx/snippets/app-headers.conf <<'X'
add_header X-Content-Type-Options nosniff always;
add_header X-Frame-Options DENY always;
add_header Referrer-Policy no-referrer always;
X
cat >/etc/nginx/snippets/app-proxy.conf <<'X'
proxy_http_version 1.1;
proxy_set_header Host $host;
proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
proxy_set_header X-Forwarded-Proto $scheme;
proxy_read_timeout 60s;
proxy_pass http://127.0.0.1:5000;
X
echo 'limit_req_zone $binary_remote_addr zone=app:1m rate=10r/s;' >/etc/nginx/conf.d/app-limit.conf
cat >/etc/nginx/sites-available/app <<'X'
server {
    listen 8080;
    server_name _;
    auth_basic "app";
    auth_basic_user_file /etc/nginx/auth/app.htpasswd;
    limit_req zone=app burst=20 nodelay;
    include /etc/nginx/snippets/app-headers.conf;
    location / {
        include /etc/nginx/snippets/app-proxy.conf;
    }
    location = /ready {
        return 200 "ready\n";
    }
}
X
ln -sf /etc/nginx/sites-available/app /etc/nginx/sites-enabled/app
rm -f /etc/nginx/sites-enabled/default
nginx -t -q
systemctl enable --now -q nginx
systemctl reload nginx
