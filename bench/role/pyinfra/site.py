"""The role of the benchmarks for pyinfra: eleven operations, and a reload when one of the files changed."""

from pyinfra import host
from pyinfra.operations import apt, files, server, systemd

apt.packages(
    name="packages",
    packages=["nginx", "apache2-utils"],
    no_recommends=True,
    update=True,
    cache_time=86400,
)
files.directory(name="a folder for passwords", path="/etc/nginx/auth", user="root", group="www-data", mode="750")
changing = [
    files.template(
        name="a user",
        src="../templates/htpasswd.j2",
        dest="/etc/nginx/auth/app.htpasswd",
        user="root",
        group="www-data",
        mode="640",
        app_hash=host.data.app_hash,
    ),
    files.template(
        name="headers", src="../templates/headers.conf.j2", dest="/etc/nginx/snippets/app-headers.conf", mode="644"
    ),
    files.template(
        name="the way to the backend",
        src="../templates/proxy.conf.j2",
        dest="/etc/nginx/snippets/app-proxy.conf",
        mode="644",
        app_timeout=host.data.app_timeout,
        app_backend_port=host.data.app_backend_port,
    ),
    files.template(
        name="a rate limit",
        src="../templates/limit.conf.j2",
        dest="/etc/nginx/conf.d/app-limit.conf",
        mode="644",
        app_rate=host.data.app_rate,
    ),
    files.template(
        name="the site",
        src="../templates/site.conf.j2",
        dest="/etc/nginx/sites-available/app",
        mode="644",
        app_port=host.data.app_port,
    ),
    files.link(name="the site is on", path="/etc/nginx/sites-enabled/app", target="/etc/nginx/sites-available/app"),
    files.link(name="the default site is off", path="/etc/nginx/sites-enabled/default", present=False),
]
server.shell(name="nginx accepts its configuration", commands=["nginx -t"])
systemd.service(name="nginx runs", service="nginx", running=True, enabled=True)
systemd.service(
    name="reload nginx",
    service="nginx",
    reloaded=True,
    _if=lambda: any(operation.did_change() for operation in changing),
)
